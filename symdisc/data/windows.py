"""Windows: samples of consecutive states cut from trajectories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.errors import DataError

_SHOWN = 5


def windows(
    trajectories: Sequence[NDArray[Any]] | NDArray[Any], steps: int = 2, stride: int = 1
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """All windows of consecutive states, none across two trajectories.

    With stride 1 a trajectory of T states gives T − steps + 1 windows: the last one is kept.

    Args:
        trajectories: Arrays ``(T_i, size)`` of one type, or one array ``(n, T, size)``.
        steps: States in a window [1].
        stride: States from the start of a window to the start of the next [1].

    Returns:
        Windows ``(N, steps, size)``, a copy, in the order of the trajectories and of time, and
        the position ``(N,)`` of the trajectory that each came from.

    Raises:
        DataError: ``steps`` or ``stride`` is below 1, or a trajectory is shorter than ``steps``;
            it is not dropped silently.
    """
    lengths = np.array([len(trajectory) for trajectory in trajectories], dtype=np.int64)
    return windows_of(np.concatenate(list(trajectories)), lengths, steps, stride)


def windows_of(
    states: NDArray[Any], lengths: NDArray[np.int64], steps: int, stride: int = 1
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The same as :func:`windows`, from trajectories that lie one after the other.

    Nothing is computed for single windows, and besides what is returned it hardly takes memory.

    Args:
        states: ``(M, size)``, all trajectories one after the other.
        lengths: ``(n,)`` how many of these states belong to each trajectory.
        steps: States in a window [1].
        stride: States from the start of a window to the start of the next [1].

    Raises:
        DataError: As :func:`windows`.
    """
    if min(steps, stride) < 1:
        raise DataError(f"steps and stride must be at least 1; got {steps} and {stride}")
    if problems := short_trajectories(lengths, steps):
        raise DataError(problems[0])
    counts = (lengths - steps) // stride + 1
    owner = np.repeat(np.arange(len(lengths)), counts)
    found = np.empty((len(owner), steps, states.shape[1]), states.dtype)
    sources, places = _as_items(states), _as_items(found)
    start = begin = 0
    for n, length in _runs(lengths):
        count = (length - steps) // stride + 1
        block = sources[start : start + n * length].reshape(n, length)
        place = places[begin : begin + n * count].reshape(n, count, steps)
        for step in range(steps):
            place[:, :, step] = block[:, step : length - steps + step + 1 : stride]
        start, begin = start + n * length, begin + n * count
    return found, owner


def short_trajectories(lengths: NDArray[np.int64], steps: int) -> list[str]:
    """The problem, if there is one, of trajectories that hold no window of ``steps`` states."""
    short = np.flatnonzero(lengths < steps)
    if not len(short):
        return []
    shown = ", ".join(f"trajectory {i} has {lengths[i]}" for i in short[:_SHOWN])
    more = f" and {len(short) - _SHOWN} more" if len(short) > _SHOWN else ""
    return [
        f"{len(short)} of {len(lengths)} trajectories are shorter than the {steps} states of a "
        f"sample: {shown}{more} (counted from 0); leave them out, or ask for samples of "
        "fewer states (--window, window=)"
    ]


def _as_items(states: NDArray[Any]) -> NDArray[np.void]:
    """States as single items, which are copied many times faster than rows of numbers."""
    size = states.shape[-1] * states.dtype.itemsize
    return np.ascontiguousarray(states).view(np.dtype((np.void, size)))[..., 0]


def _runs(lengths: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """How many neighbouring trajectories have the same length, and that length."""
    for length, same in groupby(lengths.tolist()):
        yield len(list(same)), length
