"""From the generators of many seeds to one result: consensus, scale and name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from symdisc.algebra.consensus import Consensus, find_consensus
from symdisc.algebra.naming import name_group
from symdisc.algebra.tolerances import GroupName
from symdisc.data.samples import Samples
from symdisc.interfaces import Discovery
from symdisc.result import SymmetryResult
from symdisc_kernels import Blocks

PREVIEW = 400
"""Held-out samples kept with a result, for pictures."""


def assemble(
    found: Discovery,
    seeds: tuple[int, ...],
    held_out: Samples,
    config: Mapping[str, Any],
) -> SymmetryResult:
    """Put the result of one run together, before verification.

    Args:
        found: What the method found, E members.
        seeds: The seed of each member; a closed-form method has one member whatever they are.
        held_out: Samples that training never saw.
        config: The resolved settings.

    Raises:
        TrainingError: No seed ended with usable generators.
    """
    seed_generators = found.generators.detach().double().cpu()
    seeds = seeds[: len(seed_generators)]
    consensus = find_consensus(seed_generators)
    mask = found.mask.double().cpu()
    name = _name(consensus, found.blocks, held_out.representation.n_vectors)
    return SymmetryResult(
        generators=consensus.generators,
        seed_generators=seed_generators,
        seeds=seeds,
        in_consensus=consensus.members,
        agreement=consensus.agreement,
        has_consensus=consensus.has_consensus,
        group=name.group,
        evidence=name.evidence,
        mask=mask,
        blocks=found.blocks,
        representation=held_out.representation,
        target_representation=held_out.target_representation,
        preview=_preview(held_out),
        names=held_out.names,
        units=held_out.units,
        truth=None if held_out.truth is None else held_out.truth.double(),
        failed={seeds[member]: reason for member, reason in consensus.failed.items()},
        notes=(*found.notes, *_notes(found, consensus, held_out)),
        config=dict(config),
    )


def _name(consensus: Consensus, blocks: Blocks | None, n_vectors: int) -> GroupName:
    """A name for what the seeds agree on; what is no consensus gets none."""
    if consensus.has_consensus:
        return name_group(consensus.generators, blocks=blocks, n_vectors=n_vectors)
    agreeing, seeds = sum(consensus.members), len(consensus.members)
    return GroupName(
        f"unidentified, dimension {len(consensus.generators)}",
        f"no consensus: at most {agreeing} of {seeds} seeds agree",
    )


def _notes(found: Discovery, consensus: Consensus, held_out: Samples) -> list[str]:
    """What a reader has to know to read the generators rightly."""
    notes = []
    asked, independent = found.generators.shape[1], len(consensus.generators)
    if independent < asked:
        notes.append(
            f"{asked} generators were asked for; those found span {independent} dimensions only."
        )
    states = held_out.states.flatten(0, 1)
    names = held_out.names or tuple(f"x{i + 1}" for i in range(held_out.size))
    still = [name for name, spread in zip(names, states.std(0), strict=True) if spread == 0]
    if still:
        notes.append(
            f"These coordinates do not vary in the held-out data: {', '.join(still)}. What a "
            "generator does to them, and with them, is not determined by the data."
        )
    return notes


def _preview(held_out: Samples) -> torch.Tensor:
    """Evenly spaced held-out states: every trajectory keeps its share of the pictures."""
    count = min(PREVIEW, len(held_out))
    index = torch.linspace(0, len(held_out) - 1, count).long()
    return held_out.states[index].cpu()
