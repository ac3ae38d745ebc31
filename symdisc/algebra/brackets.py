"""Brackets of matrices: closure of a span and its structure constants."""

from __future__ import annotations

import numpy as np

from symdisc.algebra.forms import Matrix


def brackets(matrices: Matrix) -> Matrix:
    """[L_i, L_j] = L_i L_j − L_j L_i, ``(k, k, n, n)``.

    Args:
        matrices: ``(k, n, n)``.
    """
    products = np.einsum("iab,jbc->ijac", matrices, matrices, optimize=True)
    return np.asarray(products - products.transpose(1, 0, 2, 3))


def structure_constants(matrices: Matrix) -> Matrix:
    """C with [L_i, L_j] ≈ Σ_l c[i, j, l] L_l, by least squares, ``(k, k, k)``.

    Args:
        matrices: ``(k, n, n)``, linearly independent.
    """
    k = len(matrices)
    inverse = np.linalg.pinv(matrices.reshape(k, -1))
    constants = brackets(matrices).reshape(k * k, -1) @ inverse
    return np.asarray(constants.reshape(k, k, k))


def closure_residual(matrices: Matrix) -> float:
    """Largest share of a bracket [L_i, L_j] that lies outside the span of the generators [1].

    The norm outside is taken relative to ‖L_i‖‖L_j‖.

    Args:
        matrices: ``(k, n, n)``, linearly independent.
    """
    unit = matrices / np.linalg.norm(matrices, axis=(1, 2), keepdims=True)
    k = len(unit)
    inside = structure_constants(unit).reshape(k * k, k) @ unit.reshape(k, -1)
    outside = brackets(unit).reshape(k * k, -1) - inside
    return float(np.linalg.norm(outside, axis=1).max())


def closure_noise(basis: Matrix) -> float:
    """Noise of each matrix of a closed span that explains how far brackets leave it [1].

    To first order, noise N leaves [N_i, L_j] + [L_i, N_j] − Σ_l c_ijl N_l outside of the span.

    Args:
        basis: Orthonormal, ``(k, n, n)``.
    """
    k = len(basis)
    together = brackets(basis).reshape(k * k, -1)
    rows = basis.reshape(k, -1)
    constants = together @ rows.T
    outside = float(((together - constants @ rows) ** 2).sum())
    expected = float(2 * k * bracket_gains(basis).sum() + (constants**2).sum())
    return float(np.sqrt(outside / expected)) if expected > 0 else 0.0


def bracket_gains(matrices: Matrix) -> Matrix:
    """Mean of ‖[L_i, N]‖² over random N of norm 1, ``(k,)``.

    Args:
        matrices: ``(k, n, n)``.
    """
    n = matrices.shape[-1]
    traces = np.trace(matrices, axis1=1, axis2=2)
    squares = (matrices**2).sum(axis=(1, 2))
    return np.asarray(2 * np.maximum(n * squares - traces**2, 0.0) / n**2)
