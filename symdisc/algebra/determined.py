"""What data determine of a generator, where they span less than their space."""

from __future__ import annotations

import torch
from torch import Tensor

TOLERANCE = 1e-4
"""Directions in which vectors vary by less than this share of the largest do not count [1]."""


def determined_projectors(mask: Tensor, vectors: Tensor) -> Tensor:
    """For each row of a generator, the projector onto what the data determine of it.

    Only Lx is ever seen, and only for the x that there are. Row i of L acts on the coordinates
    that its mask leaves free; whatever part of the row is orthogonal to all data, seen in these
    coordinates, could be anything. So generators that do the same to the data differ, and seeds
    that found the same look different, until that part is removed.

    Args:
        mask: Entries of a generator that may differ from zero, ``(n, n)``.
        vectors: The data ``(P, n)``.

    Returns:
        ``(n, n, n)`` float64: the row r_i becomes P_i r_i. All P_i are the masks of their rows
        where the data determine everything.
    """
    vectors, rows = vectors.double(), mask.double()
    scale = vectors.square().mean(0).sqrt()
    scaled = vectors / torch.where(scale > 0, scale, 1.0)
    distinct, which = torch.unique(rows, dim=0, return_inverse=True)
    projectors = torch.stack([_projector(row, scaled, scale) for row in distinct])
    return projectors[which]


def determined_part(generators: Tensor, projectors: Tensor) -> Tensor:
    """The smallest generators that do the same to the data.

    Args:
        generators: ``(..., n, n)``.
        projectors: As from :func:`determined_projectors`.
    """
    return torch.einsum("ijl,...il->...ij", projectors, generators.double())


def n_determined(projectors: Tensor) -> int:
    """How many entries of a generator the data determine."""
    return round(float(projectors.diagonal(dim1=1, dim2=2).sum()))


def _projector(row: Tensor, scaled: Tensor, scale: Tensor) -> Tensor:
    """Onto the span of the data in the free coordinates of a row.

    Whether a direction counts is decided in units in which all coordinates vary alike; the
    projector is orthogonal in the given ones.
    """
    free = torch.diag(row)
    _, values, directions = torch.linalg.svd(scaled @ free, full_matrices=False)
    kept = directions[values > TOLERANCE * values[:1]] * scale
    if not len(kept):
        return torch.zeros_like(free)
    basis, _ = torch.linalg.qr(kept.T)
    projector: Tensor = basis @ basis.T
    return projector
