from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.known import known_algebra
from symdisc.algebra.splitting import split_vector

Matrix = NDArray[np.float64]
TURN = known_algebra("so(2)")


def side_by_side(first: Matrix, second: Matrix) -> Matrix:
    m, n = first.shape[-1], second.shape[-1]
    left = np.pad(first, ((0, 0), (0, n), (0, n)))
    return np.concatenate([left, np.pad(second, ((0, 0), (m, 0), (m, 0)))])


CASES = {
    "2 + 2": (side_by_side(TURN, TURN), [2, 2]),
    "2 + 3": (side_by_side(TURN, known_algebra("so(3)")), [2, 3]),
    "3 + 3": (side_by_side(known_algebra("so(3)"), known_algebra("so(3)")), [3, 3]),
    "3, and 1 that stays": (np.pad(known_algebra("so(3)"), ((0, 0), (0, 1), (0, 1))), [1, 3]),
    "diagonal": (np.array([np.diag(row) for row in np.eye(3)]), [1, 1, 1]),
    "irreducible": (known_algebra("so(4)"), [4]),
    "one turn": (TURN, [2]),
    "without complement": (known_algebra("se(2)"), [3]),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_parts(case: str, noise: float, disturb: Callable[..., Matrix]) -> None:
    matrices, sizes = CASES[case]
    for seed in range(3):
        basis = disturb(matrices, seed, noise)
        parts = split_vector(basis)
        assert sorted(part.shape[1] for part in parts) == sizes
        for part in parts:
            assert part.T @ part == pytest.approx(np.eye(part.shape[1]))
            moved = basis @ part
            outside = moved - part @ (part.T @ moved)
            assert np.linalg.norm(outside, axis=(1, 2)).max() <= 1e-6 + 4 * noise
