"""The closed algebra nearest to a span that does not quite close."""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, lsmr

from symdisc.algebra.brackets import brackets
from symdisc.algebra.conjugation import orthonormal
from symdisc.algebra.forms import Matrix

ROUNDS = 20
FIRST_DAMPING = 0.3
"""Levenberg–Marquardt: steps along which brackets change less than this are held short [1]."""

CLOSED = 1e-10
"""Brackets outside the span of smaller norm are zero [1]."""


def nearest_algebra(basis: Matrix) -> Matrix:
    """A closed span near the given one, by Gauss–Newton steps of least length.

    Each step solves, to first order, for the smallest change Y of the span after which all
    brackets lie inside. It may end at a span that is not closed if there is none near.

    Args:
        basis: Orthonormal, ``(k, n, n)``.

    Returns:
        Orthonormal basis ``(k, n, n)``.
    """
    outside = _outside(brackets(basis), basis)
    damping = FIRST_DAMPING
    for _ in range(ROUNDS):
        size = float(np.linalg.norm(outside))
        if size < CLOSED:
            break
        moved = orthonormal(basis + _step(basis, outside, damping))
        missing = _outside(brackets(moved), moved)
        if np.linalg.norm(missing) < size:
            basis, outside, damping = moved, missing, damping / 5
        else:
            damping *= 3
    return basis


def _outside(matrices: Matrix, basis: Matrix) -> Matrix:
    rows = basis.reshape(len(basis), -1)
    flat = matrices.reshape(-1, rows.shape[1])
    return np.asarray((flat - flat @ rows.T @ rows).reshape(matrices.shape))


def _step(basis: Matrix, outside: Matrix, damping: float) -> Matrix:
    k, n, _ = basis.shape
    rows = basis.reshape(k, -1)
    constants = (brackets(basis).reshape(k * k, -1) @ rows.T).reshape(k, k, k)

    def change(flat: Matrix) -> Matrix:
        """How brackets leave the span after a change Y of the basis."""
        y = _outside(flat.reshape(k, n, n), basis)
        half = np.einsum("iab,jbc->ijac", y, basis) - np.einsum("jab,ibc->ijac", basis, y)
        moved = half - half.transpose(1, 0, 2, 3) - np.tensordot(constants, y, 1)
        return np.asarray(_outside(moved, basis).ravel())

    def transposed(flat: Matrix) -> Matrix:
        r = _outside(flat.reshape(k, k, n, n), basis)
        r_anti = r - r.transpose(1, 0, 2, 3)
        y = np.einsum("ijac,jbc->iab", r_anti, basis) - np.einsum("jba,ijbc->iac", basis, r_anti)
        y = y - np.einsum("jli,jlab->iab", constants, r)
        return np.asarray(_outside(y, basis).ravel())

    shape = (k * k * n * n, k * n * n)
    operator = LinearOperator(shape, matvec=change, rmatvec=transposed, dtype=np.float64)
    target = -outside.ravel()
    solution = lsmr(operator, target, damp=damping, atol=1e-6, btol=1e-6, maxiter=60)[0]
    return _outside(solution.reshape(k, n, n), basis)
