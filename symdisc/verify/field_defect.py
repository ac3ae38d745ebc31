"""Statement (F): a function that characterises the data stays the same along fields.

T is the mean square of X(F) on held-out rows, F in units of how far states of one spread change
it and X in units of its displacement. T_ref is the median of the same over random fields of the
same library, orthogonal to those found. Where F is fitted again, rows count by how certain its
derivatives are, in all of these means.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.interfaces.field_claim import FieldClaim
from symdisc.interfaces.oracle import Oracle
from symdisc.verify.defect import FIELD, RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.random_fields import Points, random_fields, unit_fields
from symdisc.verify.verification import Verification

REFITS = 200
"""Times that a quick oracle is fitted to drawn rows, for each of the claimed fields at least half
of them: with fewer draws no p-value could pass the correction for their number."""

POINTS = 1_000
"""Rows at which X(F) is looked at for each of these fits, which are to all rows."""

MOST_NUMBERS = 50_000_000
"""Numbers of a table of velocities: 400 MB of float64."""

REFERENCES = 5
"""Random fields for each random generator that is asked for: they cost little."""

_NOTHING_ELSE = "the fields span all of the library: there is nothing to compare with"


def verify_fields(
    claim: FieldClaim, rows: Pairs, *, seed: int, options: DefectOptions
) -> Verification:
    """Test fields and random elements of their span, and judge them.

    Args:
        claim: What is claimed.
        rows: Held-out rows, on the CPU.
        seed: Seed of all that is random here.
        options: Limits of the verdicts, numbers of rows, of references and of draws.
    """
    rng = torch.Generator().manual_seed(seed)
    k = len(claim.fields)
    count = options.n_elements if k > 1 else 0
    elements = torch.randn(count, k, generator=rng, dtype=torch.float64)
    weights = torch.cat([torch.eye(k, dtype=torch.float64), elements])
    defects, references = field_defects(claim.along(weights), rows, rng, options)
    return Verification.of(defects[:k], options, elements=defects[k:], references=references)


def field_defects(
    claim: FieldClaim, rows: Pairs, rng: torch.Generator, options: DefectOptions
) -> tuple[list[RelativeDefect], tuple[float, ...]]:
    """Relative defects of the fields of a claim, and T of the random fields.

    Where the oracle is quick, F is fitted again to these rows alone, and many times to rows drawn
    from them with replacement: what noise adds to T is subtracted, rows at which it adds much, as
    at the rim of the data, count less, and the intervals are those of the basic bootstrap
    (Davison, Hinkley: Bootstrap Methods and their Application, 1997). Else F stays as it is, rows
    are drawn, and what is tested is this F.

    Args:
        claim: What is claimed.
        rows: Held-out rows.
        rng: Source of randomness.
        options: Numbers of rows, references and draws; limits.
    """
    k = len(claim.fields)
    rows = rows.at(torch.randperm(len(rows), generator=rng)[: options.max_rows])
    count = len(rows)
    if count < options.min_rows:
        reason = f"{count} held-out rows to test on, at least {options.min_rows} are needed"
        return [_untested(reason, count, options)] * k, ()
    oracle = _fitted(claim.oracle, rows, rng) if claim.oracle.quick else claim.oracle
    points = Points.of(oracle, rows, rng)
    found, moving = unit_fields(claim, points)
    others = random_fields(found, points, REFERENCES * options.n_references, rng)
    if len(others.fields) == 0:
        return [_untested(_NOTHING_ELSE, count, options)] * k, ()
    draws = _draws((found, others), oracle, points, rows, rng, options)
    compared = _resampled(draws.drawn[:, k:], rng)
    defects = [
        _defect(draws, number, compared, count, options) if moves else _still(count, options)
        for number, moves in enumerate(moving.tolist())
    ]
    return defects, tuple(draws.value[k:].tolist())


@dataclass(frozen=True, eq=False)
class _Draws:
    """T of fields and then of references.

    Attributes:
        k: Number of fields.
        value: Its estimates, ``(K,)``.
        drawn: What it could have been, ``(B, K)``.
        noise: How it would scatter about 0 if it were 0, ``(B, K)``.
    """

    k: int
    value: Tensor
    drawn: Tensor
    noise: Tensor


@dataclass(frozen=True, eq=False)
class _Probe:
    """Fields at given points: how they change a function, in units of the scales."""

    claims: tuple[FieldClaim, ...]
    points: Points
    scales: Tensor
    velocities: tuple[Tensor, ...]

    @classmethod
    def of(cls, claims: tuple[FieldClaim, ...], points: Points, scales: Tensor) -> _Probe:
        moved = tuple(claim.velocities(points.x) for claim in claims)
        return cls(claims, points, scales, moved)

    def changes(self, oracle: Oracle) -> Tensor:
        """X(F) of all fields, ``(N, K, c)``."""
        parts = [
            claim.changes(oracle, self.points.x, velocities)
            for claim, velocities in zip(self.claims, self.velocities, strict=True)
        ]
        return torch.cat(parts, dim=1) / self.scales

    def drawn(self, index: Tensor) -> _Probe:
        """The same at those of its points, the first ones of all rows, that are drawn."""
        counts = torch.bincount(index, minlength=len(self.points.x))[: len(self.points.x)]
        weights = self.points.weights * counts
        return replace(self, points=Points(self.points.x, weights / weights.mean()))

    def sizes(self, changes: Tensor) -> Tensor:
        """Mean squares ``(K,)`` of what :meth:`changes` gives."""
        return self.points.mean(changes.square().sum(-1))


def _draws(
    claims: tuple[FieldClaim, ...],
    oracle: Oracle,
    points: Points,
    rows: Pairs,
    rng: torch.Generator,
    options: DefectOptions,
) -> _Draws:
    scales = _row_scales(oracle, points)
    count = sum(len(claim.fields) for claim in claims)
    most = max(1, min(POINTS, MOST_NUMBERS // (count * points.x.shape[1])))
    if oracle.quick:
        return _refitted(_Probe.of(claims, points.first(most), scales), oracle, rows, rng)
    parts = (_Probe.of(claims, part, scales) for part in points.parts(most))
    squares = torch.cat([part.changes(oracle).square().sum(-1) for part in parts])
    return _drawn(squares, len(claims[0].fields), rng, options.resamples)


def _drawn(squares: Tensor, k: int, rng: torch.Generator, resamples: int) -> _Draws:
    count = len(squares)
    picks = (torch.randint(count, (count,), generator=rng) for _ in range(resamples))
    drawn = torch.stack([squares[pick].mean(0) for pick in picks])
    return _Draws(k, squares.mean(0), drawn, torch.zeros_like(drawn))


def _refitted(probe: _Probe, oracle: Oracle, rows: Pairs, rng: torch.Generator) -> _Draws:
    before, k = probe.changes(oracle), len(probe.claims[0].fields)
    square = probe.sizes(before)
    sizes, noises = [], []
    for _ in range(max(REFITS, REFITS * k // 2)):
        index = torch.randint(len(rows.x), (len(rows.x),), generator=rng)
        again = probe.changes(_fitted(oracle, rows.at(index), rng))
        sizes.append(probe.drawn(index).sizes(again))
        noises.append(probe.sizes(again - before))
    noise = torch.stack(noises)
    drawn = 2 * square - torch.stack(sizes)
    return _Draws(k, square - noise.mean(0), drawn, noise - noise.mean(0))


def _fitted(oracle: Oracle, rows: Pairs, rng: torch.Generator) -> Oracle:
    again = copy.copy(oracle)
    again.fit(rows.x, rows.y, rng)
    return again


def _row_scales(oracle: Oracle, points: Points) -> Tensor:
    """How far a move of every coordinate by its spread changes each value of F, ``(c,)``."""
    reach = oracle.jacobian(points.x) * points.x.std(0, correction=0)
    scales = points.mean(reach.square().sum(-1)).sqrt()
    return torch.where(scales > 0, scales, torch.inf)


def _resampled(drawn: Tensor, rng: torch.Generator) -> Tensor:
    """What T_ref could have been, ``(B,)``: medians of as many references as there are."""
    pick = torch.randint(drawn.shape[1], drawn.shape, generator=rng)
    found: Tensor = drawn.gather(1, pick).quantile(0.5, dim=1)
    return found


def _defect(
    draws: _Draws, number: int, references: Tensor, n_rows: int, options: DefectOptions
) -> RelativeDefect:
    low, high, k = options.alpha / 2, 1 - options.alpha / 2, draws.k
    reference = float(draws.value[k:].quantile(0.5))
    reference_low = float(references.quantile(low))
    if reference_low <= 0:
        reason = (
            "random fields pass as well: T_ref "
            f"{reference:.4f}, its lower end is {reference_low:.4f}"
        )
        return replace(
            _untested(reason, n_rows, options),
            statistic=float(draws.value[number]),
            reference=reference,
            n_references=len(draws.value) - k,
            reference_low=reference_low,
        )
    # What noise alone could have hidden bounds T from above as well.
    bounds = torch.maximum(draws.drawn[:, number], draws.noise[:, number])
    ratios = (bounds.clamp_min(0) / references.clamp_min(reference_low)).sqrt()
    below = (draws.drawn[:, number].clamp_min(0) / references.clamp_min(reference_low)).sqrt()
    return RelativeDefect(
        FIELD,
        math.sqrt(max(float(draws.value[number]), 0.0) / reference),
        float(below.quantile(low)),
        float(ratios.quantile(high)),
        statistic=float(draws.value[number]),
        reference=reference,
        displacement=1.0,
        support=math.nan,
        n_rows=n_rows,
        n_references=len(draws.value) - k,
        reference_low=reference_low,
        p_value=(1 + int((ratios >= options.confirmed).sum())) / (1 + len(ratios)),
        alpha=options.alpha,
    )


def _still(n_rows: int, options: DefectOptions) -> RelativeDefect:
    return replace(_untested("the field does not move the data", n_rows, options), displacement=0.0)


def _untested(reason: str, n_rows: int, options: DefectOptions) -> RelativeDefect:
    return RelativeDefect.untested(FIELD, reason, n_rows=n_rows, alpha=options.alpha)
