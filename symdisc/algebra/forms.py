"""Quadratic forms that a set of generators keeps: solutions J of LᵀJ + JL = 0."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

COMPARABLE = 0.5
"""Entries of the diagonal of at least this share of the largest entry may decide a sign [1]."""


@dataclass(frozen=True, eq=False)
class KeptForm:
    """A symmetric form and how well the generators keep it.

    Attributes:
        matrix: J, ``(n, n)``, of Frobenius norm 1; more positive than negative directions or,
            where they are as many, a positive first entry of the diagonal that is not small.
        residual: √(mean_i ‖LᵢᵀJ + JLᵢ‖²) for generators of Frobenius norm 1 [1].
        next_residual: The same for the best form outside the solution space, infinite if there
            is none [1].
        signature: Numbers of positive and negative eigenvalues of J.
        condition: √(largest over smallest |eigenvalue| of J): condition number of the change of
            basis that makes J diagonal with entries ±1 [1].
    """

    matrix: Matrix
    residual: float
    next_residual: float
    signature: tuple[int, int]
    condition: float


def kept_form(generators: Matrix, n_solutions: int = 1) -> KeptForm:
    """The form that the generators keep best.

    Args:
        generators: ``(k, n, n)``, none of them zero.
        n_solutions: Dimension of the space of kept forms, where it is known; of that space the
            form closest to the identity is taken.
    """
    unit = generators / np.linalg.norm(generators, axis=(1, 2), keepdims=True)
    values, forms = _forms_by_residual(unit)
    form = _signed(_closest_to_identity(forms[:n_solutions]))
    eigenvalues = np.linalg.eigvalsh(form)
    sizes = np.abs(eigenvalues)
    return KeptForm(
        matrix=form,
        residual=form_residual(unit, form),
        next_residual=float(values[n_solutions]) if n_solutions < len(values) else np.inf,
        signature=(int((eigenvalues > 0).sum()), int((eigenvalues < 0).sum())),
        condition=float(np.sqrt(sizes.max() / max(sizes.min(), np.finfo(float).tiny))),
    )


def form_changes(generators: Matrix, form: Matrix) -> Matrix:
    """How a form changes along each generator: LᵢᵀJ + JLᵢ, ``(k, n, n)``.

    Args:
        generators: ``(k, n, n)``.
        form: J, ``(n, n)``, symmetric.
    """
    changes: Matrix = generators.transpose(0, 2, 1) @ form + form @ generators
    return changes


def form_residual(generators: Matrix, form: Matrix) -> float:
    """√(mean_i ‖LᵢᵀJ + JLᵢ‖²) for L and J of any norm, as if of norm 1 [1].

    Args:
        generators: ``(k, n, n)``, none of them zero.
        form: J, ``(n, n)``, symmetric, not zero.
    """
    sizes = np.linalg.norm(generators, axis=(1, 2)) * np.linalg.norm(form)
    changes = np.linalg.norm(form_changes(generators, form), axis=(1, 2))
    return float(np.sqrt(np.mean((changes / sizes) ** 2)))


def form_residuals(generators: Matrix) -> Matrix:
    """Residuals of an orthonormal basis of all forms, ascending, ``(n(n+1)/2,)`` [1].

    Args:
        generators: ``(k, n, n)``, none of them zero.
    """
    norms = np.linalg.norm(generators, axis=(1, 2), keepdims=True)
    return _forms_by_residual(generators / norms)[0]


def form_cosine(form: Matrix, other: Matrix) -> float:
    """|cosine| of two quadratic forms: of the symmetric parts of their matrices [1].

    A form says the same as any multiple of it, so 1 is full agreement; 0 if one of them is zero.

    Args:
        form: ``(n, n)``.
        other: ``(n, n)``, for instance the true form.
    """
    first, second = form + form.T, other + other.T
    norms = np.linalg.norm(first) * np.linalg.norm(second)
    return min(abs(float((first * second).sum())) / float(norms), 1.0) if norms > 0 else 0.0


def _forms_by_residual(unit: Matrix) -> tuple[Matrix, Matrix]:
    """Residuals ``(s,)``, ascending, and the orthonormal forms ``(s, n, n)`` that have them."""
    basis = _symmetric_basis(unit.shape[-1])
    changes = np.einsum("kji,sjl->kisl", unit, basis) + np.einsum("sij,kjl->kisl", basis, unit)
    system = changes.transpose(0, 1, 3, 2).reshape(-1, len(basis)) / np.sqrt(len(unit))
    _, values, rows = np.linalg.svd(system, full_matrices=False)
    return values[::-1], np.einsum("ds,sij->dij", rows[::-1], basis)


def _signed(form: Matrix) -> Matrix:
    eigenvalues = np.linalg.eigvalsh(form)
    surplus = int((eigenvalues > 0).sum()) - int((eigenvalues < 0).sum())
    if surplus == 0:
        diagonal = np.diag(form)
        large = np.flatnonzero(np.abs(diagonal) >= COMPARABLE * np.abs(form).max())
        surplus = 1 if len(large) == 0 or diagonal[large[0]] > 0 else -1
    return np.asarray(form if surplus > 0 else -form)


def _closest_to_identity(solutions: Matrix) -> Matrix:
    traces = np.trace(solutions, axis1=1, axis2=2)
    if len(solutions) == 1 or np.linalg.norm(traces) == 0:
        return np.asarray(solutions[0])
    form = np.einsum("d,dij->ij", traces, solutions)
    return np.asarray(form / np.linalg.norm(form))


def _symmetric_basis(n: int) -> Matrix:
    """Orthonormal basis of the symmetric matrices, ``(n(n+1)/2, n, n)``."""
    basis = []
    for i, j in itertools.combinations_with_replacement(range(n), 2):
        form = np.zeros((n, n))
        form[i, j] = form[j, i] = 1.0 if i == j else np.sqrt(0.5)
        basis.append(form)
    return np.array(basis)
