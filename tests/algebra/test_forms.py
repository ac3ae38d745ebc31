from __future__ import annotations

import numpy as np
import pytest

from symdisc.algebra.forms import kept_form

TURN = np.array([[0.0, -1.0], [1.0, 0.0]])


def test_form_of_a_rotation_in_another_basis() -> None:
    change = np.diag([1.0, 3.0])
    generator = np.linalg.inv(change) @ TURN @ change
    form = kept_form(generator[None])
    expected = change.T @ change
    assert form.matrix == pytest.approx(expected / np.linalg.norm(expected))
    assert form.residual == pytest.approx(0, abs=1e-12)
    assert form.next_residual > 0.1
    assert form.signature == (2, 0)
    assert form.condition == pytest.approx(3)


def test_form_of_a_boost_is_indefinite() -> None:
    boost = np.zeros((4, 4))
    boost[0, 1] = boost[1, 0] = 1
    form = kept_form(boost[:2, :2][None])
    assert form.signature == (1, 1)
    assert form.residual == pytest.approx(0, abs=1e-12)


def test_of_many_kept_forms_the_one_closest_to_the_identity() -> None:
    turn = np.kron(np.eye(2), TURN)
    assert kept_form(turn[None], 4).matrix == pytest.approx(np.eye(4) / 2)


def test_no_form_is_kept_by_a_scaling() -> None:
    form = kept_form(np.eye(3)[None])
    assert form.residual == pytest.approx(2 / np.sqrt(3))


def test_next_residual_is_infinite_if_all_forms_are_kept() -> None:
    assert kept_form(TURN[None], 3).next_residual == np.inf
