"""The penalties of LieGAN, one function for each (arXiv:2302.00236, section 4).

Every term takes tensors with a leading ensemble dimension E and returns one value a seed. The
generator minimises it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize

from symdisc.linear_action import as_vectors
from symdisc.representations import Representation

TINY = 1e-30
"""Keeps a sample at the origin from dividing by zero."""


def similarity(states: Tensor, moved: Tensor) -> Tensor:
    """|mean cos(x', x)|: keeps the group element away from the identity.

    Args:
        states: ``(E, B, steps, size)``.
        moved: The same samples after the action.

    Returns:
        ``(E,)`` between 0 and 1.
    """
    return _mean_cosine(states.flatten(2), moved.flatten(2))


def nearness(states: Tensor, moved: Tensor) -> Tensor:
    """Minus the mean relative displacement ‖x' − x‖ / ‖x‖, each at most 1.

    Args:
        states: ``(E, B, steps, size)``.
        moved: The same samples after the action.

    Returns:
        ``(E,)`` between −1 and 0.
    """
    x, y = states.flatten(2), moved.flatten(2)
    size = x.square().sum(-1).clamp_min(TINY).sqrt()
    distance = ((y - x).square().sum(-1) + TINY).sqrt()
    return -(distance / size).clamp_max(1).mean(-1)


def smallness(generators: Tensor) -> Tensor:
    """Minus the mean norm ‖L_i‖, each at most 1; ``(E, k, n, n)`` to ``(E,)``."""
    return -_norms(generators).clamp_max(1).mean(-1)


def spectral_similarity(states: Tensor, moved: Tensor, form: Representation) -> Tensor:
    """|mean cos| of the logarithmic magnitude spectra log(1 + |F x|) of images.

    A shift of an image changes the phases of its spectrum only, so that moving away from the
    identity by shifts does not lower this term.

    Args:
        states: ``(E, B, steps, size)``, images.
        moved: The same samples after the action.
        form: Says where the images are.

    Returns:
        ``(E,)`` between 0 and 1.
    """
    return _mean_cosine(_spectra(states, form), _spectra(moved, form))


def overlap(generators: Tensor) -> Tensor:
    """Σ_{i<j} |⟨L̂_i, L̂_j⟩|, L̂ of norm 1: keeps generators apart; ``(E, k, n, n)`` to ``(E,)``."""
    flat = normalize(generators.flatten(2), dim=-1)
    return _between_pairs(flat @ flat.mT)


def killing_overlap(generators: Tensor) -> Tensor:
    """Σ_{i<j} |tr(L̂_i L̂_j) − tr L̂_i tr L̂_j / n|, L̂ of norm 1; ``(E, k, n, n)`` to ``(E,)``.

    Up to the factor 2n this is the Killing form of gl(n).
    """
    unit = normalize(generators.flatten(2), dim=-1).reshape(generators.shape)
    products = torch.einsum("eiab,ejba->eij", unit, unit)
    traces = unit.diagonal(dim1=-2, dim2=-1).sum(-1)
    n = generators.shape[-1]
    return _between_pairs(products - traces[:, :, None] * traces[:, None, :] / n)


def sparsity(generators: Tensor) -> Tensor:
    """Σ_i ‖L_i‖ (Frobenius norm); ``(E, k, n, n)`` to ``(E,)``."""
    return _norms(generators).sum(-1)


def _norms(generators: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(generators, dim=(-2, -1))
    return norms


def _between_pairs(form: Tensor) -> Tensor:
    return form.triu(diagonal=1).abs().sum((-1, -2))


def _mean_cosine(x: Tensor, y: Tensor) -> Tensor:
    norms = (x.square().sum(-1) * y.square().sum(-1)).clamp_min(TINY).sqrt()
    return ((x * y).sum(-1) / norms).mean(-1).abs()


def _spectra(states: Tensor, form: Representation) -> Tensor:
    if form.grid is None:
        raise ValueError(f"'{form}' holds no images")
    channels = as_vectors(states, form)
    images = channels.reshape(*channels.shape[:-1], *form.grid)
    spectra: Tensor = torch.fft.rfft2(images).abs().log1p().flatten(2)
    return spectra
