from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from made_elements import discrete_result, judged_as, mirrored, square
from made_results import BOOST, TURN, make

from symdisc.interfaces import TrueSymmetry
from symdisc.result import SymmetryResult
from symdisc.suite import scoring
from symdisc.suite.scoring import score
from symdisc.verify.verdict import Verdict

STATES = np.random.default_rng(0).standard_normal((200, 2))
ONE, MIRRORS = np.eye(2)[None], np.stack([np.eye(2), np.diag([1.0, -1.0])])
SO2 = TrueSymmetry.linear(TURN.numpy()[None], "V2")
O2 = TrueSymmetry.linear(TURN.numpy()[None], "V2", MIRRORS)
JUST_SO2 = TrueSymmetry.linear(TURN.numpy()[None], "V2", ONE)
NOTHING = TrueSymmetry(0)


def _said(word: Any, result: SymmetryResult | None = None) -> SymmetryResult:
    result = make() if result is None else result
    verification = result.verification
    assert verification is not None
    return replace(result, verification=replace(verification, overall=Verdict(word, "")))


@pytest.mark.parametrize(
    ("word", "right", "success"),
    [
        ("confirmed", True, True),
        ("approximate", True, False),
        ("untestable here", True, False),
        ("not supported", False, False),
        ("trivial", False, False),
    ],
)
def test_a_true_generator(word: str, right: bool, success: bool) -> None:
    found = score(_said(word), SO2, STATES)
    assert (found.right, found.success, found.false_confirmation) == (right, success, False)
    assert (found.dimension, found.verdict) == (1, word)
    assert found.angle == pytest.approx(0, abs=0.01)


def test_another_generator_that_was_confirmed() -> None:
    found = score(_said("confirmed", make(BOOST[None])), SO2, STATES)
    assert (found.right, found.success, found.false_confirmation) == (False, False, True)


def test_another_generator_that_was_refuted() -> None:
    found = score(_said("not supported", make(BOOST[None])), SO2, STATES)
    assert (found.right, found.false_confirmation) == (False, False)


def test_a_part_of_the_truth_is_not_false() -> None:
    truth = TrueSymmetry.linear(torch.stack([TURN, torch.eye(2).double()]).numpy(), "V2")
    found = score(_said("confirmed"), truth, STATES)
    assert (found.right, found.false_confirmation) == (False, False)


@pytest.mark.parametrize(
    ("word", "right", "false"),
    [("confirmed", False, True), ("approximate", False, False), ("not supported", True, False)],
)
def test_where_there_is_nothing(word: str, right: bool, false: bool) -> None:
    found = score(_said(word), NOTHING, STATES)
    assert (found.right, found.success, found.false_confirmation) == (right, right, false)
    assert found.angle is None


def test_what_is_there_by_construction_is_admitted_or_not() -> None:
    truth = TrueSymmetry(0, by_construction=True)
    assert score(_said("confirmed"), truth, STATES).false_confirmation
    honest = _said("confirmed", make(notes=("This holds by construction.",)))
    found = score(honest, truth, STATES)
    assert (found.right, found.success, found.false_confirmation) == (True, True, False)
    assert score(honest, NOTHING, STATES).false_confirmation


def _with_mirror(word: str) -> SymmetryResult:
    return _said("confirmed", make(discrete=mirrored().tested(judged_as(word))))


@pytest.mark.parametrize(
    ("word", "right", "success"),
    [("confirmed", True, True), ("untestable here", True, False), ("not supported", False, False)],
)
def test_a_true_element(word: str, right: bool, success: bool) -> None:
    found = score(_with_mirror(word), O2, STATES)
    assert (found.right, found.success, found.false_confirmation) == (right, success, False)
    assert (found.elements, found.element_verdicts) == (2, (word,))


@pytest.mark.parametrize(
    ("word", "right", "false"),
    [("confirmed", False, True), ("approximate", False, False), ("not supported", True, False)],
)
def test_an_element_that_is_none(word: str, right: bool, false: bool) -> None:
    found = score(_with_mirror(word), JUST_SO2, STATES)
    assert (found.right, found.success, found.false_confirmation) == (right, right, false)


def test_elements_that_are_not_judged() -> None:
    found = score(_with_mirror("confirmed"), SO2, STATES)
    assert (found.right, found.success, found.false_confirmation) == (True, True, False)


