"""The description of the data, held against the data."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from symdisc.data.description import Description
from symdisc.data.reading import read
from symdisc.errors import DataError
from symdisc.interfaces import RawData
from symdisc.representations import Representation

ROWS = np.arange(80.0).reshape(20, 4)
GIVEN = read(ROWS, ROWS[:, :2])


def test_defaults_are_one_vector_and_scalars() -> None:
    assert Description().state_form(4) == Representation.vector(4)
    assert Description().target_form(2) == Representation.scalars(2)
    assert Description().problems(GIVEN) == []


def test_what_fits() -> None:
    truth = np.zeros((3, 2, 2))
    said = Description("2*V2", "V2", ("a", "b", "c", "d"), ("m",) * 4, truth)
    assert said.problems(GIVEN) == []
    assert str(said.state_form(4)) == "2*V2"
    assert str(said.target_form(2)) == "V2"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            Description("V3"),
            "a state has 4 coordinates but the representation 'V3' describes 3; 4 is not "
            "divisible by the vector length 3; say how a state transforms with --representation "
            "or representation=",
        ),
        (Description("four"), "representation 'four' must look like 'V8'"),
        (
            Description("4*S"),
            "representation '4*S' holds scalars only, so no group element would move a state; "
            "say how a state transforms with --representation or representation=, for instance "
            "'V4'",
        ),
        (
            Description(target_representation="V3"),
            "a target has 2 coordinates but the representation 'V3' describes 3; 2 is not "
            "divisible by the vector length 3; say how a target transforms with "
            "--target-representation or target_representation=",
        ),
        (
            Description(names=("a", "b")),
            "there are 2 names for 4 coordinates; give one for each, or none",
        ),
        (
            Description(units=("m",)),
            "there are 1 units for 4 coordinates; give one for each, or none",
        ),
        (
            Description("2*V2", truth=np.zeros((1, 4, 4))),
            "the true generators must have the shape (k, 2, 2) for the representation '2*V2'; "
            "got (1, 4, 4)",
        ),
    ],
)
def test_what_does_not_fit(said: Description, problem: str) -> None:
    problems = said.problems(GIVEN)
    assert len(problems) == 1
    assert problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("targets", "why"),
    [
        (None, "there are no targets"),
        (np.arange(20) % 2, "class labels stay as they are"),
    ],
)
def test_a_target_representation_needs_number_targets(targets: Any, why: str) -> None:
    problems = Description(target_representation="S").problems(read(ROWS, targets))
    assert problems == [f"a target representation was given, but {why}; leave it out"]


def test_problems_are_collected() -> None:
    said = Description("V3", "V3", ("a",), ("m",))
    patterns = ["1 names", "1 units", "a state has 4", "a target has 2"]
    problems = said.problems(GIVEN)
    assert len(problems) == 4
    for pattern, problem in zip(patterns, problems, strict=True):
        assert re.search(pattern, problem)


def test_states_of_unknown_size_are_left_to_the_checks() -> None:
    assert Description("V3", names=("a",)).problems(read(ROWS[:, 0])) == []


def test_completed_by_the_data_set() -> None:
    raw = RawData(ROWS, None, "V4", "S", ("a", "b", "c", "d"), ("m",) * 4, np.zeros((1, 4, 4)))
    full = Description().completed(raw)
    assert (full.representation, full.target_representation) == ("V4", "S")
    assert (full.names, full.units) == (raw.names, raw.units)
    assert full.truth is raw.truth
    own = Description("V4", "2*S", ("e", "f", "g", "h"), ("s",) * 4, np.ones((1, 4, 4)))
    kept = own.completed(raw)
    assert kept == own or vars(kept) == vars(own)


def test_completed_by_what_a_file_says() -> None:
    said: dict[str, Any] = {
        "names": ("a", "b", "c", "d"),
        "units": ("m",) * 4,
        "truth": np.zeros((1, 4, 4)),
    }
    given = replace(GIVEN, representation="V4", target_representation="2*S", **said)
    full = Description().completed(given)
    assert (full.representation, full.target_representation) == ("V4", "2*S")
    assert (full.names, full.units, full.truth) == tuple(said.values())
    own = Description("2*V2", "V2", ("e", "f", "g", "h"), ("s",) * 4).completed(given)
    assert vars(own) == vars(Description("2*V2", "V2", ("e", "f", "g", "h"), ("s",) * 4))


def test_truth_of_the_data_set_belongs_to_its_representation() -> None:
    raw = RawData(ROWS, representation="V4", truth=np.zeros((1, 4, 4)))
    assert Description("2*V2").completed(raw).truth is None
    assert Description("V4").completed(raw).truth is raw.truth
    assert Description("1 * V4").completed(raw).truth is raw.truth
    assert Description("four").completed(raw).truth is None


def test_forms_raise() -> None:
    with pytest.raises(DataError, match="holds scalars only"):
        Description("4*S").state_form(4)
    with pytest.raises(DataError, match="a target has 3 coordinates"):
        Description(target_representation="V2").target_form(3)
