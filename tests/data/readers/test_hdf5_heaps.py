"""Heaps of HDF5 files."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from symdisc.data.readers.hdf5 import read_file
from symdisc.data.readers.hdf5_heaps import check_heaps
from symdisc.data.selection import Selection
from symdisc.errors import DataError

MARK = b"GCOL\x01\x00\x00\x00"


def write(folder: Path, **options: str) -> Path:
    with h5py.File(folder / "a.h5", "w", **options) as file:
        file["x"] = np.arange(24.0).reshape(12, 2)
        file["x"].attrs["units"] = ["metre", "second"]
    return folder / "a.h5"


def change(path: Path, offset: int, new: bytes) -> None:
    content = bytearray(path.read_bytes())
    place = content.index(MARK) + offset
    content[place : place + len(new)] = new
    path.write_bytes(content)


@pytest.mark.parametrize("options", [{}, {"libver": "latest"}])
def test_intact_files(tmp_path: Path, options: dict[str, str]) -> None:
    path = write(tmp_path, **options)
    assert MARK in path.read_bytes()
    check_heaps(path)


@pytest.mark.parametrize("size", [2**64 - 16, 2**64 - 1, 2**63, 10_000])
def test_a_size_that_would_make_the_library_loop(tmp_path: Path, size: int) -> None:
    path = write(tmp_path)
    change(path, len(MARK) + 8 + 8, size.to_bytes(8, "little"))
    with pytest.raises(ValueError, match="sizes do not add up"):
        check_heaps(path)
    with pytest.raises(DataError, match=r"global heap at byte .*: sizes do not add up"):
        read_file(path, Selection())


def test_free_space_of_no_size(tmp_path: Path) -> None:
    path = write(tmp_path)
    change(path, len(MARK) + 8, bytes(16))
    with pytest.raises(ValueError, match="sizes do not add up"):
        check_heaps(path)


def test_a_heap_beyond_the_file(tmp_path: Path) -> None:
    path = write(tmp_path)
    change(path, len(MARK), (10**9).to_bytes(8, "little"))
    with pytest.raises(ValueError, match="goes beyond the end of the file"):
        check_heaps(path)


def test_lengths_of_unheard_of_width(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = bytearray(path.read_bytes())
    content[14] = 3
    path.write_bytes(content)
    with pytest.raises(ValueError, match="lengths of 3 bytes"):
        check_heaps(path)
