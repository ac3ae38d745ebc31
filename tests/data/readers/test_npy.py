"""``.npy`` files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symdisc.data.readers.npy import read_array, read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)


class Bomb:
    """Fails the test when unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickled object was loaded",))


def save(folder: Path, array: Any) -> Path:
    np.save(folder / "a.npy", array)
    return folder / "a.npy"


def test_rows_and_trajectories(tmp_path: Path) -> None:
    made = read_file(save(tmp_path, ROWS), Selection())
    assert np.array_equal(made.arrays[0], ROWS)
    assert made.source == "a.npy"
    assert not read_file(save(tmp_path, ROWS.reshape(3, 4, 2)), Selection()).is_rows
    assert np.array_equal(read_array(save(tmp_path, np.asfortranarray(ROWS))), ROWS)


def test_nothing_is_chosen_by_name(tmp_path: Path) -> None:
    path = save(tmp_path, ROWS)
    with pytest.raises(DataError, match=r"but .*a\.npy holds a single array without a name; leave"):
        read_file(path, Selection(states_key="x"))
    with pytest.raises(DataError, match=r"but .*a\.npy holds a plain array; leave them out"):
        read_file(path, Selection(columns=("x",)))


def test_truncated_and_lying_files(tmp_path: Path) -> None:
    path = save(tmp_path, ROWS)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"declares the shape \(12, 2\) of float64, 192 bytes"):
        read_file(path, Selection())
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(DataError, match=r"cannot be read, the file may be truncated or damaged \("):
        read_file(path, Selection())


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    path = save(tmp_path, np.array([Bomb(), Bomb()], dtype=object))
    with pytest.raises(DataError, match="holds Python objects; pickled objects are never loaded"):
        read_file(path, Selection())
