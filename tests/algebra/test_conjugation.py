from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.conjugation import (
    conjugated,
    fit_conjugation,
    noise_estimate,
    orbit_dimension,
    orthonormal,
    rescaled,
)
from symdisc.algebra.known import known_algebra

Matrix = NDArray[np.float64]


def test_orthonormal_bases_span_the_same() -> None:
    matrices = known_algebra("se(2)") * np.array([1.0, 5.0, 0.1])[:, None, None]
    basis = orthonormal(matrices).reshape(3, -1)
    assert basis @ basis.T == pytest.approx(np.eye(3))
    flat = matrices.reshape(3, -1)
    assert flat @ basis.T @ basis == pytest.approx(flat)


@pytest.mark.parametrize(
    ("text", "dimension"),
    # n² less the dimension of the normaliser: for so(n) itself and the scalings.
    [("so(3)", 5), ("so(1,3)", 9), ("sl(3)", 0), ("gl(3)", 0), ("aff(2)", 2), ("sp(4)", 5)],
)
def test_orbit_dimensions(text: str, dimension: int) -> None:
    assert orbit_dimension(known_algebra(text)) == dimension


def test_a_near_start_is_led_to_the_exact_basis() -> None:
    rng = np.random.default_rng(0)
    matrices, change = known_algebra("so(1,3)"), np.eye(4) + 0.1 * rng.normal(size=(4, 4))
    found = orthonormal(conjugated(matrices, change))
    fit = fit_conjugation(found, matrices, np.eye(4))
    assert fit.residual < 1e-10
    again = orthonormal(conjugated(matrices, fit.change)).reshape(6, -1)
    assert found.reshape(6, -1) @ again.T @ again == pytest.approx(found.reshape(6, -1))


def test_steps_never_make_a_fit_worse() -> None:
    rng = np.random.default_rng(1)
    found = orthonormal(rng.normal(size=(3, 3, 3)))
    matrices = known_algebra("so(3)")
    basis = orthonormal(matrices).reshape(3, -1)
    flat = found.reshape(3, -1)
    before = np.linalg.norm(flat - flat @ basis.T @ basis) / np.sqrt(3)
    fit = fit_conjugation(found, matrices, np.eye(3))
    assert 0.1 < fit.residual < before


def test_the_noise_is_recovered(disturb: Callable[..., Matrix]) -> None:
    matrices = known_algebra("so(4)")
    free = 6 * 10 - orbit_dimension(matrices)
    noises = []
    for seed in range(10):
        found = disturb(matrices, seed, 0.03, condition=1.0)
        fit = fit_conjugation(found, matrices, np.eye(4))
        noises.append(noise_estimate(fit.residual, (6, 4), free))
    assert np.mean(noises) == pytest.approx(0.03, rel=0.05)


def test_no_noise_can_be_told_from_nothing_free() -> None:
    assert noise_estimate(0.1, (9, 3), 0) == 0


def test_lengths_that_a_fit_leaves_open_are_chosen_for_the_least_condition() -> None:
    turns = np.zeros((2, 4, 4))
    turns[0, :2, :2] = turns[1, 2:, 2:] = known_algebra("so(2)")[0]
    change = np.diag([1.0, 2.0, 10.0, 20.0])
    found = orthonormal(conjugated(turns, change))
    fit = rescaled(fit_conjugation(found, turns, change), turns)
    assert fit.condition == pytest.approx(2, rel=0.01)
    assert fit.condition == pytest.approx(np.linalg.cond(fit.change))
    again = orthonormal(conjugated(turns, fit.change)).reshape(2, -1)
    assert found.reshape(2, -1) @ again.T @ again == pytest.approx(found.reshape(2, -1))


def test_lengths_that_are_fixed_stay() -> None:
    change = np.diag([1.0, 2.0, 3.0])
    rotations = known_algebra("so(3)")
    fit = fit_conjugation(orthonormal(conjugated(rotations, change)), rotations, change)
    assert rescaled(fit, rotations).condition == pytest.approx(3)
