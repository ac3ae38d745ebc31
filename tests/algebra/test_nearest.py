from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.brackets import closure_residual
from symdisc.algebra.conjugation import orthonormal
from symdisc.algebra.known import known_algebra
from symdisc.algebra.nearest import nearest_algebra

Matrix = NDArray[np.float64]


def distance(first: Matrix, second: Matrix) -> float:
    rows, other = first.reshape(len(first), -1), second.reshape(len(second), -1)
    return float(np.linalg.norm(rows - rows @ other.T @ other) / np.sqrt(len(rows)))


@pytest.mark.parametrize("text", ["so(3)", "so(1,3)", "se(2)", "heisenberg(3)", "aff(2)", "sl(3)"])
def test_a_closed_span_is_near_a_noisy_one(text: str, disturb: Callable[..., Matrix]) -> None:
    for seed in range(2):
        basis = disturb(known_algebra(text), seed, 0.03)
        closed = nearest_algebra(basis)
        rows = closed.reshape(len(closed), -1)
        assert closure_residual(closed) < 1e-6 < closure_residual(basis)
        assert rows @ rows.T == pytest.approx(np.eye(len(rows)))
        assert distance(basis, closed) < 0.03


def test_a_closed_span_stays() -> None:
    basis = orthonormal(known_algebra("se(3)"))
    assert nearest_algebra(basis) == pytest.approx(basis)


def test_steps_reduce_what_lies_outside() -> None:
    basis = orthonormal(np.random.default_rng(0).normal(size=(3, 3, 3)))
    assert closure_residual(nearest_algebra(basis)) < closure_residual(basis)
