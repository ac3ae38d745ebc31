"""``.npz`` files."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symdisc.data.readers.npz import read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)
RUNS = np.arange(48.0).reshape(3, 8, 2)


class Bomb:
    """Fails the test when unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickled object was loaded",))


def save(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "a.npz", **arrays)
    return folder / "a.npz"


def archive(folder: Path, content: bytes, packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(folder / "a.npz", "w", packing) as made:
        made.writestr("x.npy", content)
    return folder / "a.npz"


def saved(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def test_states_and_targets(tmp_path: Path) -> None:
    made = read_file(save(tmp_path, x=RUNS, coords=ROWS, energy=ROWS[:, 1]), Selection("coords"))
    assert np.array_equal(made.arrays[0], ROWS)
    assert made.targets is None
    made = read_file(save(tmp_path, x=ROWS, y=ROWS[:, 1]), Selection())
    assert made.targets is not None
    assert np.array_equal(made.targets, ROWS[:, 1])
    assert made.source == "a.npz (x, y)"


def test_no_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds plain arrays; leave them out"):
        read_file(save(tmp_path, x=ROWS), Selection(columns=("x",)))


def test_damage(tmp_path: Path) -> None:
    path = save(tmp_path, x=ROWS)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 - 80] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"array 'x' cannot be read, the file may be truncated"):
        read_file(path, Selection())
    path.write_bytes(content[:-40])
    with pytest.raises(DataError, match=r"a\.npz: it cannot be read, the file may be truncated"):
        read_file(path, Selection())


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    path = save(tmp_path, x=np.array([Bomb(), Bomb()], dtype=object))
    with pytest.raises(DataError, match="array 'x' holds Python objects; pickled objects are neve"):
        read_file(path, Selection())


def test_a_member_that_is_no_array(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as made:
        made.writestr("x", "plain text")
    with pytest.raises(DataError, match=r"'x' in .*a\.npz is not an array; write the file with"):
        read_file(tmp_path / "a.npz", Selection())


def test_a_shape_that_is_not_there(tmp_path: Path) -> None:
    huge = saved(ROWS).replace(b"(12, 2), }  ", b"(10**0, 2), }").replace(b"10**0", b"99999")
    with pytest.raises(DataError, match=r"declares the shape \(99999, 2\) of float64, 1599984 by"):
        read_file(archive(tmp_path, huge), Selection())


def test_a_packing_that_numpy_does_not_use(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"array 'x' is packed in a way that np\.savez does not use"
    ):
        read_file(archive(tmp_path, saved(ROWS), zipfile.ZIP_LZMA), Selection())


def test_an_archive_too_large_to_unpack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "a.npz", x=np.zeros((1000, 1000)))
    monkeypatch.setattr(os, "sysconf", {"SC_AVPHYS_PAGES": 2500, "SC_PAGE_SIZE": 4000}.get)
    message = r"a\.npz holds 0\.0 GB once unpacked, more than half of the 0\.0 GB of memory"
    with pytest.raises(DataError, match=message):
        read_file(tmp_path / "a.npz", Selection())
