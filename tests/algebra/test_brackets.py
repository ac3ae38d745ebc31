from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.brackets import (
    bracket_gains,
    brackets,
    closure_noise,
    closure_residual,
    structure_constants,
)
from symdisc.algebra.known import known_algebra

Matrix = NDArray[np.float64]


def test_brackets_are_commutators() -> None:
    first, second = np.random.default_rng(0).normal(size=(2, 3, 3))
    found = brackets(np.array([first, second]))
    assert found[0, 1] == pytest.approx(first @ second - second @ first)
    assert found[1, 0] == pytest.approx(-found[0, 1])


def test_structure_constants_of_rotations_are_those_of_the_cross_product() -> None:
    cross = np.array([np.cross(np.eye(3), axis).T for axis in np.eye(3)])
    constants = structure_constants(cross)
    levi_civita = np.zeros((3, 3, 3))
    levi_civita[[0, 1, 2], [1, 2, 0], [2, 0, 1]] = 1
    levi_civita -= levi_civita.transpose(1, 0, 2)
    assert np.abs(constants) == pytest.approx(np.abs(levi_civita))
    assert constants == pytest.approx(constants[0, 1, 2] * levi_civita)


def test_closure_residual() -> None:
    assert closure_residual(known_algebra("so(3)")) == pytest.approx(0, abs=1e-12)
    assert closure_residual(known_algebra("so(3)")[:2]) == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize("text", ["so(4)", "aff(2)", "heisenberg(5)"])
def test_closure_noise_never_exceeds_the_noise(text: str, disturb: Callable[..., Matrix]) -> None:
    noises = [closure_noise(disturb(known_algebra(text), seed, 0.03)) for seed in range(20)]
    assert min(noises) > 0.008
    assert max(noises) < 0.03
    assert closure_noise(disturb(known_algebra(text), 0)) < 1e-12


def test_closure_noise_of_multiples_of_the_identity_is_zero() -> None:
    assert closure_noise(known_algebra("scaling(3)") / np.sqrt(3)) == 0


def test_bracket_gains_are_means_over_random_matrices() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(3, 3))
    others = rng.normal(size=(20000, 3, 3))
    others /= np.linalg.norm(others, axis=(1, 2), keepdims=True)
    squares = ((matrix @ others - others @ matrix) ** 2).sum(axis=(1, 2))
    assert bracket_gains(matrix[None])[0] == pytest.approx(squares.mean(), rel=0.03)
    assert bracket_gains(np.eye(3)[None])[0] == pytest.approx(0)
