"""The test of found generators on held-out rows, against random ones of the same class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.algebra.spans import unit_scaled
from symdisc.data.samples import Samples
from symdisc.verify.block_scales import mask_blocks, state_scales
from symdisc.verify.bootstrap import Interval, relative_intervals
from symdisc.verify.calibration import Gains, added, on_support, recognised
from symdisc.verify.classifier import cross_fitted_logits
from symdisc.verify.clusters import at_most, clusters, halves, renumbered
from symdisc.verify.conditional_features import ConditionalFeatures
from symdisc.verify.defect import RelativeDefect, Statement
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.displacement import (
    ElementFamily,
    Points,
    cyclic_family,
    largest_displacement,
    matched_family,
)
from symdisc.verify.distributional_features import DistributionalFeatures
from symdisc.verify.oracle import Oracle
from symdisc.verify.references import random_references
from symdisc_kernels import Blocks, use_backend

_DEFAULTS = DefectOptions()
_NAN = math.nan
_NOTHING_ELSE = "the generators span all that this search could find: nothing to compare with"


def relative_defects(
    held_out: Samples,
    generators: Tensor,
    mask: Tensor,
    blocks: Blocks | None,
    *,
    seed: int,
    options: DefectOptions = _DEFAULTS,
    order: int | None = None,
) -> tuple[RelativeDefect, ...]:
    """How far each generator is from a symmetry of rows that nothing else has looked at.

    Samples with targets are tested for conditional symmetry, others for symmetry of their law.
    The generators and at least as many random references as ``options`` say are scaled to move
    the data by the same distance; for each, cross-fitted classifiers learn to tell moved rows
    from real ones. T is what they achieve (D: log 2 − log-loss; C: what the targets and their
    departure from an oracle's prediction add to the state and that prediction), and
    ρ = √(max(T, 0) / T_ref) with T_ref the median over the references. Classifier two-sample
    tests: Lopez-Paz and Oquab (ICLR 2017, arXiv:1610.06545), with log-loss in place of accuracy.

    For the conditional statement half of the rows, by trajectory, fit the oracle and serve
    nothing else. At most ``options.max_rows`` rows, drawn at random, are tested, so that it takes
    seconds on a CPU whatever the size of the data. The global random state is neither read nor
    changed.

    Args:
        held_out: Rows that took no part in training, on the CPU.
        generators: ``(k, n, n)`` float64, zero outside the mask.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        seed: Seed of all that is random here.
        options: Settings of the test.
        order: Order of the finite group whose elements alone are tested; then there is one
            generator, and random ones move the data as far as these elements do.

    Returns:
        One for each generator, ρ being nan where it could not be tested.
    """
    rng = torch.Generator().manual_seed(seed)
    # The verdict must not depend on the backend under which the generators were found.
    with use_backend("reference"):
        rows = _Rows.of(held_out, options.max_rows, rng)
        return _Test(rows, generators, mask, blocks, options, rng, order).run()


@dataclass(frozen=True)
class _Rows:
    """The rows under test, and those of the oracle for the conditional statement."""

    tested: Samples
    cluster: Tensor
    oracle: Samples | None
    n_classes: int

    @classmethod
    def of(cls, held_out: Samples, limit: int, rng: torch.Generator) -> _Rows:
        cluster = clusters(held_out.trajectory)
        oracle, n_classes = None, held_out.n_classes
        if held_out.targets is not None:
            half = halves(cluster, rng)
            oracle = held_out.rows(half == 1)
            held_out, cluster = held_out.rows(half == 0), renumbered(cluster[half == 0])
        kept = at_most(len(held_out), limit, rng)
        return cls(held_out.rows(kept), renumbered(cluster[kept]), oracle, n_classes)


@dataclass(frozen=True)
class _Test:
    """One call of :func:`relative_defects`."""

    rows: _Rows
    generators: Tensor
    mask: Tensor
    blocks: Blocks | None
    options: DefectOptions
    rng: torch.Generator
    order: int | None

    @property
    def statement(self) -> Statement:
        return "distributional" if self.rows.oracle is None else "conditional"

    def run(self) -> tuple[RelativeDefect, ...]:
        tested, least = self.rows.tested, self.options.min_rows
        if len(tested) < least:
            reason = f"{len(tested)} held-out rows to test on, at least {least} are needed"
            return tuple(self._untested(reason) for _ in self.generators)
        scales = state_scales(tested, mask_blocks(self.mask))
        points = Points.of(tested.states, scales, tested.representation)
        if self.order is not None and points.spread > 0:
            return tuple(self._compared_cyclic(scales, points, self.order))
        found = unit_scaled(self.generators)
        reach = largest_displacement(found, points, self.blocks)
        moving = reach >= self.options.min_displacement
        defects = [self._still(float(distance)) for distance in reach]
        if moving.any():
            target = min(self.options.displacement, float(reach[moving].min()))
            compared = self._compared(scales, points, found[moving], target)
            for number, defect in zip(moving.nonzero().flatten().tolist(), compared, strict=True):
                defects[number] = defect
        return tuple(defects)

    def _compared(
        self, scales: Tensor, points: Points, found: Tensor, target: float
    ) -> list[RelativeDefect]:
        """Test generators ``(k', n, n)`` of norm 1 that can all move the data by the target."""
        references = self._references(found)
        if len(references) == 0:
            return [self._untested(_NOTHING_ELSE) for _ in found]
        family = matched_family(torch.cat([found, references]), points, self.blocks, target)
        return self._tested(scales, family, len(found))

    def _compared_cyclic(self, scales: Tensor, points: Points, order: int) -> list[RelativeDefect]:
        """Test the elements of a finite group."""
        (generator,) = self.generators.double()
        family = cyclic_family(generator, order, points)
        distance = float(family.displacement)
        if distance < self.options.min_displacement:
            return [self._still(distance)]
        references = self._references(generator[None])
        if len(references) == 0:
            return [self._untested(_NOTHING_ELSE)]
        others = matched_family(references, points, self.blocks, distance)
        return self._tested(scales, family.joined(others), 1)

    def _references(self, found: Tensor) -> Tensor:
        return random_references(self.mask, found, self.options.n_references, self.rng)

    def _tested(self, scales: Tensor, family: ElementFamily, n_found: int) -> list[RelativeDefect]:
        """The first ``n_found`` members of the family against the others."""
        gains, support = self._gains(scales, family)
        ratios, reference = relative_intervals(
            gains, n_found, self.rows.cluster, self.options.resamples, self.rng
        )
        reasons = [self._powerless(reference) or self._lost(float(part)) for part in support]
        return [
            RelativeDefect(
                self.statement,
                *((_NAN, _NAN, _NAN) if reasons[number] else (ratio.value, ratio.low, ratio.high)),
                statistic=float(gains.rows[:, number].double().mean()),
                reference=reference.value,
                displacement=float(family.displacement[number]),
                support=float(support[number]),
                n_rows=len(self.rows.tested),
                n_references=len(family) - n_found,
                reason=reasons[number],
            )
            for number, ratio in enumerate(ratios)
        ]

    def _gains(self, scales: Tensor, family: ElementFamily) -> tuple[Gains, Tensor]:
        """T by row and the share on the support ``(S,)``, nan for statement D."""
        rows, options = self.rows, self.options
        fold = halves(rows.cluster, self.rng)
        if rows.oracle is None:
            features = DistributionalFeatures(
                rows.tested, scales, mask_blocks(self.mask), family, options, self.rng
            )
            judged = cross_fitted_logits(features, fold, options, self.rng)
            return recognised(judged), torch.full((len(family),), _NAN)
        oracle = Oracle(rows.oracle, rows.n_classes, self.rng)
        both = ConditionalFeatures(rows.tested, oracle, rows.n_classes, family, options)
        judged = cross_fitted_logits(both, fold, options, self.rng)
        known, every = judged.part(slice(len(family))), judged.part(slice(len(family), None))
        return added(known, every), on_support(known.left_out, options.certain)

    def _powerless(self, reference: Interval) -> str:
        """Why ρ must not be formed: the references are not recognised; else ``""``."""
        if reference.low > self.options.min_reference:
            return ""
        return (
            "random generators pass as well: T_ref "
            f"{reference.value:.4f} nat, 95 %: {reference.low:.4f} to {reference.high:.4f}"
        )

    def _lost(self, support: float) -> str:
        """Why the test says nothing: too few moved rows stay where the data are; else ``""``."""
        if math.isnan(support) or support >= self.options.min_support:
            return ""
        return (
            f"only {support:.0%} of the moved rows stay where the data are, at least "
            f"{self.options.min_support:.0%} are needed"
        )

    def _still(self, distance: float) -> RelativeDefect:
        reason = f"the generator hardly moves the data: by {distance:.3f} of their spread at most"
        return self._untested(reason, distance)

    def _untested(self, reason: str, displacement: float = _NAN) -> RelativeDefect:
        return RelativeDefect(
            statement=self.statement,
            value=_NAN,
            low=_NAN,
            high=_NAN,
            statistic=_NAN,
            reference=_NAN,
            displacement=displacement,
            support=_NAN,
            n_rows=len(self.rows.tested),
            n_references=0,
            reason=reason,
        )
