"""Results on disk: tensors in safetensors, everything else in JSON, no pickle."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

import symdisc
from symdisc.discrete_io import discrete_content, discrete_tensors, read_discrete
from symdisc.errors import DataError, OutputError
from symdisc.field_io import field_content, field_tensors, read_fields
from symdisc.fields.defect_spectrum import DefectSpectrum
from symdisc.latent_io import latent_content, latent_tensors, read_latent
from symdisc.registry import PluginHost
from symdisc.representations import Representation
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent_figures import LatentFigures
from symdisc.verify.support_range import SupportRange
from symdisc.verify.verdict import Verdict
from symdisc.verify.verification import Verification

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

FORMAT_VERSION = 4
"""Counts up when older versions of symdisc can no longer read what this one writes."""

_FIRST_WITH_VERDICTS = 3

TENSORS = ("generators", "seed_generators", "mask", "preview")
OPTIONAL_TENSORS = ("truth", "centre", "scales", "target_generators")
TENSOR_FILE = "tensors.safetensors"
JSON_FILE = "result.json"


def save_result(result: SymmetryResult, folder: Path) -> Path:
    """Write a result into a new folder, whole or not at all.

    Raises:
        OutputError: The folder exists already or cannot be written.
    """
    if folder.exists():
        raise OutputError(
            f"{folder} exists already and nothing is ever overwritten; "
            "name another folder, or remove it first"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _cannot_write(folder, error) from None
    try:
        _write(result, scratch)
        scratch.chmod(0o755)
        scratch.rename(folder)
    except (OSError, SafetensorError) as error:
        raise _cannot_write(folder, error) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def load_result(path: Path, host: PluginHost | None = None) -> SymmetryResult:
    """Read a result.

    Args:
        path: Folder of a result, or of a run that has one in ``result/``.
        host: Where its encoder is looked up once it is needed; ``None``: among all plugins.

    Raises:
        DataError: There is no result, it is damaged, or a newer symdisc wrote it.
    """
    folder = path / "result" if (path / "result").is_dir() else path
    if not folder.is_dir():
        raise DataError(f"{path} is not a folder; give a run folder or a folder of `result.save`")
    content = _read_json(folder / JSON_FILE)
    _check_version(content, folder)
    tensors = _read_tensors(folder / TENSOR_FILE)
    from symdisc.result import SymmetryResult

    try:
        values = _fields(content, tensors, host)
        _check_shapes(values)
        return SymmetryResult(**values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(f"the result in {folder} is damaged ({reason}); run it again") from None


def _write(result: SymmetryResult, folder: Path) -> None:
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    tensors = {name: values.pop(name) for name in (*TENSORS, *OPTIONAL_TENSORS)}
    # Copies, because safetensors refuses tensors that share memory.
    kept = {
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
        if tensor is not None
    }
    kept |= latent_tensors(result.latent) | field_tensors(result.fields)
    kept |= discrete_tensors(result.discrete)
    save_file(kept, folder / TENSOR_FILE)
    content = {"format_version": FORMAT_VERSION, "symdisc_version": symdisc.__version__, **values}
    content["representation"] = str(result.representation)
    content["latent"] = latent_content(result.latent)
    content["fields"] = field_content(result.fields)
    content["discrete"] = _with_null(discrete_content(result.discrete))
    if result.target_representation is not None:
        content["target_representation"] = str(result.target_representation)
    for name in ("verification", "support", "latent_figures", "spectrum"):
        part = content[name]
        content[name] = None if part is None else _with_null(asdict(part))
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    (folder / JSON_FILE).write_text(text + "\n", encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{path.parent} holds no result: {path.name} is missing; give a run folder or a "
            "folder of `result.save`"
        ) from None
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path}: {_one_line(error)}; run it again") from None
    if not isinstance(content, dict) or "format_version" not in content:
        raise DataError(f"{path} is not a result of symdisc: it has no format_version")
    return content


def _check_version(content: Mapping[str, Any], folder: Path) -> None:
    given = content["format_version"]
    if not isinstance(given, int) or given > FORMAT_VERSION:
        writer = content.get("symdisc_version", "unknown")
        raise DataError(
            f"the result in {folder} has format {given}, written by symdisc {writer}; this is "
            f"symdisc {symdisc.__version__}, which reads formats up to {FORMAT_VERSION}; "
            f"install symdisc {writer} or newer"
        )


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except FileNotFoundError:
        raise DataError(
            f"the result in {path.parent} is incomplete: {path.name} is missing; run it again"
        ) from None
    except (OSError, SafetensorError, ValueError) as error:
        raise DataError(f"cannot read {path}: {_one_line(error)}; run it again") from None


def _fields(
    content: Mapping[str, Any], tensors: Mapping[str, Tensor], host: PluginHost | None
) -> dict[str, Any]:
    left_out = ("format_version", "symdisc_version", "defects")
    values = {k: v for k, v in content.items() if k not in left_out}
    target, blocks = values["target_representation"], values["blocks"]
    figures, spectrum = values.get("latent_figures"), values.get("spectrum")
    return {
        **values,
        **{name: tensors[name] for name in TENSORS},
        **{name: tensors.get(name) for name in OPTIONAL_TENSORS},
        "representation": Representation.parse(values["representation"]),
        "target_representation": None if target is None else Representation.parse(target),
        "verification": _verification(content),
        "support": _support(values.get("support")),
        "latent": read_latent(values.get("latent"), tensors, host),
        "fields": read_fields(values.get("fields"), tensors),
        "discrete": read_discrete(values.get("discrete"), tensors),
        "spectrum": None if spectrum is None else DefectSpectrum.from_saved(spectrum),
        "latent_figures": None if figures is None else LatentFigures.from_saved(figures),
        "blocks": None if blocks is None else tuple(tuple(block) for block in blocks),
        "failed": {int(seed): reason for seed, reason in values["failed"].items()},
        **{
            name: tuple(values[name])
            for name in ("seeds", "in_consensus", "names", "units", "notes")
        },
    }


def _check_shapes(values: Mapping[str, Any]) -> None:
    latent, preview = values["latent"], values["preview"]
    n = (values["representation"] if latent is None else latent.representation).dimension
    members = len(values["seeds"])
    seed_generators = values["seed_generators"]
    centre, scales = values["centre"], values["scales"]
    discrete = values["discrete"]
    fits = (
        values["generators"].shape[1:] == (n, n)
        and seed_generators.shape[:1] + seed_generators.shape[2:] == (members, n, n)
        and len(values["in_consensus"]) == members
        and values["mask"].shape == (n, n)
        and preview.shape[2:] == (values["representation"].size,)
        and (centre is None or centre.shape == (values["representation"].size,))
        and (scales is None or scales.shape == (n,))
        and (latent is None or latent.codes.shape[:2] == preview.shape[:2])
        and (discrete is None or discrete.representatives.shape[1:] == (n, n))
    )
    if not fits:
        raise ValueError("the shapes of its tensors contradict each other")


def _cannot_write(folder: Path, error: Exception) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) else _one_line(error)
    return OutputError(f"cannot write the result to {folder}: {reason}; name a writable place")


def _verification(content: Mapping[str, Any]) -> Verification | None:
    if content["format_version"] < _FIRST_WITH_VERDICTS:
        # Earlier versions saved relative defects only; they are judged by the usual limits.
        defects = [_defect(defect) for defect in content["defects"]]
        return Verification.of(defects, DefectOptions()) if defects else None
    return _saved_verification(content["verification"])


def _saved_verification(saved: Mapping[str, Any] | None) -> Verification | None:
    if saved is None:
        return None
    return Verification(
        **{
            **saved,
            **{name: tuple(map(_defect, saved[name])) for name in ("defects", "elements")},
            "references": tuple(saved["references"]),
            "verdicts": tuple(Verdict(**verdict) for verdict in saved["verdicts"]),
            "overall": Verdict(**saved["overall"]),
            "beside": _saved_verification(saved.get("beside")),
        }
    )


def _defect(content: Mapping[str, Any]) -> RelativeDefect:
    return RelativeDefect(**_with_nan(content))


def _support(content: Mapping[str, Any] | None) -> SupportRange | None:
    return None if content is None else SupportRange(**_with_nan(content))


def _with_nan(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: math.nan if value is None else value for name, value in content.items()}


def _with_null(value: Any) -> Any:
    """JSON has no word for "not a number"; null says "no value"."""
    if isinstance(value, dict):
        return {name: _with_null(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_null(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else str(value)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
