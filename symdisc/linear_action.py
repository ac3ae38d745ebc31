"""How group elements move states and targets, as their representation says."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc_kernels import Blocks, group_action


def as_vectors(values: Tensor, representation: Representation) -> Tensor:
    """The coordinates that transform, as vectors: ``(..., size)`` to ``(..., n_vectors, n)``."""
    moving = representation.n_vectors * representation.dimension
    shape = (*values.shape[:-1], representation.n_vectors, representation.dimension)
    return values[..., :moving].reshape(shape)


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
        generators: L, ``(..., k, n, n)``.
        values: ``(..., B, size)``, or ``(..., B, steps, size)``: all steps move alike.
        representation: How the last dimension transforms.
        blocks: Index groups between which the generators vanish.

    Returns:
        The moved values, in the shape of ``values``.
    """
    if representation.n_vectors == 0:
        return values
    vectors = as_vectors(values, representation)
    leading = coefficients.ndim - 1
    # One dimension for steps and vectors together; "-1" could not be inferred for empty batches.
    points = vectors.flatten(leading, -2)
    moved = group_action(coefficients, generators, points, blocks).reshape(vectors.shape)
    if representation.n_scalars == 0:
        return moved.flatten(-2)
    scalars = values[..., -representation.n_scalars :]
    return torch.cat([moved.flatten(-2), scalars], dim=-1)
