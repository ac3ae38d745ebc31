"""Checks: every problem named, with its place and what to do, all in one message."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.data.checks import Checked, check
from symdisc.data.reading import read
from symdisc.errors import DataError

ROWS = np.arange(40.0).reshape(20, 2)
RUNS = [np.arange(2.0 * n).reshape(n, 2) for n in (8, 5, 9)]


def run(data: Any, targets: Any = None, steps: int | None = None) -> Checked:
    given = read(data, targets)
    return check(given, steps or (1 if given.is_rows else 2), ("q", "p"), [])


def refused(data: Any, message: str, targets: Any = None, steps: int | None = None) -> None:
    with pytest.raises(DataError, match=f"^{message}$"):
        run(data, targets, steps)


def spoilt(array: NDArray[Any], *places: tuple[int, int], value: float) -> NDArray[Any]:
    copy = array.copy()
    for place in places:
        copy[place] = value
    return copy


def test_good_rows() -> None:
    checked = run(ROWS, ROWS)
    assert checked.states.dtype == np.float32
    assert np.array_equal(checked.states, ROWS)
    assert checked.lengths.tolist() == [20]
    assert checked.targets is not None


def test_good_trajectories() -> None:
    checked = run(RUNS)
    assert checked.lengths.tolist() == [8, 5, 9]
    assert np.array_equal(checked.states, np.concatenate(RUNS))
    assert checked.targets is None


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.float16, np.float32, np.longdouble])
def test_numbers_of_any_real_type_are_copied(dtype: Any) -> None:
    rows = ROWS.astype(dtype)
    checked = run(rows)
    checked.states[:] = 0
    assert np.array_equal(rows, ROWS.astype(dtype))


@pytest.mark.parametrize("empty", [np.empty((0, 2)), np.empty((4, 0)), [], [np.empty((0, 2))]])
def test_empty(empty: Any) -> None:
    refused(empty, "there are no data: the states given are empty")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (ROWS > 3, r"true/false values; convert them with \.astype\(int\) if they .* numbers"),
        (ROWS * 1j, "complex numbers; pass real and imaginary parts as separate coordinates"),
        (ROWS.astype(str), "text; convert it to numbers"),
        (ROWS.astype(bytes), "text; convert it to numbers"),
        (ROWS.astype(object), r"Python objects; convert .*\(.* pass a list of arrays\)"),
        (ROWS.astype("M8[s]"), "dates; convert them to numbers"),
        (ROWS.astype("m8[s]"), "time spans; convert them to numbers"),
        (np.zeros((20, 2), dtype=[("a", "f8")]), "records with named fields; pass one plain .*"),
        (ROWS.astype(np.dtypes.StringDType()), "text; convert it to numbers"),
    ],
)
def test_what_is_not_a_real_number(values: Any, reason: str) -> None:
    refused(values, f"states hold {reason}")
    refused([ROWS, values], rf"trajectory 1 \(counted from 0\): its states hold {reason}")


def test_wrong_dimensions() -> None:
    rows = r"states must have the shape \(rows, coordinates\), or \(trajectories, states, coor.*\)"
    refused(ROWS[:, 0], rf"{rows}; got \(20,\); write x\[:, None\] if there is one coordinate")
    refused(ROWS[None, None], rf"{rows}; got \(1, 1, 20, 2\)")
    refused(
        [ROWS, ROWS[:, 0]],
        r"trajectory 1 .*: its states must have the shape \(states, coordinates\); got \(20,\); .*",
    )
    refused([ROWS, ROWS[:, :0]], r"trajectory 1 .* \(states, coordinates\); got \(20, 0\)")


def test_different_numbers_of_columns() -> None:
    refused(
        [ROWS, ROWS[:, :1], ROWS],
        "trajectories must all have the same coordinates, but they have different numbers of "
        r"columns: 1 \(first: trajectory 1\), 2 \(first: trajectory 0\) \(counted from 0\)",
    )


def test_not_finite_rows() -> None:
    data = spoilt(spoilt(ROWS, (3, 1), (7, 0), value=np.nan), (7, 1), (9, 0), value=-np.inf)
    refused(
        data,
        r"states hold 2 NaN and 2 infinite values in 3 of 20 rows: row 3, coordinate 1 \(p\); "
        r"row 7, coordinate 0 \(q\); row 7, coordinate 1 \(p\); \.\.\. \(counted from 0\); "
        "leave these rows out or fill the gaps, then try again",
    )


def test_not_finite_trajectories() -> None:
    data = [RUNS[0], RUNS[1], spoilt(RUNS[2], (0, 1), (8, 1), value=np.nan)]
    refused(
        data,
        "states hold 2 NaN and 0 infinite values in 2 of 22 states: trajectory 2, state 0, "
        r"coordinate 1 \(p\); trajectory 2, state 8, coordinate 1 \(p\) \(counted from 0\); .*",
    )


def test_places_without_names() -> None:
    with pytest.raises(DataError, match=r"row 2, coordinate 0 \(counted from 0\)"):
        check(read(spoilt(ROWS, (2, 0), value=np.nan)), 1, (), [])


def test_too_large_for_float32() -> None:
    refused(
        spoilt(ROWS, (4, 1), value=-1e39),
        r"states hold 1 values too large for float32 \(up to 1e\+39; the limit is 3\.4e\+38\): "
        r"row 4, coordinate 1 \(p\) \(counted from 0\); use larger units",
    )


@pytest.mark.parametrize("data", [np.ones((20, 2)), np.ones((4, 9, 2)), 1 + 1e-12 * ROWS])
def test_constant(data: Any) -> None:
    refused(data, "the data are constant: every state is the same .* subtract their mean first")


def test_one_constant_coordinate_is_allowed() -> None:
    run(np.stack([ROWS[:, 0], np.ones(20)], axis=1))


def test_short_trajectories() -> None:
    refused(RUNS, "1 of 3 trajectories are shorter than the 6 states .*", steps=6)


def test_too_few() -> None:
    ending = "are too few: train, validation and held-out parts need at least 10"
    refused(ROWS[:9], f"9 rows {ending}")
    refused([ROWS[:4]] * 3, f"9 windows of 2 states {ending}")
    run(ROWS[:10])
    run([ROWS[:6]] * 2)


def test_everything_in_one_message() -> None:
    data = spoilt(spoilt(ROWS[:5], (1, 0), value=np.nan), (2, 0), value=1e300)
    with pytest.raises(DataError) as caught:
        check(read(data, np.arange(3.0)), 1, (), ["an earlier problem"])
    text = str(caught.value)
    assert text.startswith("the data have 5 problems:\n- an earlier problem\n- states hold 1 NaN")
    assert re.findall("too large|too few|only 3|but 3 targets", text) == [
        "too large",
        "too few",
        "but 3 targets",
    ]


def test_data_that_are_not_searched_may_be_few_and_the_same() -> None:
    one = check(read(np.ones((1, 2)), np.array([3])), 1, (), [], to_search=False)
    assert one.states.tolist() == [[1, 1]]
    assert one.targets is not None
    assert one.targets.tolist() == [3]
    same = check(read(np.ones((3, 2)), np.ones(3)), 1, (), [], to_search=False)
    assert same.targets is not None
    assert same.targets.tolist() == [[1], [1], [1]]
    with pytest.raises(DataError, match="states hold 1 NaN"):
        check(read(np.array([[1, np.nan]])), 1, (), [], to_search=False)
    with pytest.raises(DataError, match="1 of 1 trajectories are shorter than the 3 states"):
        check(read([np.ones((2, 2))]), 3, (), [], to_search=False)
