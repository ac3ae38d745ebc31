"""Quadratic forms that a set of generators keeps: solutions J of LᵀJ + JL = 0."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class KeptForm:
    """A symmetric form and how well the generators keep it.

    Attributes:
        matrix: J, ``(n, n)``, of Frobenius norm 1; more positive than negative directions.
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
    basis = _symmetric_basis(unit.shape[-1])
    changes = np.einsum("kji,sjl->kisl", unit, basis) + np.einsum("sij,kjl->kisl", basis, unit)
    system = changes.transpose(0, 1, 3, 2).reshape(-1, len(basis)) / np.sqrt(len(unit))
    _, values, rows = np.linalg.svd(system, full_matrices=False)
    solutions = np.einsum("ds,sij->dij", rows[len(basis) - n_solutions :], basis)
    form = _closest_to_identity(solutions)
    eigenvalues = np.linalg.eigvalsh(form)
    if (eigenvalues < 0).sum() > (eigenvalues > 0).sum():
        form, eigenvalues = -form, -eigenvalues
    residual = np.linalg.norm(unit.transpose(0, 2, 1) @ form + form @ unit, axis=(1, 2))
    sizes = np.abs(eigenvalues)
    others = values[: len(basis) - n_solutions]
    return KeptForm(
        matrix=form,
        residual=float(np.sqrt(np.mean(residual**2))),
        next_residual=float(others[-1]) if len(others) else np.inf,
        signature=(int((eigenvalues > 0).sum()), int((eigenvalues < 0).sum())),
        condition=float(np.sqrt(sizes.max() / max(sizes.min(), np.finfo(float).tiny))),
    )


def _closest_to_identity(solutions: Matrix) -> Matrix:
    traces = np.trace(solutions, axis1=1, axis2=2)
    if len(solutions) == 1 or np.linalg.norm(traces) == 0:
        return np.asarray(solutions[-1])
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
