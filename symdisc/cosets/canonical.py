"""The most readable matrix of a coset."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from symdisc.algebra.forms import kept_form
from symdisc.algebra.spans import RANK_TOLERANCE
from symdisc.cosets.component import IdentityComponent, Matrix

_MOST_SIGNED = 4
"""Coordinates up to which changes of sign are tried; there are 2^n of them."""

_KEPT = 0.15
"""‖LᵀJ + JL‖ of unit L and J up to which a form counts as kept [1]."""

PARITY, TIME_REVERSAL, BOTH = "parity", "time reversal", "parity and time reversal"


@dataclass(frozen=True, eq=False)
class Target:
    """A matrix with a name of its own."""

    matrix: Matrix
    name: str = ""


def canonical(h: Matrix, component: IdentityComponent, tolerance: float) -> tuple[Matrix, str]:
    """The matrix of the coset G₀ h that is nearest to a readable one, and what it is called.

    Readable are, in this order: parity and time reversal about the time axis of a kept form of
    Lorentz signature, changes of sign of some coordinates, the fewest first, and else the nearest
    orthogonal matrix. A readable matrix that lies further than the tolerance from the coset is no
    candidate. Without generators the coset is h alone.

    Args:
        h: ``(n, n)``, not singular.
        component: G₀.
        tolerance: Distance within a coset [1].

    Returns:
        The matrix, which lies in the coset exactly, and the name of the target; often ``""``.
    """
    if component.dimension == 0:
        return h, ""
    for target in _targets(component):
        near = component.nearest(h, target.matrix, tolerance)
        if near.distance <= tolerance:
            return near.element, target.name
    return component.nearest(h, scipy.linalg.polar(h)[0]).element, ""


def _targets(component: IdentityComponent) -> Iterator[Target]:
    yield from _lorentzian(component)
    n = component.generators.shape[-1]
    if n > _MOST_SIGNED:
        return
    for count in range(n + 1):
        # The last coordinates first: diag(1, −1) before diag(−1, 1).
        for places in itertools.combinations(range(n - 1, -1, -1), count):
            signs = np.ones(n)
            signs[list(places)] = -1
            yield Target(np.diag(signs))


def _lorentzian(component: IdentityComponent) -> list[Target]:
    """Identity, parity, time reversal and both, where a form of Lorentz signature is kept."""
    n = component.generators.shape[-1]
    turning = _traceless(component.generators)
    if n < 3 or len(turning) < n * (n - 1) // 2:
        return []
    form = kept_form(turning, 1)
    if form.residual > _KEPT or sorted(form.signature) != [1, n - 1]:
        return []
    form_matrix = np.asarray(form.matrix)
    values, axes = np.linalg.eigh(form_matrix)
    odd = np.sign(values) == (1 if (values > 0).sum() == 1 else -1)
    time = axes[:, odd][:, 0]
    along = time @ form_matrix
    reversal = np.eye(n) - 2 * np.outer(time, along) / float(along @ time)
    return [
        Target(np.eye(n), "identity"),
        Target(-reversal, PARITY),
        Target(reversal, TIME_REVERSAL),
        Target(-np.eye(n), BOTH),
    ]


def _traceless(generators: Matrix) -> Matrix:
    """An orthonormal basis of the span without scalings, ``(k', n, n)``."""
    n = generators.shape[-1]
    rates = np.trace(generators, axis1=1, axis2=2)[:, None, None] / n
    rest = (generators - rates * np.eye(n)).reshape(-1, n * n)
    _, sizes, rows = np.linalg.svd(rest, full_matrices=False)
    return rows[sizes > RANK_TOLERANCE].reshape(-1, n, n)
