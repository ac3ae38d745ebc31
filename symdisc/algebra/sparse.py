"""A basis of a span with as few large entries as possible."""

from __future__ import annotations

import itertools

import numpy as np

from symdisc.algebra.forms import Matrix

SWEEPS = 30
STILL = 1e-6
"""Turns by less than this end the search [radian]."""


def sparse_basis(basis: Matrix) -> Matrix:
    """Turn an orthonormal basis within its span until entries are large or small.

    Pairs of basis elements are turned in their plane so that Σ entries⁴ grows, until nothing
    changes. The result is a local optimum.

    Args:
        basis: Orthonormal, ``(k, n, n)``.

    Returns:
        Orthonormal basis of the same span, ``(k, n, n)``; of each element the first entry that
        is at least half as large as the largest is positive.

    Reference:
        Neuhaus, Wrigley: The quartimax method, Br. J. Stat. Psychol. 7 (1954); the angle as in
        Kaiser, Psychometrika 23 (1958), without the term of varimax.
    """
    rows = basis.reshape(len(basis), -1).copy()
    for _ in range(SWEEPS):
        largest = 0.0
        for i, j in itertools.combinations(range(len(rows)), 2):
            angle = _angle(rows[i], rows[j])
            largest = max(largest, abs(angle))
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            rows[[i, j]] = turn @ rows[[i, j]]
        if largest < STILL:
            break
    sizes = np.abs(rows)
    firsts = (sizes >= sizes.max(axis=1, keepdims=True) / 2).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), firsts])
    return np.asarray((signs[:, None] * rows).reshape(basis.shape))


def _angle(first: Matrix, second: Matrix) -> float:
    """The angle that maximises Σ (c x + s y)⁴ + (c y − s x)⁴."""
    u, v = first**2 - second**2, 2 * first * second
    return float(np.arctan2(2 * (u * v).sum(), (u**2 - v**2).sum())) / 4
