"""HDF5 files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from symdisc.data.readers.hdf5 import read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)
TABLE = np.array(
    [(1.0, 2, b"a"), (3.0, 4, b"b")], dtype=[("q [m]", "f8"), ("n", "i4"), ("s", "S3")]
)


@pytest.fixture
def file(tmp_path: Path) -> Any:
    with h5py.File(tmp_path / "a.h5", "w") as opened:
        yield opened


def read(file: Any, *names: Any, **named: Any) -> Any:
    file.flush()
    return read_file(Path(file.filename), Selection(*names, **named))


def test_datasets_by_path(file: Any) -> None:
    file["group/x"], file["group/energy"], file["other"] = ROWS, ROWS[:, 0], ROWS
    made = read(file, "group/x", "/group/energy")
    assert np.array_equal(made.arrays[0], ROWS)
    assert np.array_equal(made.targets, ROWS[:, 0])
    assert made.source == "a.h5 (group/x, group/energy)"
    assert made.units == ()
    there = "'other', 'group/energy', 'group/x'"
    with pytest.raises(DataError, match=f"no array called 'states' or 'x'; arrays there: {there}"):
        read(file)


def test_defaults_and_trajectories(file: Any) -> None:
    file["x"], file["z"] = ROWS.reshape(3, 4, 2), ROWS
    made = read(file)
    assert [array.shape for array in made.arrays] == [(4, 2)] * 3
    assert made.targets is None


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("m", ("m", "m")),
        (["m", "s"], ("m", "s")),
        (np.array([b"m", b"s"]), ("m", "s")),
        (b"m", ("m", "m")),
        (3.0, ()),
        (np.zeros(20_000), ()),
    ],
)
def test_units(file: Any, units: Any, expected: tuple[str, ...]) -> None:
    file["x"] = ROWS
    if isinstance(units, np.ndarray) and units.size > 100:
        file["x"].attrs.create("units", units, dtype="u1")
    else:
        file["x"].attrs["units"] = units
    assert read(file).units == expected


def test_tables(file: Any) -> None:
    file["table"] = TABLE
    made = read(file, columns=("n", "q"), trajectory_column="s")
    assert made.names == ("n", "q")
    assert made.units == ("", "m")
    assert made.source == "a.h5, table (states n, q; trajectories by s)"
    assert [array.tolist() for array in made.arrays] == [[[2, 1]], [[4, 3]]]
    file["table"].attrs["units"] = ["km", "kg", ""]
    assert read(file, columns=("q", "n")).units == ("km", "kg")
    file["table"].attrs["units"] = "km"
    assert read(file, columns=("q", "n")).units == ("m", "")


def test_columns_that_hold_no_numbers(file: Any) -> None:
    kinds = [("f", "?"), ("c", "c8"), ("s", "S3"), ("v", "f8", (2,)), ("q", "f8")]
    table = np.zeros(3, dtype=kinds)
    table["q"][1] = np.nan
    file["table"] = table
    with pytest.raises(DataError) as caught:
        read(file)
    lines = str(caught.value).splitlines()[1:]
    assert [line.partition(";")[0] for line in lines] == [
        "- column 'f' holds true/false values",
        "- column 'c' holds complex numbers",
        "- column 's' holds text",
        "- column 'v' holds several values in one field",
        "- column 'q' has no value in 1 rows: 1 (counted from 0)",
    ]


def test_choices_that_do_not_fit(file: Any) -> None:
    file["x"], file["table"] = ROWS, TABLE
    with pytest.raises(DataError, match=r"'x' in .*a\.h5 is a plain array; leave them out"):
        read(file, "x", columns=("q",))
    with pytest.raises(DataError, match="'table' is a table; its targets are columns of it"):
        read(file, "table", "x")
    file["square"] = np.zeros((2, 2), dtype=TABLE.dtype)
    with pytest.raises(
        DataError, match=r"the table 'square' has the shape \(2, 2\); a table has r"
    ):
        read(file, "square")


def test_nothing_outside_the_file_is_opened(file: Any, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as other:
        other["x"] = ROWS
    file["inside"] = ROWS
    file["external"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "x")
    file["soft"] = h5py.SoftLink("/external")
    for name in ("external", "soft"):
        with pytest.raises(DataError, match=rf"no array '{name}'; arrays there: 'inside'"):
            read(file, name)
    (tmp_path / "secret.bin").write_bytes(ROWS.tobytes())
    outside = [(str(tmp_path / "secret.bin"), 0, ROWS.nbytes)]
    file.create_dataset("raw", ROWS.shape, "f8", external=outside)
    layout = h5py.VirtualLayout(ROWS.shape, "f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "x", shape=ROWS.shape)
    file.create_virtual_dataset("virtual", layout)
    for name in ("raw", "virtual"):
        with pytest.raises(DataError, match=f"'{name}' lies in other files, which are not opened"):
            read(file, name)


def test_a_group_that_contains_itself(file: Any) -> None:
    file["group/x"] = ROWS
    file["group/again"] = file["group"]
    file["group/root"] = file["/"]
    assert np.array_equal(read(file).arrays[0], ROWS)


def test_many_groups(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdisc.data.readers.hdf5._MOST_ITEMS", 10)
    for i in range(12):
        file[f"x{i}"] = ROWS
    with pytest.raises(DataError, match="holds more than 10 groups and datasets; copy what is nee"):
        read(file)


def test_huge_shapes_that_take_no_room(file: Any) -> None:
    file.create_dataset("x", (10**9, 10**4), "f8", chunks=(10, 10))
    assert os.path.getsize(file.filename) < 10**5  # noqa: PTH202
    with pytest.raises(DataError, match=r"array 'x' in .* holds 80000\.0 GB once unpacked"):
        read(file)


def test_chunks_larger_than_the_array(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file.create_dataset("x", (2, 2), "f8", chunks=(10**4, 10**3), maxshape=(None, None))
    monkeypatch.setattr(os, "sysconf", {"SC_AVPHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.get)
    with pytest.raises(DataError, match=r"array 'x' in .* holds 0\.1 GB once unpacked"):
        read(file)


def test_text_objects_and_empty_datasets(file: Any) -> None:
    file["x"] = ["a", "b"]
    with pytest.raises(DataError, match="array 'x' holds text or objects; convert it to numbers"):
        read(file)
    file["empty"] = h5py.Empty("f8")
    with pytest.raises(DataError, match="array 'empty' is empty"):
        read(file, "empty")


def test_damage(file: Any) -> None:
    file.create_dataset("x", data=ROWS, compression="gzip")
    path = Path(file.filename)
    file.close()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"x\x5e", b"\0\0").replace(b"x\xda", b"\0\0"))
    with pytest.raises(DataError, match="array 'x' cannot be read, the file may be truncated"):
        read_file(path, Selection())
    path.write_bytes(content[:600])
    with pytest.raises(DataError, match="it cannot be read, the file may be truncated"):
        read_file(path, Selection())
