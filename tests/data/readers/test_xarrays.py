"""xarray objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from symdisc.data.readers.xarrays import is_array, is_dataset, read_array, read_dataset
from symdisc.data.selection import Selection
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)
RUNS = ROWS.reshape(3, 4, 2)


def dataset(dims: tuple[str, ...] = ("row",), **variables: Any) -> Any:
    return xr.Dataset({name: (dims, values) for name, values in variables.items()})


def test_what_is_what() -> None:
    array, both = xr.DataArray(ROWS), dataset(q=ROWS[:, 0])
    assert is_array(array)
    assert is_dataset(both)
    assert not is_array(both)
    assert not is_dataset(array)
    assert not is_array(ROWS)


def test_arrays() -> None:
    coordinates = {"c": ["q", "p"]}
    array = xr.DataArray(
        RUNS, dims=("run", "time", "c"), coords=coordinates, attrs={"units": "m"}, name="orbit"
    )
    made = read_array(array, Selection())
    assert [part.tolist() for part in made.arrays] == RUNS.tolist()
    assert made.names == ("q", "p")
    assert made.units == ("m", "m")
    assert made.source == "a DataArray 'orbit'"
    rows = read_array(array[0].assign_attrs(units=["m", "s"]), Selection())
    assert rows.is_rows
    assert rows.units == ("m", "s")


def test_plain_positions_are_no_names() -> None:
    array = xr.DataArray(ROWS, dims=("row", "c"), coords={"c": [0, 1]})
    assert read_array(array, Selection()).names == ()
    assert read_array(xr.DataArray(ROWS), Selection()).names == ()
    assert read_array(xr.DataArray(3.0), Selection()).names == ()


def test_the_order_of_dimensions_is_taken_as_it_stands() -> None:
    array = xr.DataArray(ROWS, dims=("c", "row"))
    assert read_array(array, Selection()).arrays[0].shape == (12, 2)
    assert read_array(array.transpose("row", "c"), Selection()).arrays[0].shape == (2, 12)


def test_variables_are_columns() -> None:
    data = dataset(q=ROWS[:, 0], p=ROWS[:, 1], y=np.arange(12), run=["a", "b"] * 6)
    data["q"].attrs["units"] = "m"
    made = read_dataset(data, Selection(trajectory_column="", columns=("p", "q")))
    assert made.names == ("p", "q")
    assert made.units == ("", "m")
    assert made.arrays[0].tolist() == ROWS[:, ::-1].tolist()
    grouped = read_dataset(data.drop_vars("y"), Selection())
    assert [len(array) for array in grouped.arrays] == [6, 6]
    assert read_dataset(data.drop_vars("run"), Selection()).targets is not None


def test_variables_of_two_dimensions_are_trajectories() -> None:
    data = dataset(("run", "time"), q=RUNS[..., 0], p=RUNS[..., 1])
    made = read_dataset(data, Selection())
    assert not made.is_rows
    assert [part.tolist() for part in made.arrays] == RUNS.tolist()
    assert made.names == ("q", "p")
    alone = read_dataset(data, Selection(columns=("p",)))
    assert [part.shape for part in alone.arrays] == [(4, 1)] * 3


def test_variables_without_numbers() -> None:
    data = dataset(
        flag=np.ones(3, bool),
        day=np.zeros(3, "M8[ns]"),
        span=np.zeros(3, "m8[ns]"),
        text=["a", "b", "c"],
        turn=np.ones(3, complex),
        gap=[1.0, np.nan, 2.0],
    )
    with pytest.raises(DataError) as caught:
        read_dataset(data, Selection())
    lines = str(caught.value).splitlines()[1:]
    assert [line.partition(";")[0] for line in lines] == [
        "- column 'flag' holds true/false values",
        "- column 'day' holds dates or times",
        "- column 'span' holds time spans",
        "- column 'text' holds text",
        "- column 'turn' holds complex numbers",
        "- column 'gap' has no value in 1 rows: 1 (counted from 0)",
    ]


def test_choices_that_do_not_fit() -> None:
    with pytest.raises(DataError, match="but a DataArray was given; leave them out"):
        read_array(xr.DataArray(ROWS), Selection("x"))
    with pytest.raises(DataError, match="but a DataArray was given; leave them out"):
        read_array(xr.DataArray(ROWS), Selection(columns=("x",)))
    runs = dataset(("run", "time"), q=RUNS[..., 0], y=RUNS[..., 1])
    with pytest.raises(DataError, match="the variables of the Dataset are trajectories already"):
        read_dataset(runs, Selection(trajectory_column="y"))
    with pytest.raises(DataError, match="targets cannot be given together with trajectories; leav"):
        read_dataset(runs, Selection())


@pytest.mark.parametrize(
    "data",
    [
        xr.Dataset({"q": ("a", ROWS[:, 0]), "p": ("b", ROWS[:, 0])}),
        xr.Dataset({"q": (("a", "b", "c"), RUNS)}),
        xr.Dataset(),
    ],
)
def test_variables_of_unlike_dimensions(data: Any) -> None:
    with pytest.raises(DataError, match=r"must all have the same one dimension \(rows\) or two"):
        read_dataset(data, Selection())


@pytest.mark.parametrize("units", [1, None, float("nan"), b"m", [1, 2], {"q": "m"}])
def test_units_that_are_no_text_are_unknown(units: Any) -> None:
    array = xr.DataArray(RUNS, dims=("run", "time", "c"), attrs={"units": units})
    assert read_array(array, Selection()).units == ()
    columns = {name: ("n", RUNS[0, :, i], {"units": units}) for i, name in enumerate("qp")}
    assert read_dataset(xr.Dataset(columns), Selection()).units == ()
