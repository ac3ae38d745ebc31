"""y_b = exp(Σ_i z_bi L_i) x_b and the matrices themselves: checks, blocks, choice of backend."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symdisc_kernels.backend import KernelBackend
from symdisc_kernels.blocks import by_size, check_blocks, gather_generators, gather_points
from symdisc_kernels.group_action.problem import (
    check_action_problem,
    check_elements_problem,
    check_matrices,
)

__all__ = ["expm", "group_action", "group_elements"]


def group_action(
    coefficients: Tensor,
    generators: Tensor,
    points: Tensor,
    blocks: Sequence[Sequence[int]] | None = None,
) -> Tensor:
    """Move points by group elements: y_b = exp(Σ_i z_bi L_i) x_b.

    Args:
        coefficients: z, ``(..., B, k)``.
        generators: L, ``(..., k, n, n)``.
        points: x, ``(..., B, c, n)``: c components move by the same group element.
        blocks: Disjoint groups of coordinates between which every generator vanishes. Each
            block is exponentiated by itself; entries of L outside the blocks are ignored and
            coordinates in no block stay where they are. ``None``: one dense block.

    Returns:
        The moved points, ``(..., B, c, n)``.

    Raises:
        ValueError: Shapes, types or devices do not fit; the message shows them.
        BackendError: The chosen backend cannot run.
    """
    check_action_problem(coefficients, generators, points)
    backend = _backend(points)
    if blocks is None:
        return backend.group_action(coefficients, generators, points)
    moved = points.clone()
    for group in by_size(check_blocks(blocks, points.shape[-1])).values():
        index = torch.tensor(group, device=points.device)
        y = backend.group_action(
            _repeat(coefficients, len(group)),
            gather_generators(generators, index),
            gather_points(points, index),
        )
        moved = _scatter_points(moved, index, y)
    return moved


def group_elements(
    coefficients: Tensor, generators: Tensor, blocks: Sequence[Sequence[int]] | None = None
) -> Tensor:
    """Matrices exp(Σ_i z_bi L_i), ``(..., B, n, n)``; arguments as in :func:`group_action`."""
    check_elements_problem(coefficients, generators)
    if blocks is None:
        return _backend(generators).group_elements(coefficients, generators)
    n = generators.shape[-1]
    identity = torch.eye(n, dtype=generators.dtype, device=generators.device)
    points = identity.expand(*coefficients.shape[:-1], n, n)
    # Moving the n basis vectors as components gives the columns of g.
    return group_action(coefficients, generators, points, blocks).mT


def expm(matrices: Tensor) -> Tensor:
    """Exponentials of square matrices ``(..., n, n)``.

    Raises:
        ValueError: The last two dimensions differ or the type is not floating.
    """
    check_matrices(matrices)
    return _backend(matrices).expm(matrices)


def _backend(like: Tensor) -> KernelBackend:
    from symdisc_kernels.selection import current_backend

    return current_backend(like.device.type)


def _repeat(coefficients: Tensor, count: int) -> Tensor:
    return coefficients.unsqueeze(-3).expand(
        *coefficients.shape[:-2], count, *coefficients.shape[-2:]
    )


def _scatter_points(points: Tensor, index: Tensor, moved: Tensor) -> Tensor:
    flat = moved.movedim(-4, -2).flatten(-2)
    return points.index_copy(-1, index.flatten(), flat)
