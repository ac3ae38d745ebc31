"""Checkpoints on disk: one safetensors file, written whole or not at all, without pickle.

Tensors are stored as they are, everything else as JSON in the header of the same file. JSON
writes a float so that reading it gives the same bits.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

import symdisc
from symdisc.errors import DataError
from symdisc.writing import writing

FORMAT_VERSION = 1
"""Counts up whenever a run can no longer be continued from what an older symdisc wrote."""

Tree = dict[str, Any]
"""Nested mappings with text keys, lists, tensors, numbers, text and ``None``."""

_TENSOR = "tensor of this file"


def write_checkpoint(path: Path, tree: Mapping[str, Any]) -> None:
    """Write a checkpoint; an earlier one is replaced only once the new one is on the disk.

    Args:
        path: The file.
        tree: What to store.

    Raises:
        OutputError: The file cannot be written, for instance because the disk is full.
    """
    tensors: dict[str, Tensor] = {}
    content = _without_tensors(tree, tensors)
    header = {
        "format_version": str(FORMAT_VERSION),
        "symdisc_version": symdisc.__version__,
        "content": json.dumps(content),
    }
    scratch = path.with_name(path.name + ".new")
    with writing(path):
        try:
            _write_through(scratch, save(tensors, metadata=header))
            scratch.replace(path)
            _sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                scratch.unlink()
            raise


def read_checkpoint(path: Path) -> Tree:
    """Read a checkpoint back; all tensors are on the CPU.

    Raises:
        DataError: It is damaged, or of a format that this symdisc does not continue.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            _check_version(header, path)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        tree: Tree = _with_tensors(json.loads(header["content"]), tensors)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
        if isinstance(error, DataError):
            raise
        reason = " ".join(str(error).split())
        raise DataError(
            f"cannot read the checkpoint {path}: {reason}; start the run anew"
        ) from None
    return tree


def _check_version(header: Mapping[str, str], path: Path) -> None:
    given, writer = header.get("format_version"), header.get("symdisc_version", "unknown")
    if given is None:
        raise DataError(f"{path} is not a checkpoint of symdisc: it has no format_version")
    if given != str(FORMAT_VERSION):
        raise DataError(
            f"the checkpoint {path} has format {given}, written by symdisc {writer}; this is "
            f"symdisc {symdisc.__version__}, which continues format {FORMAT_VERSION} only; "
            f"install symdisc {writer} to continue this run"
        )


def _without_tensors(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, Tensor):
        name = f"t{len(tensors)}"
        # Copies, because safetensors refuses tensors that share memory.
        kept = value.detach().cpu().clone(memory_format=torch.contiguous_format)
        tensors[name] = kept
        return {_TENSOR: name}
    if isinstance(value, Mapping):
        return {key: _without_tensors(inner, tensors) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_tensors(inner, tensors) for inner in value]
    return value


def _with_tensors(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_TENSOR}:
            return tensors[value[_TENSOR]]
        return {key: _with_tensors(inner, tensors) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_tensors(inner, tensors) for inner in value]
    return value


def _write_through(path: Path, content: bytes) -> None:
    """Write and wait until the content is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Wait until the new name is on the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
