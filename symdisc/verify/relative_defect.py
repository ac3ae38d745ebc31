"""The test of found generators on held-out rows, against random ones of the same class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.algebra.spans import unit_scaled
from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily, Question, Verifier, View
from symdisc.linear_action import move_by
from symdisc.verify.block_scales import mask_blocks, state_scales
from symdisc.verify.bootstrap import Interval, relative_intervals
from symdisc.verify.clusters import at_most, clusters, off_seams, renumbered
from symdisc.verify.decoded_points import DecodedPoints
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.displacement import (
    Displaced,
    Points,
    cyclic_family,
    element_family,
    largest_displacement,
    matched_family,
)
from symdisc.verify.references import random_references
from symdisc_kernels import Blocks, use_backend

_DEFAULTS = DefectOptions()
_NAN = math.nan
_NOTHING_ELSE = "the generators span all that this search could find: nothing to compare with"
_DRAWN = 2
"""Random generators drawn for each that is used; those that can move the data are preferred."""


@dataclass(frozen=True)
class Compared:
    """What :func:`relative_defects` gives back.

    Attributes:
        defects: Relative defect of each generator, ρ being nan where it could not be tested.
        references: T of each random generator [nat]; none where nothing was compared.
    """

    defects: tuple[RelativeDefect, ...]
    references: tuple[float, ...] = ()


def relative_defects(
    held_out: Samples,
    generators: Tensor,
    mask: Tensor,
    blocks: Blocks | None,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions = _DEFAULTS,
    order: int | None = None,
    view: View | None = None,
) -> Compared:
    """How far each generator is from a symmetry of rows that nothing else has looked at.

    The generators and at least as many random references as ``options`` say are scaled to move
    the data by the same distance; the verifier then says by T how well moved rows are told from
    real ones, and ρ = √(max(T, 0) / T_ref) with T_ref the median over the references. Classifier
    two-sample tests: Lopez-Paz and Oquab (ICLR 2017, arXiv:1610.06545), with log-loss in place
    of accuracy.

    If the verifier needs rows apart, they are chosen by trajectory and serve nothing else. At
    most ``options.max_rows`` rows, drawn at random, are tested, so that it takes seconds on a CPU
    whatever the size of the data. The global random state is neither read nor changed.

    Args:
        held_out: Rows that took no part in training, on the CPU.
        generators: ``(k, n, n)`` float64, zero outside the mask.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test.
        order: Order of the finite group whose elements alone are tested; then there is one
            generator, and random ones move the data as far as these elements do.
        view: What is seen of the rows, which are latent points then; see :class:`Question`.
    """
    rng = torch.Generator().manual_seed(seed)
    # The verdict must not depend on the backend under which the generators were found.
    with use_backend("reference"):
        rows = _Rows.of(held_out, verifier, options.max_rows, rng)
        return _Test(rows, generators, mask, blocks, verifier, options, rng, order, view).run()


def element_defects(
    held_out: Samples,
    elements: Tensor,
    generators: Tensor,
    mask: Tensor,
    blocks: Blocks | None,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions = _DEFAULTS,
) -> tuple[RelativeDefect, ...]:
    """How far single group elements are from symmetries; see :func:`relative_defects`.

    An element h is compared with exp(s u A) h, A random generators and u even in ±[0.5, 1.5],
    which are as far from h as random generators move the data in the test of generators. So ρ is
    on the same scale: 1 means that h is no better than what lies that far from it. Departures
    from h, not from the identity, keep the references near the support of the moved data; if h
    itself leaves it, ``support`` tells so.

    Args:
        held_out: Rows that took no part in training, on the CPU.
        elements: h, ``(m, n, n)`` float64, not singular.
        generators: Of the identity component, ``(k, n, n)``, k ≥ 0; references are orthogonal to
            their span, since along it a symmetry stays one.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test.
    """
    rng = torch.Generator().manual_seed(seed)
    with use_backend("reference"):
        rows = _Rows.of(held_out, verifier, options.max_rows, rng)
        test = _Test(rows, generators.double(), mask, blocks, verifier, options, rng, None, None)
        return tuple(test.of_element(element) for element in elements.double())


@dataclass(frozen=True)
class _Rows:
    """The rows under test, and those that the verifier fits on."""

    tested: Samples
    cluster: Tensor
    apart: Samples | None
    n_classes: int

    @classmethod
    def of(cls, held_out: Samples, verifier: Verifier, limit: int, rng: torch.Generator) -> _Rows:
        n_classes = held_out.n_classes
        cluster = clusters(held_out.trajectory)
        keep = off_seams(cluster, held_out.trajectory)
        held_out, cluster = held_out.rows(keep), renumbered(cluster[keep])
        apart = None
        if verifier.apart > 0:
            fitted = _share(cluster, verifier.apart, rng)
            apart = held_out.rows(fitted)
            held_out, cluster = held_out.rows(~fitted), renumbered(cluster[~fitted])
        kept = at_most(len(held_out), limit, rng)
        return cls(held_out.rows(kept), renumbered(cluster[kept]), apart, n_classes)


def _share(cluster: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Rows ``(N,)`` of a random share of the clusters, as nearly as can be."""
    count = int(cluster.max()) + 1
    chosen = torch.zeros(count, dtype=torch.bool)
    chosen[torch.randperm(count, generator=rng)[: round(share * count)]] = True
    return chosen[cluster]


