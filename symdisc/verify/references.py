"""Random generators of the class that was searched: what a found one is compared with."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.algebra.spans import orthonormal_basis, unit_scaled


def random_references(mask: Tensor, found: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Draw generators with the same free entries, orthogonal to those found.

    Args:
        mask: ``(n, n)`` of 0 and 1: the free entries.
        found: ``(k, n, n)`` generators within the mask.
        count: How many to draw.
        rng: Source of randomness.

    Returns:
        ``(count, n, n)`` float64 of Frobenius norm 1, normally distributed in direction; none
        if the found ones span the whole class.
    """
    free = mask.double()
    basis = orthonormal_basis(found).flatten(1)
    if len(basis) >= int((free != 0).sum()):
        return free.new_zeros(0, *free.shape)
    drawn = torch.randn(count, *free.shape, generator=rng, dtype=torch.float64) * free
    rest = drawn.flatten(1)
    rest = rest - (rest @ basis.T) @ basis
    return unit_scaled(rest.reshape(drawn.shape))
