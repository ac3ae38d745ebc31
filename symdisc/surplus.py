"""What remains of generators that were searched for with some to spare."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from symdisc.algebra.consensus import canonical_scale, echelon, mean_noise
from symdisc.algebra.lie_algebra import lie_algebra
from symdisc.algebra.spans import largest_angle
from symdisc.assembly import action_name
from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier
from symdisc.result import SymmetryResult
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.pruning import Pruning, prune

DIGITS = 10
"""Decimals of what remains."""


def without_surplus(
    result: SymmetryResult,
    samples: Samples,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
) -> SymmetryResult:
    """Leave out what is no symmetry, and close what is left under the bracket.

    How many generators there are is thus told three times: by what the seeds have in common, by
    a test of all directions of that span, and by the algebra that the rest is closest to.

    Args:
        result: What the seeds have in common.
        samples: Rows that were not held out, on the CPU.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test.

    Returns:
        The result with the generators that remain, their name, and notes that say why; as it was
        where there is one generator only or the seeds do not agree.
    """
    if not result.has_consensus or len(result.generators) < 2:
        return result
    pruning = prune(
        samples, result.generators, result.mask, result.blocks, verifier, seed=seed, options=options
    )
    seeds = result.seed_generators[list(result.in_consensus)]
    spread = mean_noise(pruning.generators, seeds)
    generators, closure = _closed(result, pruning.generators, spread)
    # The last digits of a singular value decomposition depend on where in memory matrices lie.
    generators = generators.round(decimals=DIGITS)
    name = action_name(generators, result.blocks, result.representation, spread)
    return replace(
        result,
        generators=generators,
        group=name.group,
        evidence=name.evidence,
        notes=(*result.notes, *_evidence(pruning), *closure),
    )


def _closed(
    result: SymmetryResult, generators: Tensor, spread: float
) -> tuple[Tensor, tuple[str, ...]]:
    """The nearest closed algebra, if it is a known one; else what was given."""
    kept = canonical_scale(echelon(generators))
    if len(generators) < 2 or result.representation.grid is not None:
        return kept, ()
    algebra = lie_algebra(generators, result.blocks, spread)
    if algebra.identification.algebra is None or algebra.closed is None:
        return kept, ()
    angle = largest_angle(generators, algebra.closed)
    note = (
        f"Brackets of these generators leave their span by {algebra.closure:.1%} at most; shown is "
        f"the nearest algebra that is closed, {algebra.name}, {angle:.1f}° away."
    )
    return canonical_scale(echelon(algebra.closed)), (note,)


def _evidence(pruning: Pruning) -> tuple[str, ...]:
    if not pruning.defects:
        return ()
    values = [
        [defect.value for defect, kept in zip(pruning.defects, pruning.kept, strict=True) if kept],
        [
            defect.value
            for defect, kept in zip(pruning.defects, pruning.kept, strict=True)
            if not kept
        ],
    ]
    kept, dropped = (", ".join(f"{value:.2f}" for value in sorted(part)) for part in values)
    if not dropped:
        return (
            f"Each of the {len(pruning.defects)} directions was tested on rows that were not held "
            f"out, and all were kept: relative defects {kept}.",
        )
    return (
        f"Of the {len(pruning.defects)} directions that the seeds have in common, "
        f"{len(values[0])} were kept: relative defects on rows that were not held out {kept}; left "
        f"out: {dropped}.",
    )