@dataclass(frozen=True)
class _Test:
    """One call of :func:`relative_defects`."""

    rows: _Rows
    generators: Tensor
    mask: Tensor
    blocks: Blocks | None
    verifier: Verifier
    options: DefectOptions
    rng: torch.Generator
    order: int | None
    view: View | None

    def run(self) -> Compared:
        tested = self.rows.tested
        if reason := self._too_few:
            return Compared(tuple(self._untested(reason) for _ in self.generators))
        scales = state_scales(tested, mask_blocks(self.mask))
        points = self._points(scales)
        if self.order is not None and points.spread > 0:
            return self._compared_cyclic(scales, points, self.order)
        found = unit_scaled(self.generators)
        reach = largest_displacement(found, points, self.blocks)
        moving = reach >= self.options.min_displacement
        defects = [self._still(float(distance)) for distance in reach]
        compared = Compared(())
        if moving.any():
            target = min(self.options.displacement, float(reach[moving].min()))
            compared = self._compared(scales, points, found[moving], target)
            numbers = moving.nonzero().flatten().tolist()
            for number, defect in zip(numbers, compared.defects, strict=True):
                defects[number] = defect
        return Compared(tuple(defects), compared.references)

    def of_element(self, element: Tensor) -> RelativeDefect:
        """Test h ``(n, n)`` against exp(s u A) h."""
        tested, form = self.rows.tested, self.rows.tested.representation
        if self._too_few:
            return self._untested(self._too_few)
        scales = state_scales(tested, mask_blocks(self.mask))
        family = element_family(element, Points.of(tested.states, scales, form))
        distance = float(family.displacement)
        if not distance >= self.options.min_displacement:
            return self._still(distance, "element")
        moved = move_by(element.float().expand(len(tested), -1, -1), tested.states, form)
        points = Points.of(moved, scales, form)
        target = self.options.displacement
        references, reached = self._references(self.generators, points, target)
        if len(references) == 0:
            return self._untested(_NOTHING_ELSE)
        others = matched_family(references, points, self.blocks, min(target, reached))
        (defect,) = self._tested(scales, family.joined(others.after(element)), 1).defects
        return defect

    @property
    def _too_few(self) -> str:
        count, least = len(self.rows.tested), self.options.min_rows
        if count >= least:
            return ""
        return f"{count} held-out rows to test on, at least {least} are needed"

    def _points(self, scales: Tensor) -> Displaced:
        tested = self.rows.tested
        if self.view is None:
            return Points.of(tested.states, scales, tested.representation)
        return DecodedPoints.of(tested.states, tested.representation, self.view)

    def _compared(
        self, scales: Tensor, points: Displaced, found: Tensor, target: float
    ) -> Compared:
        """Test generators ``(k', n, n)`` of norm 1 that can all move the data by the target."""
        references, reached = self._references(found, points, target)
        if len(references) == 0:
            return Compared(tuple(self._untested(_NOTHING_ELSE) for _ in found))
        both = torch.cat([found, references])
        family = matched_family(both, points, self.blocks, min(target, reached))
        return self._tested(scales, family, len(found))

    def _compared_cyclic(self, scales: Tensor, points: Displaced, order: int) -> Compared:
        """Test the elements of a finite group."""
        (generator,) = self.generators.double()
        family = cyclic_family(generator, order, points)
        distance = float(family.displacement)
        if distance < self.options.min_displacement:
            return Compared((self._still(distance),))
        references, _ = self._references(generator[None], points, distance)
        if len(references) == 0:
            return Compared((self._untested(_NOTHING_ELSE),))
        others = matched_family(references, points, self.blocks, distance)
        return self._tested(scales, family.joined(others), 1)

    def _references(self, found: Tensor, points: Displaced, target: float) -> tuple[Tensor, float]:
        """Random generators, and the distance that each of them can move the data by.

        Those that reach the target come first; if they are too few, those that reach farthest
        fill up their number.
        """
        count = self.options.n_references
        drawn = random_references(self.mask, found, _DRAWN * count, self.rng)
        if len(drawn) == 0:
            return drawn, 0.0
        reach = largest_displacement(drawn, points, self.blocks)
        chosen = torch.argsort(reach.clamp_max(target), descending=True, stable=True)[:count]
        return drawn[chosen], float(reach[chosen].min())

    def _tested(self, scales: Tensor, family: ElementFamily, n_found: int) -> Compared:
        """The first ``n_found`` members of the family against the others."""
        rows = self.rows
        question = Question(
            rows.tested,
            rows.cluster,
            rows.apart,
            rows.n_classes,
            family,
            scales,
            mask_blocks(self.mask),
            self.options,
            self.view,
        )
        gains = self.verifier.gains(question, self.rng)
        estimates, reference = relative_intervals(
            gains, n_found, rows.cluster, self.options, self.rng
        )
        statistic = gains.rows.double().mean(0).tolist()
        defects = []
        for number, estimate in enumerate(estimates):
            support = float(gains.support[number])
            reason = self._lost(support) or self._powerless(reference)
            ratio = Interval(_NAN, _NAN, _NAN) if reason else estimate.ratio
            defect = RelativeDefect(
                self.verifier.statement,
                ratio.value,
                ratio.low,
                ratio.high,
                statistic=statistic[number],
                reference=reference.value,
                displacement=float(family.displacement[number]),
                support=support,
                n_rows=len(rows.tested),
                n_references=len(family) - n_found,
                reason=reason,
                reference_low=reference.low,
                p_value=_NAN if reason else estimate.p_value,
                alpha=self.options.alpha,
            )
            defects.append(defect)
        return Compared(tuple(defects), tuple(statistic[n_found:]))

    def _powerless(self, reference: Interval) -> str:
        """Why ρ must not be formed: the references are not recognised; else ``""``."""
        if reference.low > self.options.min_reference:
            return ""
        sure = f"{100 * (1 - self.options.alpha):g} %"
        return (
            "random generators pass as well: T_ref "
            f"{reference.value:.4f} nat, {sure}: {reference.low:.4f} to {reference.high:.4f}"
        )

    def _lost(self, support: float) -> str:
        """Why the test says nothing: too few moved rows stay where the data are; else ``""``."""
        if math.isnan(support) or support >= self.options.min_support:
            return ""
        return (
            f"only {support:.0%} of the moved rows stay where the data are, at least "
            f"{self.options.min_support:.0%} are needed"
        )

    def _still(self, distance: float, what: str = "generator") -> RelativeDefect:
        reason = f"the {what} hardly moves the data: by {distance:.3f} of their spread at most"
        return self._untested(reason, distance)

    def _untested(self, reason: str, displacement: float = _NAN) -> RelativeDefect:
        return RelativeDefect.untested(
            self.verifier.statement,
            reason,
            n_rows=len(self.rows.tested),
            alpha=self.options.alpha,
            displacement=displacement,
        )
