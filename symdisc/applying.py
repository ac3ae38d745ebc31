"""A result put to use on new data: read like those of the run, moved, and written to a file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.configuration import DataOptions, flatten, resolve
from symdisc.data.reading import FORMATS, Format
from symdisc.data.samples import Samples
from symdisc.data.selection import COLUMN_NAMES, KEY_NAMES
from symdisc.discrete_action import chosen_component, elements_of, random_components
from symdisc.errors import DataError, OptionError, OutputError
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult
from symdisc.result_action import (
    Coefficients,
    act,
    act_on_targets,
    coefficient_row,
    random_coefficients,
)
from symdisc.sources import Source, find_source, load_samples, suggestions
from symdisc.writing import writing


def _addresses(names: Iterable[str]) -> set[str]:
    return {f"data.{name}" for name in names}


_MOST_NAMES = 8
_HOW_DATA_ARE_READ = _addresses(("window", *KEY_NAMES, *COLUMN_NAMES))


@dataclass(frozen=True)
class Moved:
    """Samples after the action of a group element.

    Attributes:
        states: ``(N, size)`` rows or ``(N, steps, size)`` windows, float32.
        targets: ``(N, m)`` float32 or ``(N,)`` class labels, moved where they transform; or
            ``None``.
        coefficients: ``(N, k)`` float64: z of each sample, in exp(Σ z_i L_i) h.
        components: ``(N,)`` int64: the number of h in the discrete part of the result, or
            ``None`` where there is one component.
        description: How states and targets transform, names and units, as an ``.npz`` file says
            it (see :mod:`symdisc.data.readers.described`).
    """

    states: NDArray[np.float32]
    targets: NDArray[np.float32] | NDArray[np.int64] | None
    coefficients: NDArray[np.float64]
    components: NDArray[np.int64] | None
    description: Mapping[str, str | tuple[str, ...]]

    def write(self, path: Path) -> None:
        """Write an ``.npz`` file with what is there, which the readers read.

        Raises:
            OutputError: The file exists already or cannot be written.
        """
        arrays: dict[str, Any] = {"states": self.states, "coefficients": self.coefficients}
        arrays |= {name: np.array(text, np.str_) for name, text in self.description.items()}
        if self.components is not None:
            arrays["components"] = self.components
        if self.targets is not None:
            arrays["targets"] = self.targets
        with writing(path):
            try:
                file = path.open("xb")
            except FileExistsError:
                raise OutputError(
                    f"{path} exists already and nothing is ever overwritten; name another file "
                    "with --out, or remove it first"
                ) from None
            try:
                with file:
                    np.savez(file, **arrays)
            except BaseException:
                with contextlib.suppress(OSError):
                    path.unlink()
                raise


def read_like(
    host: PluginHost,
    result: SymmetryResult,
    data: object,
    options: Mapping[str, Any] | None = None,
) -> Samples:
    """:func:`read_again`, of the kind that the result acts on.

    Raises:
        OptionError: Lists every option that has no use here, and every wrong one.
        DataError: The data cannot be read, or are not of the kind that the result acts on.
    """
    samples = read_again(host, result, data, options)
    check_kind(result, samples)
    return samples


def read_again(
    host: PluginHost,
    result: SymmetryResult,
    data: object,
    options: Mapping[str, Any] | None = None,
) -> Samples:
    """Read data with the data options of the run that made the result.

    What these choose by name in another form of data is passed over where the new data have no
    such names. A single state is enough.

    Args:
        host: The plugins to choose from.
        result: What was found.
        data: A data set's name, a file or arrays.
        options: Settings ``data.NAME`` and ``dataset.NAME``, stronger than those of the run.

    Raises:
        OptionError: Lists every option that has no use here, and every wrong one.
        DataError: The data cannot be read.
    """
    options = options or {}
    _check_options(options)
    source = find_source(host, data)
    of_run = {
        address: value
        for address, value in flatten(result.config).items()
        if address in _HOW_DATA_ARE_READ - _without_use(source)
    }
    settings = resolve(
        host, of_run, source.layer, options, short={}, suggested=suggestions(host, source)
    )
    return load_samples(source, settings, to_search=False)


def _check_options(options: Mapping[str, Any]) -> None:
    fixed = _addresses(DataOptions.model_fields) - _HOW_DATA_ARE_READ
    problems = [
        f"option {address!r} has no use here; how data are read is set by data.NAME, what a data "
        "set makes by dataset.NAME"
        for address in options
        if address.partition(".")[0] not in ("data", "dataset") or "." not in address
    ]
    problems += [
        f"option {address!r} has no use here: the result acts as its run was told to"
        for address in options
        if address in fixed
    ]
    if problems:
        raise OptionError("\n".join(problems))


def _without_use(source: Source) -> set[str]:
    """Options that choose by name what the data do not have by name."""
    if source.dataset is None and not isinstance(source.content, Path):
        return set()
    suffix = source.content.suffix.lower() if source.dataset is None else ""
    form = FORMATS.get(suffix, Format(""))
    keys = set() if form.has_keys else _addresses(KEY_NAMES)
    return keys | (set() if form.has_columns else _addresses(COLUMN_NAMES))


def check_kind(result: SymmetryResult, samples: Samples) -> None:
    """Refuse samples that the result does not act on.

    Raises:
        DataError: Lists what differs, with both sides.
    """
    problems = []
    size, given = result.representation.size, samples.representation
    if given.grid is not None and result.representation.grid is None and result.latent is None:
        raise DataError(
            f"{samples.source} holds pictures ('{given}'), but the run tells of parts of them "
            f"('{result.representation}'); whole pictures are not moved by what it found"
        )
    if samples.size != size:
        problems.append(
            f"a state of {samples.source} has {samples.size} coordinates"
            f"{_listed(samples.names)}, the generators act on {size}{_listed(result.names)}"
        )
    elif samples.names and result.names and samples.names != result.names:
        problems.append(
            f"the coordinates of {samples.source} are {', '.join(samples.names)}, those of the "
            f"run are {', '.join(result.names)}"
        )
    form, targets = result.target_representation, samples.float_targets
    if form is not None and form.n_vectors and targets is None:
        problems.append(
            f"targets of the run transform as '{form}', but {samples.source} has no number targets"
        )
    elif form is not None and targets is not None and targets.shape[1] != form.size:
        problems.append(
            f"targets of {samples.source} have {targets.shape[1]} coordinates, those of the run "
            f"{form.size} ('{form}')"
        )
    if problems:
        raise DataError("\n".join(problems))


def move_alike(
    result: SymmetryResult, samples: Samples, t: Coefficients | None, component: int | None = None
) -> Moved:
    """Move every sample by the same group element.

    Args:
        result: What was found.
        samples: What is moved.
        t: One coefficient for each generator; see :meth:`SymmetryResult.transform`.
        component: Number of a component; see there.

    Raises:
        DataError: There is not one coefficient for each generator, or no such component.
    """
    row = coefficient_row(result, t)
    components = torch.full((len(samples),), chosen_component(result, component))
    return _moved(result, samples, row.expand(len(samples), -1), components)


def move_at_random(result: SymmetryResult, samples: Samples, scale: float, seed: int) -> Moved:
    """Move every sample by a random group element of its own, as ``augment`` does.

    Args:
        result: What was found.
        samples: What is moved.
        scale: Standard deviation of the coefficients [1].
        seed: Seed of the random numbers.
    """
    coefficients = random_coefficients(result, len(samples), scale, seed)
    return _moved(result, samples, coefficients, random_components(result, len(samples), seed))


def _moved(
    result: SymmetryResult, samples: Samples, coefficients: Tensor, components: Tensor | None
) -> Moved:
    h = elements_of(result, components)
    states = act(result, coefficients, samples.states.double(), h).float()
    targets = samples.targets
    if targets is not None and targets.is_floating_point():
        targets = act_on_targets(result, coefficients, targets.double(), len(samples), h).float()
    rows = states.squeeze(1) if samples.steps == 1 else states
    return Moved(
        rows.numpy(),
        None if targets is None else targets.numpy(),
        coefficients.to(torch.float64).contiguous().numpy(),
        None if h is None or components is None else components.numpy(),
        _description(result, samples),
    )


def _description(result: SymmetryResult, samples: Samples) -> dict[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {
        "representation": str(result.representation),
        "names": samples.names,
        "units": samples.units,
    }
    if result.target_representation is not None and samples.float_targets is not None:
        found["target_representation"] = str(result.target_representation)
    return found


def _listed(names: tuple[str, ...]) -> str:
    shown = [*names[:_MOST_NAMES], "..."] if len(names) > _MOST_NAMES else names
    return f" ({', '.join(shown)})" if shown else ""
