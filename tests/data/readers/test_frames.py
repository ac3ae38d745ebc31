"""Data frames of three libraries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from symdisc.data.readers.frames import is_frame, is_series, read_frame, read_series
from symdisc.data.selection import Selection
from symdisc.errors import DataError

VALUES = {"q [m]": [1.0, 2.0, 3.0], "n": [1, 2, 3], "run": ["a", "b", "a"]}
LIBRARIES = [pd.DataFrame, pl.DataFrame, pa.table]


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_same_of_every_library(library: Any) -> None:
    frame = library(VALUES)
    assert is_frame(frame)
    made = read_frame(frame, Selection(), "t")
    assert made.names == ("q", "n")
    assert made.units == ("m", "")
    assert [array.tolist() for array in made.arrays] == [[[1, 1], [3, 3]], [[2, 2]]]
    assert made.source == "t (states q, n; trajectories by run)"


def test_what_is_no_frame() -> None:
    for value in (3, "text", np.ones(3), None, pd.Series([1.0])):
        assert not is_frame(value)
    assert is_series(pd.Series([1.0]))
    assert is_series(pl.Series([1.0]))
    assert not is_series(np.ones(3))


@pytest.mark.parametrize("library", LIBRARIES)
def test_missing_values_of_every_library(library: Any) -> None:
    values = {"a": [1.0, None, 3.0], "b": [1.0, 2.0, float("nan")], "c": [None] * 3}
    with pytest.raises(DataError) as caught:
        read_frame(library(values), Selection(), "t")
    lines = str(caught.value).splitlines()[1:]
    assert [line.split(";")[0] for line in lines] == [
        "- column 'a' has no value in 1 rows: 1 (counted from 0)",
        "- column 'b' has no value in 1 rows: 2 (counted from 0)",
        "- column 'c' holds no values at all",
    ]


@pytest.mark.parametrize("library", [pl.DataFrame, pa.table])
def test_types_without_numbers(library: Any) -> None:
    import datetime as dt

    values = {
        "text": ["a", "b"],
        "flag": [True, False],
        "day": [dt.date(2020, 1, 1)] * 2,
        "time": [dt.datetime(2020, 1, 1)] * 2,
        "span": [dt.timedelta(1)] * 2,
        "list": [[1.0], [2.0]],
    }
    with pytest.raises(DataError) as caught:
        read_frame(library(values), Selection(), "t")
    reasons = [
        line.split(" holds ")[1].split(";")[0] for line in str(caught.value).splitlines()[1:]
    ]
    assert reasons == [
        "text",
        "true/false values",
        "dates or times",
        "dates or times",
        "time spans",
        "lists or records",
    ]


def test_types_of_pandas() -> None:
    frame = pd.DataFrame(
        {
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "category": pd.Categorical(["a", "b", "a"]),
            "object": [object()] * 3,
        }
    )
    with pytest.raises(DataError) as caught:
        read_frame(frame, Selection(), "t")
    lines = str(caught.value).splitlines()[1:]
    assert lines[0].startswith("- column 'nullable' has no value in 1 rows: 1")
    assert lines[1].startswith("- column 'category' holds text")
    assert lines[2].startswith("- column 'object' holds values of type Object")


def test_decimals_and_whole_column_names() -> None:
    decimal = pa.table({"a": pa.array([1, 2], pa.decimal128(5, 2))})
    assert read_frame(decimal, Selection(), "t").arrays[0].tolist() == [[1], [2]]
    assert read_frame(pd.DataFrame(np.ones((2, 2))), Selection(), "t").names == ("0", "1")


def test_frames_that_cannot_be_read() -> None:
    with pytest.raises(DataError, match=r"lazy: nothing is computed yet; call \.collect\(\)"):
        read_frame(pl.DataFrame(VALUES).lazy(), Selection(), "t")
    twice = pd.DataFrame(np.ones((2, 2)), columns=["a", "a"])
    with pytest.raises(DataError, match=r"the data frame cannot be read: .*unique"):
        read_frame(twice, Selection(), "t")


def test_units_from_elsewhere() -> None:
    made = read_frame(pa.table(VALUES), Selection(columns=("q", "n")), "t", {"n": "kg"})
    assert made.units == ("m", "kg")


def test_nothing_given_is_changed() -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0]})
    made = read_frame(frame, Selection(), "t")
    assert not np.shares_memory(made.arrays[0], frame["q"].to_numpy())


def test_series() -> None:
    assert read_series(pd.Series([1, 2])).tolist() == [1, 2]
    with pytest.raises(DataError, match="the column of targets holds text; convert it to numbers"):
        read_series(pl.Series(["a"]))
    with pytest.raises(DataError, match="the column of targets has no value in 2 rows; fill the"):
        read_series(pl.Series([1.0, None, float("nan")]))
