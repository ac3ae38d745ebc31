"""Checks: everything that is wrong with the data, collected in one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.problems import raise_all
from symdisc.data.targets import Targets, read_targets
from symdisc.data.windows import short_trajectories

MIN_SAMPLES = 10
"""Fewest samples (rows or windows) that are split into train, validation and held-out parts."""

_SHOWN = 3
_REFUSED_KINDS = {
    "b": "true/false values; convert them with .astype(int) if they are meant as numbers",
    "c": "complex numbers; pass real and imaginary parts as separate coordinates",
    "m": "time spans; convert them to numbers",
    "M": "dates; convert them to numbers",
    "O": "Python objects; convert them to numbers (for trajectories of unequal length pass a "
    "list of arrays)",
    "S": "text; convert it to numbers",
    "T": "text; convert it to numbers",
    "U": "text; convert it to numbers",
    "V": "records with named fields; pass one plain column for each coordinate",
}


@dataclass(frozen=True)
class Checked:
    """States and targets that passed every check; no memory is shared with what was given.

    Attributes:
        states: ``(M, size)`` float32, all trajectories one after the other.
        lengths: ``(n,)`` how many of these states belong to each trajectory.
        targets: ``(N, m)`` float32 or ``(N,)`` int64 labels, or ``None``.
    """

    states: NDArray[np.float32]
    lengths: NDArray[np.int64]
    targets: Targets | None


def check(
    given: Given,
    steps: int,
    names: tuple[str, ...],
    problems: list[str],
    to_search: bool = True,
) -> Checked:
    """Check what was read and convert it to float32.

    A trajectory shorter than ``steps`` is an error, also where others are long enough: nothing
    is dropped silently.

    Args:
        given: What was read.
        steps: States in one sample.
        names: Names of the coordinates for messages; may be empty.
        problems: Problems found before; reported together with those found here.
        to_search: Whether a symmetry is sought in the data: then they must be many and differ.

    Raises:
        DataError: Lists every problem found.
    """
    found = shape_problems(given)
    n_rows = len(given.arrays[0]) if given.is_rows and not found else None
    targets, target_problems = read_targets(given, n_rows, to_search)
    states, lengths = np.empty((0, 0), np.float32), np.empty(0, np.int64)
    if not found:
        lengths = np.array([len(array) for array in given.arrays], dtype=np.int64)
        one = len(given.arrays) == 1
        values = given.arrays[0] if one else np.concatenate(given.arrays)
        states = to_float32(values)
        place = _Place(lengths, given.is_rows, names)
        numbers = number_problems(values, states, place)
        counts = [] if given.is_rows else short_trajectories(lengths, steps)
        if to_search:
            numbers = numbers or _sameness_problems(states)
            counts = counts or _count_problems(given, lengths, steps)
        found = numbers + counts
    raise_all([*problems, *found, *target_problems])
    return Checked(states, lengths, targets)


def kind_problem(array: NDArray[Any], what: str) -> list[str]:
    """The problem, if there is one, of an array that does not hold real numbers."""
    refused = _REFUSED_KINDS.get(array.dtype.kind)
    return [] if refused is None else [f"{what} hold {refused}"]


def shape_problems(given: Given) -> list[str]:
    """Problems of types and shapes; the values are looked at only where there are none."""
    if not given.arrays or all(array.size == 0 for array in given.arrays):
        return ["there are no data: the states given are empty"]
    for i, array in enumerate(given.arrays):
        what = "states" if given.is_rows else f"trajectory {i} (counted from 0): its states"
        problems = kind_problem(array, what) + _dimension_problem(array, given.is_rows, what)
        if problems:
            return problems
    if given.size is None:
        return [_size_problem([array.shape[1] for array in given.arrays])]
    return []


def number_problems(values: NDArray[Any], states: NDArray[np.float32], place: _Place) -> list[str]:
    """Problems of the numbers: not finite, or too large for float32.

    Args:
        values: ``(M, size)`` as given.
        states: The same as float32.
        place: Says where a state came from.
    """
    finite = np.isfinite(states)
    if finite.all():
        return []
    given_finite = np.isfinite(values)
    too_large = given_finite & ~finite
    return _not_finite(values, ~given_finite, place) + _too_large(values, too_large, place)


def to_float32(values: NDArray[Any]) -> NDArray[np.float32]:
    """A float32 copy; what is too large becomes infinite, for the checks to report."""
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(np.float32)


@dataclass(frozen=True)
class _Place:
    """Names the place of a number, counted from 0."""

    lengths: NDArray[np.int64]
    is_rows: bool
    names: tuple[str, ...]

    def name(self, state: int, coordinate: int) -> str:
        column = f"coordinate {coordinate}"
        if coordinate < len(self.names):
            column += f" ({self.names[coordinate]})"
        if self.is_rows:
            return f"row {state}, {column}"
        ends = np.cumsum(self.lengths)
        trajectory = int(np.searchsorted(ends, state, side="right"))
        step = state - int(ends[trajectory] - self.lengths[trajectory])
        return f"trajectory {trajectory}, state {step}, {column}"

    def first(self, where: NDArray[np.bool_]) -> str:
        places = np.argwhere(where)
        shown = "; ".join(self.name(int(state), int(c)) for state, c in places[:_SHOWN])
        return f"{shown}{'; ...' if len(places) > _SHOWN else ''} (counted from 0)"


def _not_finite(values: NDArray[Any], where: NDArray[np.bool_], place: _Place) -> list[str]:
    if not where.any():
        return []
    n_nan = int(np.isnan(values).sum())
    unit = "rows" if place.is_rows else "states"
    return [
        f"states hold {n_nan} NaN and {int(where.sum()) - n_nan} infinite values in "
        f"{int(where.any(1).sum())} of {len(values)} {unit}: {place.first(where)}; leave these "
        f"{unit} out or fill the gaps, then try again"
    ]


def _too_large(values: NDArray[Any], where: NDArray[np.bool_], place: _Place) -> list[str]:
    if not where.any():
        return []
    largest = float(np.abs(values[where].astype(np.float64)).max())
    return [
        f"states hold {int(where.sum())} values too large for float32 (up to {largest:.3g}; "
        f"the limit is 3.4e+38): {place.first(where)}; use larger units"
    ]


def _dimension_problem(array: NDArray[Any], is_rows: bool, what: str) -> list[str]:
    if array.ndim == 2 and array.shape[1]:
        return []
    hint = "; write x[:, None] if there is one coordinate" if array.ndim == 1 else ""
    wanted = "(states, coordinates)"
    if is_rows:
        wanted = "(rows, coordinates), or (trajectories, states, coordinates)"
    return [f"{what} must have the shape {wanted}; got {array.shape}{hint}"]


def _size_problem(sizes: list[int]) -> str:
    first = {size: sizes.index(size) for size in sorted(set(sizes))}
    each = ", ".join(f"{size} (first: trajectory {i})" for size, i in first.items())
    return (
        "trajectories must all have the same coordinates, but they have different numbers of "
        f"columns: {each} (counted from 0)"
    )


def _sameness_problems(states: NDArray[np.float32]) -> list[str]:
    if len(states) == 1 or (states != states[0]).any():
        return []
    return [
        "the data are constant: every state is the same (in float32), so every "
        "transformation that keeps it would count as a symmetry; if the states differ by "
        "less than float32 resolves, subtract their mean first"
    ]


def _count_problems(given: Given, lengths: NDArray[np.int64], steps: int) -> list[str]:
    if given.is_rows:
        n_samples, unit = int(lengths[0]), "rows"
    else:
        n_samples, unit = int((lengths - steps + 1).sum()), f"windows of {steps} states"
    if n_samples >= MIN_SAMPLES:
        return []
    return [
        f"{n_samples} {unit} are too few: train, validation and held-out parts need at least "
        f"{MIN_SAMPLES}"
    ]
