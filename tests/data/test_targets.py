"""Targets: numbers and labels, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.data.reading import read
from symdisc.data.targets import is_labels, n_targets, read_targets

ROWS = np.arange(40.0).reshape(20, 2)
WHOLE = np.arange(20) % 4


def outcome(targets: Any) -> tuple[NDArray[Any] | None, list[str]]:
    return read_targets(read(ROWS, targets), len(ROWS))


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, np.uint64])
def test_whole_numbers_in_one_column_are_labels(dtype: Any) -> None:
    labels, problems = outcome(WHOLE.astype(dtype))
    assert labels is not None
    assert labels.dtype == np.int64
    assert np.array_equal(labels, WHOLE)
    assert problems == []


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        (WHOLE.astype(float), (20, 1)),
        (WHOLE[:, None], (20, 1)),
        (ROWS, (20, 2)),
        (ROWS.astype(np.float16), (20, 2)),
    ],
)
def test_everything_else_is_numbers(given: NDArray[Any], shape: tuple[int, int]) -> None:
    numbers, problems = outcome(given)
    assert numbers is not None
    assert numbers.dtype == np.float32
    assert np.array_equal(numbers, given.reshape(shape))
    assert not np.shares_memory(numbers, given)
    assert problems == []


def test_no_targets() -> None:
    assert read_targets(read(ROWS), 20) == (None, [])


def test_forms() -> None:
    assert is_labels(WHOLE)
    assert not is_labels(WHOLE[:, None])
    assert [n_targets(read(ROWS, y)) for y in (None, WHOLE, ROWS[:, 0], ROWS, ROWS[None])] == [
        None,
        None,
        1,
        2,
        None,
    ]


@pytest.mark.parametrize(
    ("targets", "problem"),
    [
        (WHOLE > 1, "targets hold true/false values; write y.astype(int) to use them as class"),
        (WHOLE * 1j, "targets hold complex numbers; pass real and imaginary parts as separate"),
        (WHOLE.astype(str), "targets hold text or objects; write np.unique(y, return_inverse"),
        (ROWS[None], "targets must have the shape (rows, values) or (rows,); got (1, 20, 2)"),
        (ROWS[:, :0], "targets must have the shape (rows, values) or (rows,); got (20, 0)"),
        (ROWS[:7], "there are 20 rows of states but 7 targets; one for each"),
        (0 * WHOLE, "targets hold a single class, 0: labels must tell rows apart"),
        (WHOLE + 1, "class labels must be 0, 1, ..., 3 without gaps; got 1, 2, 3, ... 4; write"),
        (2 * (WHOLE % 2) - 1, "class labels must be 0, 1, ..., 1 without gaps; got -1, 1; write"),
        (np.ones(20), "targets are constant: they say nothing about the states"),
        (
            np.array([np.nan, np.inf, 1e39, -np.inf, *range(16)]),
            "targets are NaN, infinite or too large for float32 in 4 rows: 0, 1, 2, ... (counted",
        ),
    ],
)
def test_what_is_refused(targets: Any, problem: str) -> None:
    _, problems = outcome(targets)
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_targets_do_not_go_with_trajectories() -> None:
    targets, problems = read_targets(read([ROWS, ROWS], WHOLE), None)
    assert targets is None
    assert problems[0].startswith("targets cannot be given together with trajectories: a sample")
    assert problems[0].endswith(
        "(of a file: --set data.states_key=NAME, states_key=NAME; of a table: name the "
        "coordinates, --set data.columns='[NAME, ...]', columns=[...])"
    )


def test_length_is_not_compared_with_states_that_could_not_be_read() -> None:
    assert read_targets(read(ROWS, np.arange(3.0)), None)[1] == []
