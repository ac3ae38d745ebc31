"""Fitting known matrices to a span: the change of basis S that takes one to the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.optimize

from symdisc.algebra.forms import Matrix

ROUNDS = 12
FEW, HOPELESS = 2, 0.25
"""After so many rounds a residual above this is given up [1]."""

ENOUGH = 0.01
"""A step that gains less than this share of the residual is the last one [1]."""

NORMALISER = 1e-6
"""Changes of basis whose squared effect on an orthonormal basis is smaller move no span [1]."""

EVALUATIONS = 200
"""Conditions that are computed to find the least one."""

LONGEST_STEP = 0.7
"""Largest Frobenius norm of the logarithm of one step's change of basis [1]."""


@dataclass(frozen=True, eq=False)
class Conjugation:
    """How well S M S⁻¹ spans what was found.

    Attributes:
        change: S, ``(n, n)``.
        basis: Orthonormal basis of the span of S M S⁻¹, ``(k, n, n)``.
        residual: √(mean of sin² of the principal angles) between the two spans [1].
        condition: Condition number of S, as the fit leaves it [1].
    """

    change: Matrix
    basis: Matrix
    residual: float
    condition: float


def noise_estimate(residual: float, shape: tuple[int, int], free: int) -> float:
    """Noise of a generator of norm 1 that leaves a residual [1].

    A residual is smaller than the noise, since noise inside the span and along the fitted
    parameters is not seen.

    Args:
        residual: √(mean of sin² of the principal angles).
        shape: Dimension k of the span and rows n of the matrices.
        free: k (n² − k) numbers of a span less those that were fitted.
    """
    k, n = shape
    return residual * n * float(np.sqrt(k / free)) if free > 0 else 0.0


def conjugated(matrices: Matrix, change: Matrix) -> Matrix:
    """S M S⁻¹ of each matrix, ``(k, n, n)``."""
    return np.asarray(change @ matrices @ np.linalg.inv(change))


def orthonormal(matrices: Matrix) -> Matrix:
    """An orthonormal basis (Frobenius product) of linearly independent matrices."""
    q, _ = np.linalg.qr(matrices.reshape(len(matrices), -1).T)
    return np.asarray(q.T.reshape(matrices.shape))


def fit_conjugation(found: Matrix, matrices: Matrix, start: Matrix) -> Conjugation:
    """The change of basis near a start that takes known matrices best into the found span.

    Gauss–Newton steps S ← exp(X) S: to first order the span moves by [X, ·] outside of itself,
    so X solves a linear least-squares problem with n² unknowns. Changes that leave the span as
    it is (its normaliser) are not made. Steps that gain nothing are halved.

    Args:
        found: Orthonormal basis of the span, ``(k, n, n)``.
        matrices: Linearly independent, ``(k, n, n)``.
        start: First S, ``(n, n)``, invertible.
    """
    change = start
    basis, missing = _missing(found, matrices, change)
    for done in range(ROUNDS):
        size = float(np.linalg.norm(missing))
        if size < 1e-12 or (done >= FEW and size > HOPELESS * np.sqrt(len(found))):
            break
        step = _step(basis, found - missing, missing)
        for share in (1.0, 0.5, 0.25):
            moved = _exponential(share * step) @ change
            new_basis, new_missing = _missing(found, matrices, moved)
            if np.linalg.norm(new_missing) < size:
                break
        else:
            break
        change, basis, missing = moved, new_basis, new_missing
        if np.linalg.norm(missing) > (1 - ENOUGH) * size:
            break
    residual = float(np.linalg.norm(missing)) / np.sqrt(len(found))
    return Conjugation(change, basis, float(residual), float(np.linalg.cond(change)))


