"""From moments to fields: directions in which the extended matrix is small."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.fields.whitening import whitened
from symdisc_vector_field.moments import Moments

FLOOR = 1e-6
"""Relative defect below which rounding decides [1]."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Relative defects of independent directions, ascending.

    The defect of a field is the root mean square of X(F) over that of its displacement, in the
    units of :class:`symdisc_vector_field.moments.Scales`.

    Attributes:
        values: Defects over that of random fields, ``(r,)`` [1]; at least ``FLOOR``.
        vectors: Unknowns of the directions, ``(P, r)``; their displacements are orthonormal.
        reference: Root mean square of the defects of random fields [1].
    """

    values: Tensor
    vectors: Tensor
    reference: float


def spectrum(moments: Moments, within: Tensor | None = None) -> Spectrum:
    """Defects of all directions, or of those in a subspace.

    Args:
        moments: Sums over the rows.
        within: ``(P, q)`` whose columns span the subspace; ``None``: everything.
    """
    every = whitened(moments.size)
    reference = _mean(every, moments)
    basis = every if within is None else within @ whitened(within.T @ moments.size @ within)
    squares, directions = torch.linalg.eigh(basis.T @ moments.square @ basis)
    values = (squares.clamp_min(0).sqrt() / reference).clamp_min(FLOOR)
    return Spectrum(values, basis @ directions, reference)


def _mean(basis: Tensor, moments: Moments) -> float:
    total = float((basis * (moments.square @ basis)).sum())
    return math.sqrt(max(total / max(basis.shape[1], 1), 1e-300))
