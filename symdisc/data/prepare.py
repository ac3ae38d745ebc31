"""The one way in: whatever a user gives becomes checked samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from symdisc.data.checks import Checked, check
from symdisc.data.description import Description
from symdisc.data.given import Given
from symdisc.data.reading import Source, read
from symdisc.data.samples import Samples
from symdisc.data.selection import Selection
from symdisc.data.windows import windows_of
from symdisc.errors import DataError
from symdisc.interfaces.dataset import RawData

_EVERYTHING = Selection()


def prepare(
    data: Source | RawData,
    targets: Source | None = None,
    *,
    representation: str | None = None,
    target_representation: str | None = None,
    steps: int | None = None,
    names: tuple[str, ...] = (),
    units: tuple[str, ...] = (),
    source: str | None = None,
    truth: ArrayLike | None = None,
    selection: Selection = _EVERYTHING,
    to_search: bool = True,
) -> Samples:
    """Read, check, convert to float32 and cut into samples; nothing given is changed.

    Args:
        data: What :func:`symdisc.data.reading.read` reads, or what a data set made.
        targets: For rows: ``(N, m)`` or ``(N,)`` numbers, or ``(N,)`` whole numbers, which are
            class labels 0, 1, ..., n − 1.
        representation: How a state transforms, e.g. ``"4*V2 + 1*S"``; by default what the data
            say, else one vector of all coordinates.
        target_representation: How number targets transform; by default what the data say, else
            they do not.
        steps: States in one sample; by default 2 for trajectories. Rows have 1.
        names: Name of each coordinate; by default those that the data carry.
        units: Unit of each coordinate; by default those that the data carry.
        source: Where the data came from; by default the file's name and what was read of it.
        truth: True generators ``(k, n, n)``, where known; by default those that the data carry.
        selection: Which arrays of a file, or columns of a table, to read.
        to_search: Whether a symmetry is sought in the data: then they must be many and differ.

    Raises:
        DataError: Lists every problem of the data and of their description.
    """
    description = Description(
        representation or "",
        target_representation or "",
        names,
        units,
        None if truth is None else np.asarray(truth, dtype=np.float64),
    )
    if isinstance(data, RawData):
        description = description.completed(data)
        data, targets = _parts(data, targets)
    given = read(data, targets, selection)
    description = description.completed(given)
    chosen = steps if steps is not None else (1 if given.is_rows else 2)
    problems = description.problems(given) + _steps_problems(chosen, given)
    checked = check(given, chosen, description.names, problems, to_search)
    return _samples(checked, given, chosen, description, source or given.source)


def _parts(raw: RawData, targets: Source | None) -> tuple[Source, Source | None]:
    if targets is not None and raw.targets is not None:
        raise DataError("the data set has targets of its own; leave out targets=")
    return raw.states, raw.targets if targets is None else targets


def _steps_problems(steps: int, given: Given) -> list[str]:
    if steps < 1:
        return [f"a sample needs at least 1 state; got {steps} (--window, window=)"]
    if given.is_rows and steps > 1:
        return [
            f"rows are samples of 1 state, but {steps} were asked for (--window, window=); if "
            "the rows are consecutive states of one trajectory, pass x[None], of shape "
            "(1, states, coordinates)"
        ]
    return []


def _samples(
    checked: Checked, given: Given, steps: int, description: Description, source: str
) -> Samples:
    states, trajectory = _cut(checked, given.is_rows, steps)
    targets, target_form = checked.targets, None
    if targets is not None and targets.ndim == 2:
        target_form = description.target_form(targets.shape[1])
    return Samples(
        states=torch.from_numpy(states),
        trajectory=torch.from_numpy(trajectory),
        representation=description.state_form(states.shape[2]),
        targets=None if targets is None else torch.from_numpy(targets),
        target_representation=target_form,
        names=description.names,
        units=description.units,
        source=source,
        truth=None if description.truth is None else torch.tensor(description.truth),
    )


def _cut(checked: Checked, is_rows: bool, steps: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    if is_rows:
        return checked.states[:, None], np.arange(len(checked.states))
    return windows_of(checked.states, checked.lengths, steps)
