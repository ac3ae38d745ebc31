from __future__ import annotations

import numpy as np
import pytest

from symdisc.algebra.forms import (
    form_changes,
    form_cosine,
    form_residual,
    form_residuals,
    kept_form,
)

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
    assert form.matrix == pytest.approx(np.diag([1, -1]) / np.sqrt(2))


def test_of_many_kept_forms_the_one_closest_to_the_identity() -> None:
    turn = np.kron(np.eye(2), TURN)
    assert kept_form(turn[None], 4).matrix == pytest.approx(np.eye(4) / 2)


def test_no_form_is_kept_by_a_scaling() -> None:
    form = kept_form(np.eye(3)[None])
    assert form.residual == pytest.approx(2 / np.sqrt(3))


def test_next_residual_is_infinite_if_all_forms_are_kept() -> None:
    assert kept_form(TURN[None], 3).next_residual == np.inf


def test_residuals_do_not_depend_on_norms() -> None:
    rng = np.random.default_rng(0)
    generators, form = rng.normal(size=(2, 3, 3)), np.diag([1.0, 2.0, -1.0])
    expected = form_residual(generators, form)
    assert form_residual(5 * generators, -3 * form) == pytest.approx(expected)
    changes = form_changes(generators, form)
    assert changes[1] == pytest.approx(generators[1].T @ form + form @ generators[1])


def test_all_residuals_begin_with_the_best_form() -> None:
    generators = np.random.default_rng(0).normal(size=(2, 3, 3))
    residuals = form_residuals(generators)
    assert residuals.shape == (6,)
    assert (np.diff(residuals) >= 0).all()
    form = kept_form(generators)
    assert (form.residual, form.next_residual) == pytest.approx(tuple(residuals[:2]))


def test_cosine_of_forms_sees_neither_scale_nor_sign_nor_the_skew_part() -> None:
    metric = np.diag([1.0, -1.0, -1.0, -1.0])
    skew = np.triu(np.ones((4, 4)), 1) - np.tril(np.ones((4, 4)), -1)
    assert form_cosine(-3 * metric + skew, metric) == pytest.approx(1)
    assert form_cosine(np.eye(4), metric) == pytest.approx(0.5)
    assert form_cosine(np.zeros((4, 4)), metric) == 0
