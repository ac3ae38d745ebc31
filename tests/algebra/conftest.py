from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.algebra.conjugation import conjugated, orthonormal

Matrix = NDArray[np.float64]
Disturb = Callable[..., Matrix]


@pytest.fixture
def disturb() -> Disturb:
    """An orthonormal basis of a span in a random basis of the vectors, with noise."""

    def disturbed(
        matrices: Matrix, seed: int, noise: float = 0.0, condition: float = 3.0
    ) -> Matrix:
        rng = np.random.default_rng(seed)
        k, n, _ = matrices.shape
        left, right, mixing = (np.linalg.qr(rng.normal(size=(m, m)))[0] for m in (n, n, k))
        change = left @ np.diag(np.geomspace(1, condition, n)) @ right
        basis = orthonormal(conjugated(matrices, change))
        errors = rng.normal(size=basis.shape)
        errors *= noise / np.linalg.norm(errors, axis=(1, 2), keepdims=True)
        return orthonormal(np.einsum("ab,bij->aij", mixing, basis) + errors)

    return disturbed
