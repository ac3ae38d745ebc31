"""Windows: samples of consecutive states cut from trajectories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
    if min(steps, stride) < 1:
        raise DataError(f"steps and stride must be at least 1; got {steps} and {stride}")
    lengths = np.array([len(trajectory) for trajectory in trajectories], dtype=np.int64)
    if problems := short_trajectories(lengths, steps):
        raise DataError(problems[0])
    flat = np.concatenate(list(trajectories))
    size = flat.shape[1]
    owner, starts = _starts(lengths, steps, stride)
    # In row-major memory a window is one contiguous run of steps * size numbers.
    runs = sliding_window_view(flat.reshape(-1), steps * size)[::size]
    return runs[starts].reshape(len(starts), steps, size), owner


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


def _starts(
    lengths: NDArray[np.int64], steps: int, stride: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = (lengths - steps) // stride + 1
    owner = np.repeat(np.arange(len(lengths)), counts)
    first_state = np.cumsum(lengths) - lengths
    first_window = np.cumsum(counts) - counts
    place = np.arange(len(owner)) - first_window[owner]
    return owner, first_state[owner] + stride * place
