"""The regularisers of AtlasD (arXiv:2504.10777), one function for each.

Every term takes generators ``(E, k, n, n)`` and returns one value a seed, ``(E,)``, which is to
be made small.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize


def overlap(generators: Tensor) -> Tensor:
    """Σ_{i<j} |cos(L_i, L_j)|: keeps generators from being duplicates of each other [1]."""
    flat = normalize(generators.flatten(2), dim=-1)
    return (flat @ flat.mT).triu(diagonal=1).abs().sum((-1, -2))


def smallness(generators: Tensor, limit: float) -> Tensor:
    """−mean ‖clip(L_i)‖: keeps generators from zero, which leaves every input where it is [1].

    Args:
        generators: ``(E, k, n, n)``.
        limit: Entries count up to this size [1].
    """
    clipped = generators.clamp(-limit, limit)
    # The root has no derivative at 0.
    norms = (clipped.square().sum((-1, -2)) + torch.finfo(clipped.dtype).tiny).sqrt()
    return -norms.mean(-1)
