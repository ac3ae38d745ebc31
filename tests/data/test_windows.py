"""Windows: none lost, none across trajectories, and quick."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from symdisc.data.windows import short_trajectories, windows, windows_of
from symdisc.errors import DataError


def numbered(lengths: list[int], size: int) -> list[NDArray[np.float32]]:
    """Trajectories whose every number is different."""
    total = sum(lengths) * size
    flat = np.arange(total, dtype=np.float32).reshape(-1, size)
    return np.split(flat, np.cumsum(lengths)[:-1])


@given(
    steps=st.integers(1, 5),
    stride=st.integers(1, 4),
    size=st.integers(1, 3),
    extra=st.lists(st.integers(0, 9), min_size=1, max_size=6),
)
def test_equal_to_a_plain_loop(steps: int, stride: int, size: int, extra: list[int]) -> None:
    trajectories = numbered([steps + more for more in extra], size)
    expected, owners = [], []
    for i, trajectory in enumerate(trajectories):
        for start in range(0, len(trajectory) - steps + 1, stride):
            expected.append(trajectory[start : start + steps])
            owners.append(i)
    states, owner = windows(trajectories, steps, stride)
    assert np.array_equal(states, np.stack(expected))
    assert owner.tolist() == owners


def test_the_last_window_of_every_trajectory_is_kept() -> None:
    trajectories = numbered([4, 2, 7], 2)
    states, owner = windows(trajectories)
    assert np.bincount(owner).tolist() == [3, 1, 6]
    for i, trajectory in enumerate(trajectories):
        assert np.array_equal(states[owner == i][-1], trajectory[-2:])


def test_one_array_of_equal_trajectories_and_its_type() -> None:
    stack = np.arange(24, dtype=np.float32).reshape(3, 4, 2)
    states, owner = windows(stack, steps=3)
    assert states.shape == (6, 3, 2)
    assert states.dtype == np.float32
    assert owner.dtype == np.int64
    assert np.array_equal(states[2], stack[1, :3])


def test_windows_are_a_copy() -> None:
    trajectory = np.zeros((4, 2))
    states, _ = windows([trajectory])
    states += 1
    assert not trajectory.any()


@pytest.mark.parametrize(("steps", "stride"), [(0, 1), (2, 0), (-1, 1)])
def test_steps_and_stride_must_be_positive(steps: int, stride: int) -> None:
    with pytest.raises(DataError, match=f"must be at least 1; got {steps} and {stride}"):
        windows([np.zeros((4, 2))], steps, stride)


def test_short_trajectories_are_named_and_not_dropped() -> None:
    message = (
        r"^2 of 3 trajectories are shorter than the 4 states of a sample: trajectory 0 has 3, "
        r"trajectory 2 has 1 \(counted from 0\); leave them out, or .* \(--window, window=\)$"
    )
    with pytest.raises(DataError, match=message):
        windows(numbered([3, 9, 1], 2), steps=4)


def test_many_short_trajectories_are_summed_up() -> None:
    lengths: Any = np.ones(20, dtype=np.int64)
    assert "trajectory 4 has 1 and 15 more" in short_trajectories(lengths, 2)[0]
    assert short_trajectories(lengths, 1) == []


def test_two_million_windows_take_well_under_a_second() -> None:
    trajectories = [np.zeros((10_001, 2), np.float32) for _ in range(200)]
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        states, _ = windows(trajectories)
        best = min(best, time.process_time() - start)
    assert len(states) == 2_000_000
    assert best < 1


def test_from_trajectories_that_lie_one_after_the_other() -> None:
    parts = numbered([5, 5, 4, 7], 3)
    flat = np.asfortranarray(np.concatenate(parts))
    lengths = np.array([len(part) for part in parts])
    for expected, made in zip(windows(parts, 3, 2), windows_of(flat, lengths, 3, 2), strict=True):
        assert np.array_equal(expected, made)


def test_little_memory_is_taken_beside_the_windows() -> None:
    flat = np.ones((200_000, 4), np.float32)
    lengths = np.full(100, 2000)
    tracemalloc.start()
    made, owner = windows_of(flat, lengths, 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.1 * (made.nbytes + owner.nbytes)
