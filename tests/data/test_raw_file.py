from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from symdisc.data.raw_file import read_raw, write_raw
from symdisc.data.reading import read
from symdisc.interfaces import RawData

ROWS = np.random.default_rng(0).standard_normal((20, 4))
FULL = RawData(
    states=ROWS,
    targets=np.arange(20) % 2,
    representation="2*V2",
    target_representation="",
    names=("a", "b", "ä", "d"),
    units=("m", "m", "", "kg m/s²"),
    truth=np.array([[[0.0, -1.0], [1.0, 0.0]]]),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


def returned(raw: RawData, path: Path) -> RawData:
    with path.open("wb") as file:
        write_raw(file, raw)
    with path.open("rb") as file:
        return read_raw(file)


def same(one: Any, other: Any) -> None:
    assert (one is None) == (other is None)
    if one is not None:
        assert np.asarray(one).dtype == np.asarray(other).dtype
        assert np.array_equal(one, other, equal_nan=np.asarray(one).dtype.kind == "f")


def test_everything_comes_back(tmp_path: Path) -> None:
    again = returned(FULL, tmp_path / "a.npz")
    for name in ("states", "targets", "truth"):
        same(getattr(FULL, name), getattr(again, name))
    for name in ("representation", "target_representation", "names", "units"):
        assert getattr(again, name) == getattr(FULL, name)


def test_what_is_not_there_stays_away(tmp_path: Path) -> None:
    again = returned(RawData(ROWS), tmp_path / "a.npz")
    assert again.targets is None
    assert again.truth is None
    assert (again.names, again.units, again.representation) == ((), (), "")


@given(
    arrays(np.float32, array_shapes(min_dims=2, max_dims=3)),
    st.lists(TEXTS, max_size=3).map(tuple),
)
def test_any_numbers_and_names_come_back(states: Any, names: tuple[str, ...]) -> None:
    file = io.BytesIO()
    write_raw(file, RawData(states, names=names))
    file.seek(0)
    again = read_raw(file)
    same(again.states, states)
    assert again.names == names


def test_trajectories_of_one_length_are_one_array_that_the_reader_takes(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    again = returned(RawData([ROWS, ROWS + 1]), path)
    same(again.states, np.stack([ROWS, ROWS + 1]))
    found = read(path)
    assert len(found.arrays) == 2
    assert not found.is_rows
    same(found.arrays[1], ROWS + 1)


def test_rows_with_targets_are_what_the_reader_takes(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    returned(FULL, path)
    found = read(path)
    assert found.is_rows
    same(found.arrays[0], ROWS)
    same(found.targets, FULL.targets)


def test_trajectories_of_unequal_lengths_come_back_apart(tmp_path: Path) -> None:
    again = returned(RawData([ROWS, ROWS[:3], ROWS[:7]]), tmp_path / "a.npz")
    assert [len(part) for part in again.states] == [20, 3, 7]
    same(again.states[1], ROWS[:3])


def test_python_objects_are_never_written(tmp_path: Path) -> None:
    raw = RawData(ROWS, targets=np.array([None] * 20))
    with (
        (tmp_path / "a.npz").open("wb") as file,
        pytest.raises(TypeError, match="targets hold Python objects, which are never written"),
    ):
        write_raw(file, raw)


def test_python_objects_are_never_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", states=np.array([None] * 3))
    with (
        (tmp_path / "a.npz").open("rb") as file,
        pytest.raises(ValueError, match="allow_pickle"),
    ):
        read_raw(file)
