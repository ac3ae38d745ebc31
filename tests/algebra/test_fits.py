from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.conjugation import conjugated
from symdisc.algebra.fits import Fit, fits
from symdisc.algebra.known import known_algebra

Matrix = NDArray[np.float64]


def best_fit(basis: Matrix, groups: list[list[int]] | None = None) -> Fit:
    """The best one that has standard matrices."""
    found = fits(basis, groups or [list(range(basis.shape[-1]))])
    return next(fit for fit in found if fit.conjugation is not None)


def copies(matrices: Matrix, count: int) -> Matrix:
    return np.array([np.kron(np.eye(count), matrix) for matrix in matrices])


def with_identity(matrices: Matrix) -> Matrix:
    return np.concatenate([matrices, np.eye(matrices.shape[-1])[None]])


@pytest.mark.parametrize(
    ("matrices", "action"),
    [
        (known_algebra("so(1,3)"), "SO(1,3)"),
        (with_identity(known_algebra("so(1,3)")), "SO(1,3) × scaling"),
        (with_identity(known_algebra("so(2)")), "SO(2) × scaling"),
        (copies(known_algebra("so(3)"), 2), "SO(3)"),
        (copies(known_algebra("so(1,2)"), 2), "SO(1,2)"),
        (np.pad(known_algebra("so(4)"), ((0, 0), (0, 1), (0, 1))), "SO(4)"),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_the_best_fit(
    matrices: Matrix, action: str, noise: float, disturb: Callable[..., Matrix]
) -> None:
    for seed in range(3):
        basis = disturb(matrices, seed, noise, condition=2.0)
        best = best_fit(basis)
        assert best.action == action
        assert best.noise == pytest.approx(noise, abs=0.7 * noise + 1e-4)


def test_a_fit_tells_the_basis(disturb: Callable[..., Matrix]) -> None:
    basis = disturb(known_algebra("se(2)"), 0)
    best = fits(basis, [[0, 1, 2]])[0]
    assert best.conjugation is not None
    assert best.matrices is not None
    moved = conjugated(best.matrices, best.conjugation.change).reshape(3, -1)
    rows = basis.reshape(3, -1)
    assert moved - moved @ rows.T @ rows == pytest.approx(np.zeros((3, 9)), abs=1e-4)
    assert best.condition == np.linalg.cond(best.conjugation.change)


def test_commuting_matrices_without_standard_ones() -> None:
    shifts = known_algebra("se(3)")[3:]
    found = fits(shifts, [[0, 1, 2, 3]])
    assert (found[0].action, found[0].algebra.name) == ("R^3", "R^3")
    assert found[0].noise == pytest.approx(0, abs=1e-12)
    assert found[0].condition == 1


def test_given_blocks_need_not_cover_the_vector() -> None:
    turns = np.zeros((2, 5, 5))
    turns[0, :2, :2] = turns[1, 3:, 3:] = known_algebra("so(2)")[0] / np.sqrt(2)
    assert best_fit(turns, [[0, 1], [3, 4]]).action == "SO(2) × SO(2)"


def test_copies_of_different_size_are_not_compared() -> None:
    """The spin-1 action beside the one of SL(2,R) on vectors of the plane."""
    small, large = known_algebra("sl(2)"), known_algebra("so(1,2)")
    joined = np.zeros((3, 5, 5))
    joined[:, :2, :2], joined[:, 2:, 2:] = small, large
    assert all(fit.conjugation is None for fit in fits(joined, [[0, 1], [2, 3, 4]]))


def test_parts_that_do_not_belong_together_have_no_fit() -> None:
    rotations, lorentz = known_algebra("so(3)"), known_algebra("so(1,2)")
    joined = np.zeros((3, 6, 6))
    joined[:, :3, :3], joined[:, 3:, 3:] = rotations / 2, lorentz / 2
    found = fits(joined, [[0, 1, 2], [3, 4, 5]])
    assert min(fit.noise for fit in found) > 0.1
