"""What the spans of all seeds have in common, where each of them has generators to spare."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from symdisc.algebra.consensus import (
    LINKAGE_ANGLE,
    Consensus,
    canonical_scale,
    echelon,
    unusable,
)
from symdisc.algebra.spans import largest_angle, orthonormal_basis
from symdisc.errors import TrainingError

SHARE = 0.75
"""Share of the seeds whose spans must hold a direction for it to count as common [1]."""


def find_common(seed_generators: Tensor) -> Consensus:
    """The largest span that most seeds contain.

    A search with more generators than there are symmetries fills the surplus with whatever does
    least harm, which is another thing for each seed. So directions are ordered by how much of
    them lies in the seeds' spans on average (eigenvectors of the mean projector), and as many
    are kept as at least ``SHARE`` of the seeds contain within ``LINKAGE_ANGLE`` degrees.

    Args:
        seed_generators: ``(E, k, n, n)``, as each seed ended; at least two seeds.

    Returns:
        The common span; where there is none, the direction that comes closest to one, without
        consensus. ``angles`` are from the common span into the span of each seed.

    Raises:
        TrainingError: No seed has finite generators that differ from zero.
    """
    failed = unusable(seed_generators)
    usable = [e for e in range(len(seed_generators)) if e not in failed]
    if not usable:
        reasons = "; ".join(f"member {e}: {reason}" for e, reason in failed.items())
        raise TrainingError(f"no seed ended with usable generators ({reasons})")
    bases = {e: orthonormal_basis(seed_generators[e]) for e in usable}
    needed = max(2, math.ceil(SHARE * len(seed_generators)))
    common, members = _largest(bases, needed)
    found = len(members) >= needed
    generators = canonical_scale(echelon(common))
    return Consensus(
        generators=generators,
        members=tuple(e in members for e in range(len(seed_generators))),
        agreement=len(members) / len(seed_generators),
        has_consensus=found,
        angles=tuple(
            largest_angle(common, bases[e]) if e in bases else math.nan
            for e in range(len(seed_generators))
        ),
        failed=failed,
    )


def _largest(bases: dict[int, Tensor], needed: int) -> tuple[Tensor, list[int]]:
    """The largest span that enough seeds contain, and which; else the first direction."""
    most = max(len(basis) for basis in bases.values())
    for rank in range(most, 0, -1):
        members = _containing(_leading(list(bases.values()), rank), bases)
        if len(members) < needed:
            continue
        # Once more without the seeds that pulled it away.
        refined = _leading([bases[e] for e in members], rank)
        members = _containing(refined, bases)
        if len(members) >= needed:
            return refined, members
    first = _leading(list(bases.values()), 1)
    return first, _containing(first, bases)


def _containing(span: Tensor, bases: dict[int, Tensor]) -> list[int]:
    return [e for e, basis in bases.items() if largest_angle(span, basis) <= LINKAGE_ANGLE]


def _leading(bases: Sequence[Tensor], rank: int) -> Tensor:
    """The leading eigenvectors of the mean projector onto the spans, ``(rank, n, n)``."""
    n = bases[0].shape[-1]
    _, _, rows = torch.linalg.svd(torch.cat(list(bases)).flatten(1), full_matrices=False)
    leading: Tensor = rows[:rank].reshape(-1, n, n)
    return leading
