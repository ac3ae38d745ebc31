"""Block structure: index groups between which every generator vanishes."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

Blocks = tuple[tuple[int, ...], ...]
"""Disjoint groups of coordinates; coordinates in no group do not move."""


def check_blocks(blocks: Sequence[Sequence[int]], n: int) -> Blocks:
    """Return the blocks as tuples.

    Raises:
        ValueError: A group is empty, names a coordinate twice or one outside ``0…n−1``.
    """
    checked = tuple(tuple(int(index) for index in block) for block in blocks)
    flat = [index for block in checked for index in block]
    if any(not block for block in checked):
        raise ValueError(f"blocks {list(map(list, checked))} contain an empty group")
    if len(set(flat)) < len(flat):
        raise ValueError(f"blocks {list(map(list, checked))} name a coordinate more than once")
    if flat and not (min(flat) >= 0 and max(flat) < n):
        raise ValueError(f"blocks {list(map(list, checked))} name coordinates outside 0…{n - 1}")
    return checked


def by_size(blocks: Blocks) -> dict[int, list[tuple[int, ...]]]:
    """Blocks grouped by their size: blocks of one size are computed together."""
    groups: dict[int, list[tuple[int, ...]]] = {}
    for block in blocks:
        groups.setdefault(len(block), []).append(block)
    return groups


def gather_generators(generators: Tensor, index: Tensor) -> Tensor:
    """Blocks of generators: ``(..., k, n, n)``, index ``(g, m)`` to ``(..., g, k, m, m)``."""
    picked = generators[..., index[:, :, None], index[:, None, :]]
    return picked.movedim(-3, -4)


def gather_points(points: Tensor, index: Tensor) -> Tensor:
    """Blocks of points: ``(..., B, c, n)``, index ``(g, m)`` to ``(..., g, B, c, m)``."""
    return points[..., index].movedim(-2, -4)
