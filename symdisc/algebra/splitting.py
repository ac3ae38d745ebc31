"""Splitting a vector into parts that a span of matrices never mixes."""

from __future__ import annotations

import numpy as np

from symdisc.algebra.forms import Matrix

COMMUTES = 0.08
"""A matrix X of norm 1 commutes with the span if √(mean ‖[X, B_i]‖²) is at most this [1]."""

DRAWS = 8
GAP = 3.0
"""Eigenvalues of X are apart if the gap is at least this many times the spread of one group [1]."""

APART = 0.25
"""Groups of eigenvalues are at least this far apart, over the largest modulus [1]."""


def split_vector(basis: Matrix) -> list[Matrix]:
    """Invariant parts of the vector, each the columns of a matrix ``(n, m_b)``, orthonormal.

    Eigenspaces of a matrix that commutes with the span are invariant. Of several random ones the
    one that splits the vector into most parts is taken.

    Args:
        basis: Orthonormal basis of the span, ``(k, n, n)``.

    Returns:
        Parts whose sizes add up to n; one part if nothing but multiples of the identity commutes,
        or if no eigenvalues are clearly apart.
    """
    n = basis.shape[-1]
    commuting = _commutant(basis)
    best: list[list[int]] = [list(range(n))]
    chosen = np.eye(n)
    if len(commuting) > 1:
        rng = np.random.default_rng(0)
        for weights in rng.normal(size=(DRAWS, len(commuting))):
            matrix = np.einsum("c,cij->ij", weights, commuting)
            groups = _groups(np.linalg.eigvals(matrix))
            if len(groups) > len(best):
                best, chosen = groups, matrix
    if len(best) == 1:
        return [np.eye(n)]
    return _eigenspaces(chosen, best)


def _commutant(basis: Matrix) -> Matrix:
    """Orthonormal matrices that commute with the span, ``(d, n, n)``."""
    k, n, _ = basis.shape
    eye = np.eye(n)
    moved = np.einsum("ra,ibc->abirc", eye, basis) - np.einsum("cb,ira->abirc", eye, basis)
    flat = moved.reshape(n * n, -1)
    squares, vectors = np.linalg.eigh(flat @ flat.T / k)
    kept = squares <= COMMUTES**2
    return np.asarray(vectors[:, kept].T.reshape(-1, n, n))


def _groups(eigenvalues: Matrix) -> list[list[int]]:
    """Positions of eigenvalues that belong together, conjugates always; one group if unclear."""
    points = np.stack([eigenvalues.real, np.abs(eigenvalues.imag)], axis=1)
    points = points / max(float(np.abs(eigenvalues).max()), 1e-300)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    linked = distances <= APART
    groups: list[list[int]] = []
    for i in range(len(points)):
        joined = [group for group in groups if linked[i, group].any()]
        groups = [group for group in groups if group not in joined]
        groups.append(sorted([i, *(j for group in joined for j in group)]))
    spread = max(float(distances[np.ix_(group, group)].max()) for group in groups)
    outside = [distances[np.ix_(a, b)].min() for a in groups for b in groups if a != b]
    if outside and min(outside) < GAP * spread:
        return [list(range(len(points)))]
    return groups


def _eigenspaces(matrix: Matrix, groups: list[list[int]]) -> list[Matrix]:
    """Of each group of eigenvalues λ the directions that (X − λ̄)(X − λ) shortens most."""
    eigenvalues = np.linalg.eigvals(matrix)
    eye = np.eye(len(matrix))
    parts = []
    for group in groups:
        real, size = eigenvalues[group].real.mean(), np.abs(eigenvalues[group]).mean()
        is_real = np.abs(eigenvalues[group].imag).max() <= APART * size / 2
        shifted = matrix - real * eye
        product = shifted if is_real else shifted @ shifted + (size**2 - real**2) * eye
        parts.append(np.asarray(np.linalg.svd(product)[2][-len(group) :].T))
    return parts
