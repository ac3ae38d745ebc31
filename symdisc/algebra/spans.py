"""Spans of generators: bases, rank, and the angles between two spans. All in float64."""

from __future__ import annotations

import math

import numpy as np
import scipy.linalg
import torch
from torch import Tensor

RANK_TOLERANCE = 0.03
"""Singular values below this share of the largest do not count towards the rank [1]."""


def unit_scaled(generators: Tensor) -> Tensor:
    """Each generator divided by its Frobenius norm; zero generators stay zero.

    Args:
        generators: ``(k, n, n)``.

    Returns:
        ``(k, n, n)`` float64.
    """
    norms = torch.linalg.matrix_norm(generators.double())[:, None, None]
    return generators.double() / torch.where(norms > 0, norms, 1.0)


def numerical_rank(generators: Tensor) -> int:
    """Dimension of the span.

    The rank is the number of singular values of the unit-scaled generators, written as rows of
    a ``(k, n²)`` matrix, that exceed ``RANK_TOLERANCE`` times the largest one.

    Args:
        generators: ``(k, n, n)``, finite.
    """
    return len(orthonormal_basis(generators))


def orthonormal_basis(generators: Tensor) -> Tensor:
    """An orthonormal basis (Frobenius inner product) of the span.

    Args:
        generators: ``(k, n, n)``, finite.

    Returns:
        ``(r, n, n)`` float64, with r the :func:`numerical_rank`.
    """
    n = generators.shape[-1]
    _, values, rows = torch.linalg.svd(unit_scaled(generators).flatten(1), full_matrices=False)
    if values.numel() == 0 or values[0] == 0:
        return generators.new_zeros(0, n, n, dtype=torch.float64)
    rank = int((values > RANK_TOLERANCE * values[0]).sum())
    basis: Tensor = rows[:rank].reshape(rank, n, n)
    return basis


def principal_angles(a: Tensor, b: Tensor) -> Tensor:
    """Principal angles between two spans, ascending [degrees].

    Args:
        a: Generators ``(k, n, n)``, not all zero.
        b: Generators ``(l, n, n)``, not all zero.

    Returns:
        ``(min(rank a, rank b),)``, between 0 and 90.

    Reference:
        Björck, Golub: Numerical methods for computing angles between linear subspaces,
        Math. Comp. 27 (1973), as implemented in ``scipy.linalg.subspace_angles``.
    """
    first, second = (orthonormal_basis(g).flatten(1).T.numpy() for g in (a, b))
    angles = np.rad2deg(scipy.linalg.subspace_angles(first, second))
    return torch.tensor(angles[::-1].copy(), dtype=torch.float64)


def largest_angle(span: Tensor, into: Tensor) -> float:
    """Largest principal angle from one span into another [degrees].

    It is 0 if ``span`` lies in ``into``, and 90 if ``span`` has the higher dimension.

    Args:
        span: Generators ``(k, n, n)``, not all zero.
        into: Generators ``(l, n, n)``, not all zero.
    """
    if numerical_rank(span) > numerical_rank(into):
        return 90.0
    return float(principal_angles(span, into)[-1])


def cosine(a: Tensor, b: Tensor) -> float:
    """|cosine| of two generators ``(n, n)``: |⟨A, B⟩| / (‖A‖‖B‖), 0 if one of them is zero [1]."""
    a, b = a.double(), b.double()
    norms = float(torch.linalg.norm(a) * torch.linalg.norm(b))
    inner = abs(float((a * b).sum()))
    return min(inner / norms, 1.0) if norms > 0 and math.isfinite(norms) else 0.0
