"""Which arrays of a file are states and targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symdisc.data.readers.named_arrays import choose, read_named
from symdisc.data.selection import Selection
from symdisc.errors import DataError

PATH = Path("a.npz")
ROWS = np.arange(24.0).reshape(12, 2)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["anything"], ("anything", None)),
        (["y"], ("y", None)),
        (["x", "y"], ("x", "y")),
        (["other", "targets", "states"], ("states", "targets")),
        (["states", "x"], ("states", None)),
    ],
)
def test_defaults(names: list[str], chosen: tuple[str, str | None]) -> None:
    assert choose(names, Selection(), PATH) == chosen


def test_keys() -> None:
    names = ["x", "coords", "y", "energy"]
    assert choose(names, Selection("coords"), PATH) == ("coords", None)
    assert choose(names, Selection("coords", "energy"), PATH) == ("coords", "energy")
    assert choose(["energy", "coords"], Selection(None, "energy"), PATH) == ("coords", "energy")


def test_wrong_keys_list_what_is_there() -> None:
    names = ["coords", "energy"]
    there = "arrays there: 'coords', 'energy'"
    with pytest.raises(DataError, match=rf"no array 'coord' and 'e'; {there}\. Did you mean 'coo"):
        choose(names, Selection("coord", "e"), PATH)
    with pytest.raises(DataError, match=rf"no array called 'states' or 'x'; {there}; say which"):
        choose(names, Selection(), PATH)
    with pytest.raises(DataError, match="no array called 'states' or 'x'; arrays there: none"):
        choose([], Selection(), PATH)
    many = [f"a{i}" for i in range(70)]
    with pytest.raises(DataError, match=r"'a49', \.\.\. \(70 in all\); say which"):
        choose(many, Selection(), PATH)


def test_only_what_is_chosen_is_loaded() -> None:
    loaded = []

    def load(name: str) -> Any:
        loaded.append(name)
        return ROWS if name == "x" else ROWS[:, 0]

    given = read_named(["x", "huge", "y"], load, Selection(), PATH)
    assert loaded == ["x", "y"]
    assert given.source == "a.npz (x, y)"
    assert given.targets is not None
    assert given.targets.shape == (12,)
    assert read_named(["x"], load, Selection(), PATH).source == "a.npz (x)"
