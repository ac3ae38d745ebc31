"""From the generators of many seeds to one result: consensus, scale and name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from symdisc.algebra.affine import name_affine
from symdisc.algebra.common import find_common
from symdisc.algebra.consensus import Consensus, find_consensus, mean_noise
from symdisc.algebra.cyclic import CyclicGroup, cyclic_of_order, find_cyclic, turn_direction
from symdisc.algebra.determined import (
    determined_part,
    determined_projectors,
    n_determined,
)
from symdisc.algebra.naming import name_group
from symdisc.algebra.tolerances import GroupName
from symdisc.data.samples import Samples
from symdisc.interfaces import Discovery
from symdisc.linear_action import as_vectors
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.verify.turn_scan import TurnScan, turn_scan
from symdisc_kernels import Blocks

MOST_VECTORS = 4000
"""Vectors from which it is seen which directions the data span."""

PREVIEW = 400
"""Held-out samples kept with a result, for pictures."""

PREVIEW_IMAGES = 32
"""The same where a sample is an image, which is larger and shown one by one."""


def assemble(
    found: Discovery,
    seeds: tuple[int, ...],
    held_out: Samples,
    config: Mapping[str, Any],
    reference: Samples | None = None,
) -> SymmetryResult:
    """Put the result of one run together, before verification.

    Args:
        found: What the method found, E members.
        seeds: The seed of each member; a closed-form method has one member whatever they are.
        held_out: Samples that training never saw.
        config: The resolved settings.
        reference: Other samples, whose targets tell which turns of a plane matter.

    Raises:
        TrainingError: No seed ended with usable generators.
    """
    mask = found.mask.double().cpu()
    seed_generators, truth, undetermined = _determined(found, mask, held_out)
    seeds = seeds[: len(seed_generators)]
    common = found.surplus and len(seed_generators) > 1
    consensus = (find_common if common else find_consensus)(seed_generators)
    scan = _scan(consensus, held_out, reference)
    cyclic = _cyclic(seed_generators, consensus, scan) if found.discrete else None
    spread = mean_noise(consensus.generators, seed_generators[list(consensus.members)])
    name = _name(consensus, found.blocks, held_out.representation, spread)
    if cyclic is not None:
        consensus, name = _of_cyclic(cyclic, consensus), _cyclic_name(cyclic, name)
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
        order=None if cyclic is None else cyclic.order,
        preview=preview(held_out),
        names=held_out.names,
        units=held_out.units,
        truth=truth,
        failed={seeds[member]: reason for member, reason in consensus.failed.items()},
        notes=(
            *found.notes,
            *undetermined,
            *_notes(found, consensus, cyclic, scan, held_out),
        ),
        config=dict(config),
    )


def _determined(
    found: Discovery, mask: Tensor, held_out: Samples
) -> tuple[Tensor, Tensor | None, list[str]]:
    """Found and true generators without what the data leave open, and a note if they do."""
    generators = found.generators.detach().double().cpu()
    truth = None if held_out.truth is None else held_out.truth.double()
    if held_out.representation.grid is not None:
        return generators, truth, []
    projectors = determined_projectors(mask, _moved_vectors(held_out))
    entries, free = n_determined(projectors), int(mask.count_nonzero())
    if entries == free:
        return generators, truth, []
    if truth is not None and truth.shape[1:] == mask.shape:
        truth = determined_part(truth, projectors)
    note = (
        f"The data span less than their space, so they determine only {entries} of the {free} "
        "free entries of a generator: of all generators that do the same to the data, the "
        "smallest one is shown."
    )
    return determined_part(generators, projectors), truth, [note]


def _moved_vectors(held_out: Samples) -> Tensor:
    """Some of the vectors ``(P, n)`` of states and targets that the generators act on."""
    moved = [(held_out.states, held_out.representation)]
    targets, form = held_out.float_targets, held_out.target_representation
    if targets is not None and form is not None and form.n_vectors:
        moved.append((targets, form))
    found = []
    for values, representation in moved:
        vectors = as_vectors(values, representation).flatten(0, -2)
        vectors = vectors[:: max(1, len(vectors) // MOST_VECTORS)].double().cpu()
        # Only directions count, and those of small targets as much as those of large states.
        size = vectors.square().mean().sqrt()
        found.append(vectors / torch.where(size > 0, size, 1.0))
    return torch.cat(found)


def action_name(
    generators: Tensor, blocks: Blocks | None, representation: Representation, spread: float
) -> GroupName:
    """A name for the group of exp(Σ z_i L_i) as it acts on states.

    Args:
        generators: ``(k, n, n)``, finite.
        blocks: Index groups between which generators vanish, or ``None``.
        representation: How a state transforms.
        spread: How far seeds differ, as noise of a generator of norm 1 [1].
    """
    if representation.grid is not None:
        return name_affine(generators, representation.grid)
    return name_group(generators, blocks, representation.n_vectors, spread)


def _name(
    consensus: Consensus, blocks: Blocks | None, representation: Representation, spread: float
) -> GroupName:
    """A name for what the seeds agree on; what is no consensus gets none."""
    if consensus.has_consensus:
        return action_name(consensus.generators, blocks, representation, spread)
    agreeing, seeds = sum(consensus.members), len(consensus.members)
    return GroupName(
        f"unidentified, dimension {len(consensus.generators)}",
        f"no consensus: at most {agreeing} of {seeds} seeds agree",
    )


def _of_cyclic(cyclic: CyclicGroup, consensus: Consensus) -> Consensus:
    """Seeds that found an element of the group agree, whichever element it is."""
    return replace(
        consensus,
        generators=cyclic.generator[None],
        members=cyclic.members,
        agreement=sum(cyclic.members) / len(cyclic.members),
    )


def _scan(consensus: Consensus, held_out: Samples, reference: Samples | None) -> TurnScan | None:
    """Which turns matter, where the seeds agree on one rotation and there are targets."""
    turn = turn_direction(consensus)
    if turn is None or reference is None:
        return None
    return turn_scan(reference, held_out, turn)


def _cyclic(
    seed_generators: Tensor, consensus: Consensus, scan: TurnScan | None
) -> CyclicGroup | None:
    """The finite group: of the order that the targets tell, else of that which the angles tell."""
    if scan is None:
        return find_cyclic(seed_generators, consensus)
    if scan.order is None or scan.order < 2:
        return None
    evidence = (
        f"turns of unseen rows by its other elements make targets at most "
        f"{max(scan.largest, 0) / scan.level:.0%} as much harder to predict as most turns do"
    )
    return cyclic_of_order(seed_generators, consensus, scan.order, evidence)


def _cyclic_name(cyclic: CyclicGroup, continuous: GroupName) -> GroupName:
    where = continuous.group.partition(" on ")[2]
    return GroupName(
        f"C_{cyclic.order}{' on ' if where else ''}{where}",
        f"the seeds turn by whole numbers of steps of {cyclic.angle:.4f} radian (2π/{cyclic.order} "
        f"is {2 * math.pi / cyclic.order:.4f}); {cyclic.evidence}; {continuous.evidence}",
    )


def _notes(
    found: Discovery,
    consensus: Consensus,
    cyclic: CyclicGroup | None,
    scan: TurnScan | None,
    held_out: Samples,
) -> list[str]:
    """What a reader has to know to read the generators rightly."""
    notes = []
    asked, independent = found.generators.shape[1], len(consensus.generators)
    if found.surplus and len(found.generators) == 1:
        notes.append(
            "How many generators there are is told by what several seeds have in common first; "
            "there was one seed, so only the test on the data could leave any out."
        )
    elif found.surplus:
        notes.append(
            f"Each seed had {asked} generators to fill; shown is what the seeds have in common."
        )
    elif independent < asked:
        notes.append(
            f"{asked} generators were asked for; those found span {independent} dimensions only."
        )
    if found.discrete and cyclic is None:
        notes.append(
            "Coefficients were whole numbers, but what the seeds found are not elements of one "
            "finite group of rotations; the generator is shown as that of a continuous group."
        )
    if cyclic is None and scan is not None and scan.order is not None:
        few = "no turns" if scan.order == 1 else f"only turns by multiples of 2π/{scan.order}"
        notes.append(
            f"The targets of unseen rows tell that {few} of this plane leave them exactly as they "
            "are; the continuous group is a symmetry at most nearly."
        )
    return notes + _still(held_out)


def _still(held_out: Samples) -> list[str]:
    """Which coordinates do not vary; of images, how many pixels."""
    fixed = held_out.states.flatten(0, 1).std(0, correction=0) == 0
    if held_out.representation.grid is not None:
        pixels = fixed[: held_out.representation.n_moving]
        count = int(pixels.sum())
        told = f"{count:,} of {len(pixels):,} pixel values are the same in all held-out images."
        return [told] if count else []
    if not fixed.any():
        return []
    names = held_out.names or tuple(f"x{i + 1}" for i in range(held_out.size))
    still = ", ".join(name for name, same in zip(names, fixed, strict=True) if same)
    return [
        f"These coordinates do not vary in the held-out data: {still}. What a "
        "generator does to them, and with them, is not determined by the data."
    ]


def preview(held_out: Samples) -> torch.Tensor:
    """Some evenly spaced held-out states: every trajectory keeps its share of the pictures."""
    most = PREVIEW if held_out.representation.grid is None else PREVIEW_IMAGES
    count = min(most, len(held_out))
    index = torch.linspace(0, len(held_out) - 1, count).long()
    return held_out.states[index].cpu()
