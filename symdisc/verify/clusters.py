"""Clusters: sets of rows that are independent of each other, the units of every random split."""

from __future__ import annotations

import torch
from torch import Tensor

FEWEST = 20
"""With fewer trajectories than this, each is cut in time into pieces that count as clusters."""


def clusters(trajectory: Tensor) -> Tensor:
    """The cluster of each row.

    Trajectories are the clusters. Fewer than ``FEWEST`` would leave nothing to split or to
    resample: each is then cut into consecutive pieces of equal length, so that there are
    ``FEWEST`` or more (rows permitting). The rows of a trajectory are taken to be in order of
    time.

    Args:
        trajectory: ``(N,)`` int64, N > 0.

    Returns:
        ``(N,)`` int64, the numbers 0 to C − 1.
    """
    owner: Tensor
    ids, owner, sizes = torch.unique(trajectory, return_inverse=True, return_counts=True)
    if len(ids) >= FEWEST:
        return owner
    pieces = -(-FEWEST // len(ids))
    order = torch.argsort(owner, stable=True)
    starts = torch.cumsum(sizes, 0) - sizes
    place = torch.empty_like(owner)
    place[order] = torch.arange(len(owner), device=owner.device) - starts[owner[order]]
    piece = place * pieces // sizes[owner]
    return renumbered(owner * pieces + piece)


def off_seams(cluster: Tensor, trajectory: Tensor) -> Tensor:
    """Rows to keep where trajectories were cut into pieces: all but the first tenth of each piece.

    Neighbouring pieces may fall to different halves, and rows on both sides of a cut are nearly
    the same.

    Args:
        cluster: As from :func:`clusters`, ``(N,)``.
        trajectory: From what it was made.

    Returns:
        ``(N,)`` bool.
    """
    sizes = torch.bincount(cluster)
    if len(sizes) <= len(torch.unique(trajectory)):
        return torch.ones(len(cluster), dtype=torch.bool)
    order = torch.argsort(cluster, stable=True)
    starts = torch.cumsum(sizes, 0) - sizes
    place = torch.empty_like(cluster)
    place[order] = torch.arange(len(cluster)) - starts[cluster[order]]
    return place >= sizes[cluster] // 10


def halves(cluster: Tensor, rng: torch.Generator) -> Tensor:
    """Give each cluster to half 0 or 1, at random and in equal numbers: ``(N,)`` int64."""
    count = int(cluster.max()) + 1
    half = torch.empty(count, dtype=torch.int64)
    half[torch.randperm(count, generator=rng)] = torch.arange(count) % 2
    return half[cluster]


def at_most(n_rows: int, limit: int, rng: torch.Generator) -> Tensor:
    """Row numbers, ascending: all, or ``limit`` of them drawn at random.

    Single rows are drawn, not whole clusters: the same number of rows from more clusters says
    more. They stay with their cluster in all splits.
    """
    if n_rows <= limit:
        return torch.arange(n_rows)
    return torch.randperm(n_rows, generator=rng)[:limit].sort().values


def renumbered(cluster: Tensor) -> Tensor:
    """The same clusters with the numbers 0 to C − 1, after rows were left out."""
    numbers: Tensor = torch.unique(cluster, return_inverse=True)[1]
    return numbers
