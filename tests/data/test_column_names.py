"""Names of columns, with units and without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symdisc.data.column_names import is_index, split_unit


@pytest.mark.parametrize(
    ("label", "name", "unit"),
    [
        ("x [m]", "x", "m"),
        (" x (m/s) ", "x", "m/s"),
        ("speed of light [m s^-1]", "speed of light", "m s^-1"),
        ("x", "x", ""),
        ("f(x)", "f(x)", ""),
        ("x[0]", "x[0]", ""),
        ("x []", "x", ""),
        ("a (b) [c]", "a (b)", "c"),
        ("[m]", "[m]", ""),
        ("x [m] old", "x [m] old", ""),
    ],
)
def test_examples(label: str, name: str, unit: str) -> None:
    assert split_unit(label) == (name, unit)


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1)


@given(name=WORDS, unit=WORDS, brackets=st.sampled_from(["[]", "()"]))
def test_what_is_put_together_comes_apart(name: str, unit: str, brackets: str) -> None:
    assert split_unit(f"{name} {brackets[0]}{unit}{brackets[1]}") == (name, unit)
    assert split_unit(name) == (name, "")


@pytest.mark.parametrize("label", ["", " ", "Unnamed: 0", "Unnamed: 12", "__index_level_0__"])
def test_no_names(label: str) -> None:
    assert is_index(label)


@pytest.mark.parametrize("label", ["index", "Unnamed", "Unnamed: q", "0", "[m]", "x"])
def test_names(label: str) -> None:
    assert not is_index(label)
