from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symdisc.cli.data_facts import (
    given_facts,
    raw_facts,
    shape_words,
    states_words,
    targets_words,
)
from symdisc.data.given import Given
from symdisc.interfaces import RawData

ROWS = np.zeros((1200, 2))


def test_shapes() -> None:
    assert shape_words((1000, 20, 3)) == "1,000 × 20 × 3"
    assert shape_words(()) == ""


@pytest.mark.parametrize(
    ("arrays", "is_rows", "words"),
    [
        ((ROWS,), True, "rows 1,200 × 2, float64"),
        ((ROWS, ROWS), False, "2 trajectories of 1,200 states, 2 coordinates, float64"),
        (
            (ROWS[:5], ROWS[:7].astype(np.float32)),
            False,
            "2 trajectories of 5 to 7 states, 2 coordinates, float32, float64",
        ),
        (
            (ROWS[:5], ROWS[:5, :1]),
            False,
            "2 trajectories of 5 states, differing numbers of coordinates, float64",
        ),
        ((np.zeros(3),), True, "rows 3, float64"),
    ],
)
def test_states(arrays: tuple[Any, ...], is_rows: bool, words: str) -> None:
    assert states_words(Given(arrays, is_rows)) == words


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (None, "none"),
        (np.zeros((5, 2)), "numbers 5 × 2, float64"),
        (np.zeros(5), "numbers 5, float64"),
        (np.array([0, 2, 1]), "class labels 0 to 2 of 3 rows"),
    ],
)
def test_targets(targets: Any, words: str) -> None:
    assert targets_words(Given((ROWS,), True, targets)) == words


def test_coordinates_with_units() -> None:
    facts = dict(given_facts(Given((ROWS,), True, names=("x", "t"), units=("m", ""))))
    assert facts["coordinates"] == "x [m], t"
    assert dict(given_facts(Given((ROWS,), True, names=("x", "t"))))["coordinates"] == "x, t"
    assert dict(given_facts(Given((ROWS,), True)))["coordinates"] == "without names"
    many = dict(given_facts(Given((ROWS,), True, names=tuple("abcdefghijklmnopqrstuvwxyz"))))
    assert many["coordinates"].endswith("w, x, … (26 in all)")


def test_what_a_data_set_made() -> None:
    raw = RawData(
        np.zeros((5, 4)),
        targets=np.zeros((5, 1)),
        representation="2*V2",
        target_representation="S",
        names=("a", "b", "c", "d"),
        truth=np.zeros((3, 2, 2)),
    )
    assert raw_facts(raw) == [
        ("states", "rows 5 × 4, float64"),
        ("coordinates", "a, b, c, d"),
        ("targets", "numbers 5 × 1, float64"),
        ("representation", "2*V2, targets S"),
        ("true generators", "3 of 2 × 2"),
    ]


def test_true_generators_that_are_none_or_not_known() -> None:
    assert dict(raw_facts(RawData(ROWS)))["true generators"] == "not given"
    assert dict(raw_facts(RawData(ROWS)))["representation"] == "one vector"
    none = dict(raw_facts(RawData(ROWS, truth=np.zeros((0, 2, 2)))))
    assert none["true generators"] == "none: there is no continuous symmetry"
