"""From the matrices of many seeds to the discrete part of a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from symdisc.algebra.tolerances import Setting
from symdisc.assembly import preview
from symdisc.cosets.component import TOLERANCE, IdentityComponent, gathered
from symdisc.cosets.discrete_part import DiscretePart, discrete_part
from symdisc.data.samples import Samples
from symdisc.interfaces import Discovery, Verifier
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.relative_defect import element_defects
from symdisc.verify.verdict import verdicts_of

SCREENING = {"max_rows": 4_000, "n_references": 10}
"""Less than the test on held-out rows has: here only what is plainly no symmetry is told."""

_LARGEST_CONDITION = 1e6


def assemble_discrete(
    found: Discovery, seeds: tuple[int, ...], held_out: Samples, config: Mapping[str, Any]
) -> SymmetryResult:
    """The result of a method that found no continuous part; its discrete part is added later.

    Args:
        found: What the method found, E members without generators.
        seeds: The seed of each member.
        held_out: Samples that training never saw.
        config: The resolved settings.
    """
    n = held_out.representation.dimension
    members = tuple(range(len(found.generators)))
    return SymmetryResult(
        generators=torch.zeros(0, n, n, dtype=torch.float64),
        seed_generators=torch.zeros(len(members), 0, n, n, dtype=torch.float64),
        seeds=seeds[: len(members)],
        in_consensus=tuple(True for _ in members),
        agreement=1.0,
        has_consensus=True,
        group="trivial",
        evidence="",
        mask=found.mask.double().cpu(),
        blocks=found.blocks,
        representation=held_out.representation,
        target_representation=held_out.target_representation,
        preview=preview(held_out),
        names=held_out.names,
        units=held_out.units,
        truth=None if held_out.truth is None else held_out.truth.double(),
        notes=found.notes,
        config=dict(config),
    )


def with_discrete(
    result: SymmetryResult,
    representatives: Tensor,
    rows: Samples,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
) -> SymmetryResult:
    """The result with its discrete part, not tested on held-out rows yet.

    Matrices count modulo the generators of the result. A coset is kept where at least half of the
    seeds of the consensus found it, and a quick test on rows that were not held out does not
    contradict it; what products of these add is kept as well.

    Args:
        result: What the seeds agree on otherwise.
        representatives: What each seed found, ``(E, m, n, n)``; nan where it claims nothing.
        rows: Rows that were not held out, on the CPU, in the units of the result.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test.
    """
    shared = _shared(result, representatives.detach().double().cpu())
    quick = options.model_copy(update=SCREENING)
    kept = shared.passing(_contradicted(result, shared.matrices, rows, verifier, seed, quick))
    part = discrete_part(kept.matrices, result.generators, shares=kept.shares)
    result = replace(result, discrete=part, notes=(*result.notes, *_notes(shared, kept, part)))
    if len(result.generators):
        return result
    name = f"{part.group} on {_where(result.representation)}"
    agreement = min((s for s, f in zip(part.shares, part.found, strict=True) if f), default=1.0)
    return replace(result, group=name, evidence=_evidence(part), agreement=agreement)


@dataclass(frozen=True, eq=False)
class _Shared:
    """Cosets that enough seeds found, without the identity component.

    Attributes:
        matrices: One of each, ``(m, n, n)``.
        shares: Share of the seeds that found it [1].
        left_out: How many further cosets fewer seeds found.
    """

    matrices: Tensor
    shares: tuple[float, ...]
    left_out: int

    def passing(self, contradicted: list[bool]) -> _Shared:
        keep = [number for number, bad in enumerate(contradicted) if not bad]
        shares = tuple(self.shares[number] for number in keep)
        return replace(self, matrices=self.matrices[keep], shares=shares)


def _shared(result: SymmetryResult, representatives: Tensor) -> _Shared:
    n = representatives.shape[-1]
    members = [e for e, member in enumerate(result.in_consensus) if member]
    origin, candidates = [0], [torch.eye(n).double().numpy()]
    for number, member in enumerate(members):
        for h in representatives[member]:
            # Not finite: no claim. Nearly singular: no element of a group.
            if h.isfinite().all() and float(torch.linalg.cond(h)) < _LARGEST_CONDITION:
                origin.append(number)
                candidates.append(h.numpy())
    _, *cosets = gathered(candidates, IdentityComponent(result.generators), TOLERANCE)
    shares = [len({origin[i] for i in coset.members}) / len(members) for coset in cosets]
    kept = [number for number, share in enumerate(shares) if share >= 0.5]
    matrices = [torch.from_numpy(cosets[number].mean) for number in kept]
    return _Shared(
        torch.stack(matrices) if matrices else torch.zeros(0, n, n, dtype=torch.float64),
        tuple(shares[number] for number in kept),
        len(cosets) - len(kept),
    )


def _contradicted(
    result: SymmetryResult,
    matrices: Tensor,
    rows: Samples,
    verifier: Verifier,
    seed: int,
    options: DefectOptions,
) -> list[bool]:
    """Which matrices are plainly no symmetries; what cannot be tested is not among them."""
    defects = element_defects(
        rows,
        matrices,
        result.generators,
        result.mask,
        result.blocks,
        verifier,
        seed=seed,
        options=options,
    )
    return [
        verdict.word in ("not supported", "trivial") for verdict in verdicts_of(defects, options)
    ]


def _where(representation: Representation) -> str:
    if representation.grid is not None:
        return "images"
    return Setting([list(range(representation.dimension))], representation.n_vectors).where


def _evidence(part: DiscretePart) -> str:
    if len(part) == 1:
        return "no element but the identity was found by most seeds"
    if part.table is None:
        return "products of the elements do not close, so that they form no finite group"
    counts = {order: part.orders.count(order) for order in sorted(set(part.orders))}
    listed = ", ".join(f"{count} of order {order}" for order, count in counts.items())
    return (
        f"{len(part)} elements, {listed}; products of those that were found lie within "
        f"{part.closure:.3f} of an element"
    )


def _notes(shared: _Shared, kept: _Shared, part: DiscretePart) -> list[str]:
    notes = []
    if shared.left_out:
        notes.append(
            f"{shared.left_out} further components were found by fewer than half of the seeds and "
            "are left out."
        )
    dropped = len(shared.matrices) - len(kept.matrices)
    if dropped:
        notes.append(
            f"{dropped} components that the seeds found were left out, since rows that were not "
            "held out contradict them."
        )
    added = part.found.count(False)
    if added:
        notes.append(f"{added} components are only products of those that were found.")
    if part.table is None:
        notes.append("Products of the discrete elements do not close, so they are no finite group.")
    return notes
