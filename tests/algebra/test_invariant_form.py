from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from symdisc.algebra.forms import form_cosine
from symdisc.algebra.invariant_form import InvariantForm, invariant_form

Matrix = NDArray[np.float64]
TURN = np.array([[0.0, -1.0], [1.0, 0.0]])
METRIC = np.diag([-1.0, 1.0, 1.0, 1.0])


def lorentz() -> Matrix:
    """Rotations and boosts, ``(6, 4, 4)``, of norm 1."""
    skew = np.zeros((6, 4, 4))
    for place, (i, j) in enumerate([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]):
        skew[place, i, j], skew[place, j, i] = 1.0, -1.0
    return np.asarray(METRIC @ skew / np.sqrt(2))


def noisy(generators: Matrix, size: float, seed: int) -> Matrix:
    """Another basis of the span, with errors of the given share of each generator."""
    rng = np.random.default_rng(seed)
    change = np.linalg.qr(rng.normal(size=(len(generators), len(generators))))[0]
    noise = rng.normal(size=generators.shape)
    noise *= size / np.linalg.norm(noise, axis=(1, 2), keepdims=True)
    return np.asarray(np.einsum("ab,bij->aij", change, generators) + noise)


def form_of(generators: Matrix, blocks: list[list[int]] | None = None) -> InvariantForm:
    form = invariant_form(torch.tensor(generators), blocks)
    assert form is not None
    return form


@pytest.mark.parametrize("seed", range(5))
def test_all_lorentz_generators_keep_the_metric(seed: int) -> None:
    form = form_of(noisy(lorentz(), 0.02, seed))
    assert form.is_kept
    assert (form.n_keeping, form.n_generators, form.n_solutions) == (6, 6, 1)
    assert form.signature == (3, 1)
    assert form_cosine(form.matrix.numpy(), METRIC) > 0.999
    assert float(form.matrix[0, 0]) == pytest.approx(-0.5, abs=0.03)
    assert torch.linalg.norm(form.matrix) == pytest.approx(1)
    assert form.residual == form.residual_of_all < 0.03
    assert form.next_residual > 0.7
    assert 1 <= form.condition < 1.1


@pytest.mark.parametrize("seed", range(5))
def test_a_scaling_besides_leaves_six_of_seven_that_keep_the_metric(seed: int) -> None:
    form = form_of(noisy(np.concatenate([lorentz(), [np.eye(4) / 2]]), 0.02, seed))
    assert not form.is_kept
    assert (form.n_keeping, form.n_generators) == (6, 7)
    assert form.signature == (3, 1)
    assert form_cosine(form.matrix.numpy(), METRIC) > 0.999
    assert form.residual < 0.03
    assert form.residual_of_all == pytest.approx(1 / np.sqrt(7), abs=0.03)


def test_all_matrices_keep_nothing_though_a_part_of_them_would() -> None:
    form = form_of(np.eye(16).reshape(16, 4, 4))
    assert (form.n_keeping, form.n_generators) == (0, 16)
    assert form.residual == form.residual_of_all > 0.5


def test_half_of_a_span_is_not_enough() -> None:
    assert form_of(np.stack([TURN, np.eye(2)])).n_keeping == 0


def test_each_block_has_its_form() -> None:
    stretched = np.diag([1.0, 0.5]) @ TURN @ np.diag([1.0, 2.0])
    generator = np.zeros((1, 6, 6))
    generator[0, :2, :2], generator[0, 2:4, 2:4] = TURN, stretched
    form = form_of(generator, [[0, 1], [2, 3], [4, 5]])
    assert form.is_kept
    assert form.blocks == ((0, 1), (2, 3))
    assert form.signature == (4, 0)
    assert form.condition == pytest.approx(2)
    matrix = form.matrix.numpy()
    assert matrix[:2, :2] == pytest.approx(np.eye(2) / 2)
    assert matrix[2:4, 2:4] == pytest.approx(np.diag([1.0, 4.0]) / np.sqrt(2 * 17))
    assert np.count_nonzero(np.abs(matrix) > 1e-9) == 4


def test_one_block_that_keeps_nothing_is_enough_for_none() -> None:
    generator = np.zeros((1, 4, 4))
    generator[0, :2, :2], generator[0, 2:, 2:] = TURN, np.eye(2)
    assert form_of(generator, [[0, 1], [2, 3]]).n_keeping == 0


def test_several_forms_that_are_kept_are_counted() -> None:
    generator = np.zeros((1, 3, 3))
    generator[0, :2, :2] = TURN
    form = form_of(generator)
    assert (form.n_solutions, form.is_kept) == (2, True)
    assert form.matrix.numpy() == pytest.approx(np.eye(3) / np.sqrt(3))
    first, second = np.zeros((4, 4)), np.zeros((4, 4))
    first[:2, :2] = second[2:, 2:] = TURN
    assert form_of(np.stack([first, second])).n_solutions == 2


def test_a_nearly_degenerate_form_does_not_count() -> None:
    change = np.diag([1.0, 6.0])
    form = form_of((np.linalg.inv(change) @ TURN @ change)[None])
    assert form.n_keeping == 0
    assert form.condition == pytest.approx(6)


def test_nothing_moves() -> None:
    assert invariant_form(torch.zeros(1, 2, 2)) is None
