"""How group elements move states and targets, as their representation says."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.image_action import warp
from symdisc.representations import Representation
from symdisc_kernels import Blocks, group_action, group_elements


def as_vectors(values: Tensor, representation: Representation) -> Tensor:
    """The coordinates that transform, as vectors: ``(..., size)`` to ``(..., n_vectors, n)``.

    For images the channels are given, each as one row of pixels.
    """
    moving = representation.n_moving
    each = moving // representation.n_vectors if representation.n_vectors else 0
    return values[..., :moving].reshape(*values.shape[:-1], representation.n_vectors, each)


def move(
    coefficients: Tensor,
    generators: Tensor,
    values: Tensor,
    representation: Representation,
    blocks: Blocks | None = None,
) -> Tensor:
    """Apply exp(Σ z_i L_i) to states or targets; scalars stay as they are.

    Args:
        coefficients: z, ``(..., B, k)``.
        generators: L, ``(..., k, n, n)``; nothing moves where k = 0.
        values: ``(..., B, size)``, or ``(..., B, steps, size)``: all steps move alike.
        representation: How the last dimension transforms.
        blocks: Index groups between which the generators vanish.

    Returns:
        The moved values, in the shape of ``values``.
    """
    if representation.n_vectors == 0 or generators.shape[-3] == 0:
        return values
    vectors = as_vectors(values, representation)
    leading = coefficients.ndim - 1
    # One dimension for steps and vectors together; "-1" could not be inferred for empty batches.
    points = vectors.flatten(leading, -2)
    if representation.grid is None:
        moved = group_action(coefficients, generators, points, blocks)
    else:
        inverses = group_elements(-coefficients, generators, blocks)
        moved = _warped(inverses, points, representation.grid)
    return _with_scalars(moved.reshape(vectors.shape), values, representation)


def move_by(elements: Tensor, values: Tensor, representation: Representation) -> Tensor:
    """Move each row by its own group element, a matrix; scalars stay as they are.

    Args:
        elements: g, ``(..., B, n, n)``.
        values: ``(..., B, size)``, or ``(..., B, steps, size)``: all steps move alike.
        representation: How the last dimension transforms.

    Returns:
        The moved values, in the shape of ``values``.
    """
    if representation.n_vectors == 0:
        return values
    vectors = as_vectors(values, representation)
    points = vectors.flatten(elements.ndim - 2, -2)
    if representation.grid is None:
        moved = points @ elements.mT
    else:
        moved = _warped(torch.linalg.inv(elements), points, representation.grid)
    return _with_scalars(moved.reshape(vectors.shape), values, representation)


def _warped(inverses: Tensor, channels: Tensor, grid: tuple[int, int]) -> Tensor:
    """Channels ``(..., c, rows · columns)`` as images, each moved by the matrix of its sample."""
    images = channels.reshape(-1, channels.shape[-2], *grid)
    return warp(inverses.reshape(-1, 3, 3), images).reshape(channels.shape)


def _with_scalars(moved: Tensor, values: Tensor, representation: Representation) -> Tensor:
    if representation.n_scalars == 0:
        return moved.flatten(-2)
    return torch.cat([moved.flatten(-2), values[..., -representation.n_scalars :]], dim=-1)