def test_an_element_that_is_missing() -> None:
    assert not score(_said("confirmed"), O2, STATES).right


def test_a_discrete_group() -> None:
    part = square()
    true = part.representatives.numpy()
    truth = TrueSymmetry(0, elements=true)
    found = score(discrete_result(part.tested(judged_as(*["confirmed"] * 7))), truth, STATES)
    assert (found.right, found.success, found.elements) == (True, True, 8)
    fewer = TrueSymmetry(0, elements=true[:1])
    assert score(
        discrete_result(part.tested(judged_as(*["confirmed"] * 7))), fewer, STATES
    ).false_confirmation
    untested = score(discrete_result(part), truth, STATES)
    assert (untested.right, untested.success) == (True, False)


def test_a_cyclic_group_is_one_of_elements() -> None:
    quarter = make(torch.pi / 2 * TURN[None], order=4)
    turns = np.stack(
        [np.linalg.matrix_power(np.array([[0.0, -1.0], [1.0, 0.0]]), i) for i in range(4)]
    )
    truth = TrueSymmetry(0, elements=turns)
    found = score(_said("confirmed", quarter), truth, STATES)
    assert (found.right, found.success, found.dimension, found.elements) == (True, True, 0, 4)
    assert score(
        _said("confirmed", quarter), TrueSymmetry(0, elements=ONE), STATES
    ).false_confirmation


def test_elements_of_the_identity_component_are_true() -> None:
    quarter = _said("confirmed", make(torch.pi / 2 * TURN[None], order=4))
    found = score(quarter, TrueSymmetry.linear(TURN.numpy()[None], "V2", ONE), STATES)
    assert (found.right, found.success, found.false_confirmation) == (False, False, False)
    part = square().tested(judged_as(*["confirmed"] * 7))
    too_many = replace(_said("confirmed"), discrete=part)
    found = score(too_many, O2, STATES)
    assert (found.right, found.success, found.false_confirmation) == (False, False, False)


def test_a_confirmed_field_that_is_not_finite_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = np.full((len(STATES), 1, 2), np.nan)
    monkeypatch.setattr(scoring, "velocities", lambda *_: broken)
    found = score(_said("confirmed"), SO2, STATES)
    assert (found.angle, found.right, found.false_confirmation) == (90, False, True)


def test_speeds_that_do_not_matter() -> None:
    def faster(states: np.ndarray) -> np.ndarray:
        moved = states @ TURN.numpy().T * (1 + states**2).sum(1, keepdims=True)
        return np.asarray(moved[:, None])

    assert score(_said("confirmed"), TrueSymmetry(1, faster, any_speed=True), STATES).success
    assert not score(_said("confirmed"), TrueSymmetry(1, faster), STATES).success


def test_nothing_was_tested() -> None:
    found = score(make(verification=None), SO2, STATES)
    assert (found.verdict, found.right, found.success) == ("", True, False)
    assert not score(make(verification=None), NOTHING, STATES).right


OTHER = {"target_generators": torch.zeros(1, 1, 1, dtype=torch.float64)}


@pytest.mark.parametrize(
    ("word", "other", "success"),
    [("confirmed", True, False), ("approximate", True, False), ("not supported", False, True)],
)
def test_a_symmetry_of_another_kind_is_not_judged(word: str, other: bool, success: bool) -> None:
    nothing = TrueSymmetry.linear(np.zeros((0, 2, 2)), "V2", ONE)
    found = score(_said(word, make(**OTHER)), nothing, STATES)
    assert (found.other_kind, found.success, found.false_confirmation) == (other, success, False)
    assert score(_said(word, make(**OTHER)), NOTHING, STATES).other_kind == other


def test_one_that_is_the_true_one_is_judged() -> None:
    found = score(_said("confirmed", make(**OTHER)), SO2, STATES)
    assert (found.other_kind, found.success) == (False, True)
    assert score(_said("confirmed", make(BOOST[None], **OTHER)), SO2, STATES).other_kind


def test_fields_that_may_be_reported_or_not() -> None:
    truth = replace(JUST_SO2, dimension=0)
    reported = score(_said("confirmed"), truth, STATES)
    assert (reported.right, reported.success, reported.false_confirmation) == (True, True, False)
    assert reported.angle is None
    assert score(_said("confirmed", make(BOOST[None])), truth, STATES).false_confirmation
    assert score(make(torch.zeros(0, 2, 2).double(), verification=None), truth, STATES).success