def rescaled(fit: Conjugation, matrices: Matrix) -> Conjugation:
    """The same fit with the lengths of the new coordinates chosen for the least condition.

    Only lengths that leave the span as it is are changed, such as those of the parts of a direct
    sum against each other, which a fit leaves open.

    Args:
        fit: A fit.
        matrices: What was fitted, ``(k, n, n)``.
    """
    n = matrices.shape[-1]
    basis = orthonormal(matrices)
    diagonal = np.arange(n) * (n + 1)
    effects, lengths = np.linalg.eigh(_gram(basis, basis)[np.ix_(diagonal, diagonal)])
    free = lengths[:, effects <= NORMALISER]

    def condition(weights: Matrix) -> float:
        return float(np.linalg.cond(fit.change * np.exp(free @ weights)))

    found = scipy.optimize.minimize(
        condition, np.zeros(free.shape[1]), method="Nelder-Mead", options={"maxfev": EVALUATIONS}
    )
    change = fit.change * np.exp(free @ found.x)
    return replace(fit, change=np.asarray(change), condition=float(found.fun))


def orbit_dimension(matrices: Matrix) -> int:
    """Dimension of the family of spans of S M S⁻¹: n² less that of the normaliser.

    Args:
        matrices: Linearly independent, ``(k, n, n)``.
    """
    basis = orthonormal(matrices)
    eigenvalues = np.linalg.eigvalsh(_gram(basis, basis))
    return int((eigenvalues > NORMALISER).sum())


def _missing(found: Matrix, matrices: Matrix, change: Matrix) -> tuple[Matrix, Matrix]:
    """Basis of the conjugated span and what of the found basis lies outside of it."""
    basis = orthonormal(conjugated(matrices, change))
    return basis, found - _projected(found, basis)


def _projected(matrices: Matrix, basis: Matrix) -> Matrix:
    rows, flat = basis.reshape(len(basis), -1), matrices.reshape(len(matrices), -1)
    return np.asarray((flat @ rows.T @ rows).reshape(matrices.shape))


def _gram(basis: Matrix, inside: Matrix) -> Matrix:
    """Inner products of what [E_ab, V_i], over all i, have outside the span, ``(n², n²)``.

    E_ab is the matrix with a single 1. From products of small matrices, without forming the
    n² × k n² numbers themselves.
    """
    k, n, _ = basis.shape
    eye = np.eye(n)
    rows = np.einsum("iac,ibc->ab", inside, inside)
    columns = np.einsum("ica,icb->ab", inside, inside)
    flat = inside.reshape(k, n * n)
    cross = (flat.T @ flat).reshape(n, n, n, n)
    # cross[a, c, b, d] = Σ_i V_i[a, c] V_i[b, d].
    whole = (
        np.einsum("ac,bd->abcd", eye, rows)
        + np.einsum("bd,ac->abcd", eye, columns)
        - cross.transpose(0, 2, 1, 3)
        - cross.transpose(1, 3, 0, 2)
    ).reshape(n * n, n * n)
    along = _moment(basis[None, :], inside[:, None]).reshape(k * k, n * n)
    return np.asarray(whole - along.T @ along)


def _moment(targets: Matrix, inside: Matrix) -> Matrix:
    """Inner products ⟨[E_ab, V], R⟩ = (R Vᵀ − Vᵀ R)[a, b]."""
    turned = inside.swapaxes(-1, -2)
    return np.asarray(targets @ turned - turned @ targets)


def _step(basis: Matrix, inside: Matrix, missing: Matrix) -> Matrix:
    n = basis.shape[1]
    values, vectors = np.linalg.eigh(_gram(basis, inside))
    kept = values > NORMALISER
    target = vectors[:, kept].T @ _moment(missing, inside).sum(axis=0).reshape(-1)
    step = (vectors[:, kept] @ (target / values[kept])).reshape(n, n)
    return np.asarray(step * min(1.0, LONGEST_STEP / max(float(np.linalg.norm(step)), 1e-300)))


def _exponential(matrix: Matrix) -> Matrix:
    """Exp by its series; the norm is at most ``LONGEST_STEP``, so fourteen terms are exact."""
    total, term = np.eye(len(matrix)), np.eye(len(matrix))
    for j in range(1, 15):
        term = term @ matrix / j
        total = total + term
    return total
