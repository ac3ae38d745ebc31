"""Reading: which reader is taken, and what is said about paths that none can read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
import xarray as xr

from symdisc.data.reading import FORMATS, read
from symdisc.data.selection import Selection
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)
RUNS = np.arange(48.0).reshape(3, 8, 2)


def save(path: Path) -> Path:
    """Rows ``q`` and ``p`` in the form that the extension says."""
    frame = pd.DataFrame(ROWS, columns=["q", "p"])
    suffix = path.suffix
    if suffix == ".npy":
        np.save(path, ROWS)
    elif suffix == ".npz":
        np.savez(path, x=ROWS)
    elif suffix in (".csv", ".tsv"):
        frame.to_csv(path, index=False, sep="," if suffix == ".csv" else "\t")
    elif suffix == ".parquet":
        frame.to_parquet(path)
    elif suffix in (".h5", ".hdf5"):
        import h5py

        with h5py.File(path, "w") as file:
            file["x"] = ROWS
    else:
        torch.save(torch.from_numpy(ROWS), path)
    return path


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_every_form_of_file_gives_the_same(suffix: str, tmp_path: Path) -> None:
    path = save(tmp_path / f"rows{suffix}")
    made = read(str(path))
    assert made.is_rows
    assert np.array_equal(made.arrays[0], ROWS)
    assert made.source.startswith(path.name)
    capital = path.rename(tmp_path / f"rows{suffix.upper()}")
    assert np.array_equal(read(capital).arrays[0], ROWS)


FRAME = pd.DataFrame(ROWS, columns=["q", "p"])


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (ROWS, "arrays"),
        (torch.from_numpy(ROWS), "arrays"),
        (ROWS.tolist(), "arrays"),
        (FRAME, "a data frame (states q, p)"),
        (pl.from_pandas(FRAME), "a data frame (states q, p)"),
        (pa.Table.from_pandas(FRAME), "a data frame (states q, p)"),
        (xr.DataArray(ROWS), "a DataArray"),
        (FRAME.to_xarray(), "a Dataset (states q, p)"),
    ],
)
def test_everything_at_hand_gives_the_same(data: Any, source: str) -> None:
    made = read(data)
    assert np.array_equal(made.arrays[0], ROWS)
    assert made.is_rows
    assert made.source == source


def test_units_of_an_arrow_table() -> None:
    field = pa.field("q", pa.float64(), metadata={"units": "m"})
    assert read(pa.table([ROWS[:, 0]], schema=pa.schema([field]))).units == ("m",)


def test_targets_of_every_form(tmp_path: Path) -> None:
    np.save(tmp_path / "y.npy", ROWS[:, 0])
    np.savez(tmp_path / "a.npz", x=ROWS, y=ROWS[:, 1])
    forms: list[Any] = [ROWS[:, 0], torch.from_numpy(ROWS[:, 0]), ROWS[:, 0].tolist()]
    forms += [FRAME["q"], pl.from_pandas(FRAME)["q"], xr.DataArray(ROWS[:, 0])]
    for form in [*forms, tmp_path / "y.npy"]:
        made = read(tmp_path / "a.npz", form)
        assert made.targets is not None
        assert np.array_equal(made.targets, ROWS[:, 0])


def test_targets_are_read_from_npy_only(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"targets are read from an \.npy file, not from .*y\.npz"):
        read(ROWS, save(tmp_path / "y.npz"))


def test_names_need_something_that_has_names() -> None:
    with pytest.raises(DataError, match="but no file was given; leave them out"):
        read(ROWS, selection=Selection(targets_key="y"))
    with pytest.raises(DataError, match="but plain arrays were given; leave them out"):
        read(ROWS, selection=Selection(columns=("y",)))


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*gone\.npz; check the path"):
        read(tmp_path / "gone.npz")
    with pytest.raises(DataError, match=r"is a folder; give the path of a file ending in \.npy, "):
        read(tmp_path)
    with pytest.raises(DataError, match=r"cannot read a+\.npy: File name too long; check the path"):
        read("a" * 300 + ".npy")
    (tmp_path / "a.xlsx").write_text("1,2\n")
    with pytest.raises(
        DataError, match=r"a\.xlsx: only files ending in .* or \.pth are read; load"
    ):
        read(tmp_path / "a.xlsx")
    (tmp_path / "a.npz").write_bytes(b"")
    with pytest.raises(DataError, match=r"a\.npz is empty$"):
        read(tmp_path / "a.npz")
    (tmp_path / "b.h5").write_text("some text")
    with pytest.raises(DataError, match=r"b\.h5 is not \.h5 data, .* it starts b'some t'"):
        read(tmp_path / "b.h5")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DataError, match=r"a\.csv is not an ordinary file; copy what it gives"):
        read(tmp_path / "a.csv")


def test_a_path_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    path = save(tmp_path / "a.npz")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"cannot read .*a\.npz: Permission denied"):
        read(path)


def test_libraries_are_imported_for_their_own_files_only(tmp_path: Path) -> None:
    code = (
        "import sys; from symdisc.data.reading import read\n"
        "for path in sys.argv[1:]:\n"
        "    read(path)\n"
        "    print(*[m for m in ('pyarrow', 'h5py', 'narwhals', 'polars', 'xarray') "
        "if m in sys.modules])"
    )
    paths = [str(save(tmp_path / name)) for name in ("a.npz", "a.pt", "a.h5", "a.csv")]
    command = [sys.executable, "-c", code, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "", "h5py", "pyarrow h5py narwhals"]
