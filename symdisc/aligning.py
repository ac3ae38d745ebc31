"""Seeds with coordinates of their own, brought into those of one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.algebra.alignment import align, block_index, carried
from symdisc.algebra.common import find_common
from symdisc.algebra.consensus import Consensus, find_consensus, unusable
from symdisc.errors import TrainingError
from symdisc.interfaces import Discovery
from symdisc.verify.block_scales import mask_blocks
from symdisc.verify.clusters import clusters, halves
from symdisc.verify.latent_figures import Coded, CoordinateFigures, LatentLimits

LOST = 0.3
"""Share of a carried generator that is none of the class of the representative, at most [1]."""


@dataclass(frozen=True, eq=False)
class Aligned:
    """All seeds in the coordinates of one.

    Attributes:
        representative: Position of that seed in the ensemble.
        generators: ``(E, k, n, n)`` float64; nan for seeds that are left out.
        failed: Why seeds are left out, by position.
        r_squared: R² of the map from each seed's coordinates [1]; nan where none was fitted.
    """

    representative: int
    generators: Tensor
    failed: dict[int, str]
    r_squared: tuple[float, ...]


def align_seeds(
    found: Discovery,
    rows: Sequence[Coded],
    figures: Sequence[CoordinateFigures],
    limits: LatentLimits,
    seeds: Sequence[int],
    criterion: Sequence[float | None] | None = None,
) -> Aligned:
    """Choose a representative and carry the generators of all seeds into its coordinates.

    Seeds whose coordinates are no good are left out, and those with no good affine map to the
    representative. It is the seed in whose coordinates most seeds agree with it; of several, that
    with the least criterion, or with the least reconstruction error where there is none.

    Args:
        found: What the method found.
        rows: The same rows in the coordinates of each seed.
        figures: How good these coordinates are.
        limits: How good they have to be.
        seeds: The seed of each member, for reasons.
        criterion: The validation criterion of each seed, lower is better.

    Raises:
        TrainingError: No seed ended with usable generators.
    """
    generators = found.generators.detach().double().cpu()
    broken = unusable(generators)
    scores = _scores(figures, criterion)
    if len(broken) == len(generators):
        reasons = "; ".join(f"seed {seeds[e]}: {reason}" for e, reason in broken.items())
        raise TrainingError(f"no seed ended with usable generators ({reasons})")
    failed = {e: reason for e, one in enumerate(figures) if (reason := limits.problem(one))}
    failed |= broken
    usable = [e for e in range(len(generators)) if e not in failed]
    carrier = _Carrier(found, generators, rows, failed, limits, seeds)
    if not usable:
        best = min((e for e in range(len(generators)) if e not in broken), key=scores.__getitem__)
        return carrier.into(best)
    tried = [carrier.into(e) for e in usable]
    return max(tried, key=lambda one: (_agreeing(found, one), -scores[one.representative]))


@dataclass(frozen=True)
class _Carrier:
    """All seeds, to be brought into the coordinates of any of them."""

    found: Discovery
    generators: Tensor
    rows: Sequence[Coded]
    failed: dict[int, str]
    limits: LatentLimits
    seeds: Sequence[int]

    def into(self, place: int) -> Aligned:
        """All seeds in the coordinates of the one at this position."""
        failed, r_squared = dict(self.failed), [math.nan] * len(self.generators)
        carried_over = torch.full_like(self.generators, math.nan)
        carried_over[place], r_squared[place] = self.generators[place], 1.0
        for e in range(len(self.generators)):
            if e == place or e in self.failed:
                continue
            moved, r_squared[e], lost = self._carried(e, place)
            if reason := self._problem(r_squared[e], lost, place):
                failed[e] = reason
            else:
                carried_over[e] = moved
        return Aligned(place, carried_over, failed, tuple(r_squared))

    def _carried(self, e: int, place: int) -> tuple[Tensor, float, float]:
        """Generators of seed e, the worst R² of its blocks, and how much of them is lost."""
        n, form = self.generators.shape[-1], self.rows[e].representation
        source, target = self.rows[e].codes[:, 0], self.rows[place].codes[:, 0]
        half = halves(clusters(self.rows[e].samples.trajectory), torch.Generator().manual_seed(0))
        moved = torch.zeros_like(self.generators[e])
        explained, lost = 1.0, 0.0
        for block in mask_blocks(self.found.mask.cpu()):
            part = self.generators[e][:, block[:, None], block]
            if not self.found.mask[block[:, None], block].any():
                continue
            index = block_index(block, n, form.n_vectors)
            alignment = align(source[:, index], target[:, index], half)
            explained = min(explained, alignment.r_squared)
            if alignment.r_squared < self.limits.alignment:
                break
            shared, share = carried(part, alignment.matrix, form.n_vectors)
            moved[:, block[:, None], block] = shared
            lost = max(lost, share)
        return moved, explained, lost

    def _problem(self, r_squared: float, lost: float, place: int) -> str:
        seed = self.seeds[place]
        if r_squared < self.limits.alignment:
            return (
                f"no affine map takes its latent points to those of seed {seed}: R² {r_squared:.2f}"
                f", at least {self.limits.alignment:g} is needed"
            )
        if lost > LOST:
            return (
                f"in the coordinates of seed {seed} its generators do not move all vectors alike: "
                f"{lost:.0%} of them is lost"
            )
        return ""


def _scores(
    figures: Sequence[CoordinateFigures], criterion: Sequence[float | None] | None
) -> list[float]:
    """Lower is better; infinite where nothing is known."""
    values: Sequence[float | None] = criterion or [one.reconstruction for one in figures]
    return [math.inf if value is None or math.isnan(value) else value for value in values]


def _agreeing(found: Discovery, aligned: Aligned) -> int:
    """How many seeds agree with the representative, in its coordinates."""
    common = found.surplus and len(aligned.generators) > 1
    consensus: Consensus = (find_common if common else find_consensus)(aligned.generators)
    return sum(consensus.members) if consensus.members[aligned.representative] else 0
