"""The objective terms of LieGAN, one function for each (arXiv:2302.00236, section 4).

Every term takes tensors with a leading ensemble dimension E and returns one value a seed.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softplus

TINY = 1e-30
"""Keeps a sample at the origin from dividing by zero."""


def real_loss(logits: Tensor) -> Tensor:
    """−E log D(x, y): the discriminator accepts real samples; ``(E, B)`` to ``(E,)`` [nat]."""
    return softplus(-logits).mean(-1)


def fake_loss(logits: Tensor) -> Tensor:
    """−E log(1 − D(x', y')): it rejects moved samples; ``(E, B)`` to ``(E,)`` [nat]."""
    return softplus(logits).mean(-1)


def adversarial_loss(logits: Tensor) -> Tensor:
    """−E log D(x', y'), the non-saturating form; ``(E, B)`` to ``(E,)`` [nat]."""
    return softplus(-logits).mean(-1)


def similarity(states: Tensor, moved: Tensor) -> Tensor:
    """|mean cos(x', x)|: keeps the group element away from the identity.

    Args:
        states: ``(E, B, steps, size)``.
        moved: The same samples after the action.

    Returns:
        ``(E,)`` between 0 and 1.
    """
    x, y = states.flatten(2), moved.flatten(2)
    norms = (x.square().sum(-1) * y.square().sum(-1)).clamp_min(TINY).sqrt()
    return ((x * y).sum(-1) / norms).mean(-1).abs()


def overlap(generators: Tensor) -> Tensor:
    """Σ_{i<j} |⟨L̂_i, L̂_j⟩|, L̂ of norm 1: keeps generators apart; ``(E, k, n, n)`` to ``(E,)``."""
    flat = torch.nn.functional.normalize(generators.flatten(2), dim=-1)
    gram = flat @ flat.mT
    return gram.triu(diagonal=1).abs().sum((-1, -2))


def sparsity(generators: Tensor) -> Tensor:
    """Σ_i ‖L_i‖ (Frobenius norm); ``(E, k, n, n)`` to ``(E,)``."""
    norms: Tensor = torch.linalg.vector_norm(generators, dim=(-2, -1))
    return norms.sum(-1)
