"""From the generators and encoders of many seeds to one result in the coordinates of one of them.

Every seed has coordinates of its own. Those of one seed, the representative, become the result's;
the best affine map from each seed's latent points to the representative's carries its generators
along, and only then they are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import torch
from torch import Tensor

from symdisc.algebra.consensus import canonical_scale, echelon
from symdisc.algebra.spans import orthonormal_basis
from symdisc.aligning import Aligned, align_seeds
from symdisc.assembly import PREVIEW, assemble
from symdisc.data.samples import Samples
from symdisc.data.splits import Split
from symdisc.errors import BrokenComponentError
from symdisc.interfaces import DataShapes, Discovery, Encoder, Latent
from symdisc.latent_space import LatentSpace, latent_space
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent_figures import (
    Coded,
    LatentFigures,
    LatentLimits,
    coordinate_figures,
    raw_shares,
)
from symdisc.verify.latent_verifying import latent_rows

MOST_ROWS = 4000
"""Rows on which coordinates are compared and judged."""

MOST_NUMBERS = 2**22
"""Numbers in these rows, where a state has many coordinates."""

PREVIEW_NUMBERS = 2**20
"""Numbers in the states that are kept for pictures."""

N_TRAJECTORIES = 12
N_POINTS = 200
"""Latent trajectories kept for pictures, and points of each."""

_AT_ONCE = 2**19
"""Numbers in the rows that go through all encoders at once."""


def assemble_latent(
    found: Discovery,
    seeds: tuple[int, ...],
    parts: Split,
    config: Mapping[str, Any],
    host: PluginHost,
    options: DefectOptions,
    criterion: Sequence[float | None] | None = None,
) -> SymmetryResult:
    """Put the result of a method that learns coordinates together, before verification.

    Validation rows tell which seeds are left out and whose coordinates are taken; figures are
    those of held-out rows, which decide nothing here.

    Args:
        found: What the method found, with ``latent``.
        seeds: The seed of each member.
        parts: The data as the method saw them.
        config: The resolved settings.
        host: Where the encoder comes from.
        options: Limits for the coordinates.
        criterion: The validation criterion of each seed, lower is better, if there is one.

    Raises:
        TrainingError: No seed ended with usable generators.
        DataError: The encoders are not of the component that was chosen.
        BrokenComponentError: What the method says of its coordinates is not what the encoders
            do, or an encoder has state that is not saved.
    """
    latent = cast("Latent", found.latent)
    limits = LatentLimits.of(options)
    generators = found.generators.detach().double().cpu()
    seeds = seeds[: len(generators)]
    checked = coded(latent, parts.validation)
    _check_shapes(latent, generators, checked[0])
    figures = [coordinate_figures(*pair) for pair in zip(checked, generators, strict=True)]
    aligned = align_seeds(found, checked, figures, limits, seeds, criterion)
    space = _space(latent, aligned.representative, seeds, parts, config, host)
    _check_same(space, checked[aligned.representative])
    result = _assembled(found, aligned, seeds, parts.held_out, config, space)
    return replace(
        result,
        seed_generators=torch.where(aligned.generators.isnan(), generators, aligned.generators),
        failed={seeds[e]: reason for e, reason in aligned.failed.items()},
        latent_figures=_figures(result, latent, aligned, generators, parts.held_out, limits),
    )


def coded(latent: Latent, samples: Samples) -> list[Coded]:
    """The rows, or evenly chosen ones, with their latent points, for each seed."""
    count = min(MOST_ROWS, max(MOST_NUMBERS // (samples.steps * samples.size), 1), len(samples))
    rows = samples.rows(torch.linspace(0, len(samples) - 1, count).long()).to("cpu")
    encoders = latent.encoders.eval()
    device = next((tensor.device for tensor in encoders.parameters()), torch.device("cpu"))
    codes, decoded = [], []
    with torch.no_grad():
        for states in torch.split(rows.states, max(_AT_ONCE // (rows.steps * rows.size), 1)):
            each = states.to(device).expand(encoders.size, *states.shape)
            codes.append(encoders.call("encode", each))
            decoded.append(encoders.call("decode", codes[-1]).cpu())
    centred = torch.cat(codes, dim=1).cpu() - latent.centres.detach().cpu()[:, None, None]
    back = torch.cat(decoded, dim=1)
    return [Coded(rows, *pair, latent.representation) for pair in zip(centred, back, strict=True)]


def _check_shapes(latent: Latent, generators: Tensor, rows: Coded) -> None:
    form, count = latent.representation, len(generators)
    given = {
        "a latent point": (rows.codes.shape[-1:], (form.size,)),
        "a generator": (generators.shape[2:], (form.dimension, form.dimension)),
        "the centres": (latent.centres.shape, (count, form.size)),
        "the number of encoders": ((latent.encoders.size,), (count,)),
    }
    problems = [
        f"{name} has shape {tuple(shape)} where {tuple(needed)} is needed"
        for name, (shape, needed) in given.items()
        if tuple(shape) != tuple(needed)
    ]
    if problems:
        raise BrokenComponentError(
            f"the method says that latent points transform as '{form}', but {'; '.join(problems)}"
        )


def _check_same(space: LatentSpace, rows: Coded) -> None:
    """The encoder by itself must do what it did among the others."""
    again = space.encode(rows.samples.states) - space.centre
    if not torch.allclose(again, rows.codes.double(), rtol=1e-3, atol=1e-3, equal_nan=True):
        raise BrokenComponentError(
            f"encoder {space.component} gives other latent points once it is saved and built "
            "again; all that it needs must be parameters or buffers that state_dict() knows"
        )


def _space(
    latent: Latent,
    member: int,
    seeds: tuple[int, ...],
    parts: Split,
    config: Mapping[str, Any],
    host: PluginHost,
) -> LatentSpace:
    """The coordinates of one seed, with what pictures show of them."""
    held_out, empty = parts.held_out, torch.zeros(0)
    space = latent_space(
        cast("Encoder", latent.encoders.member(member)),
        str(config["encoder"]),
        config["options"]["encoder"],
        host,
        shapes=DataShapes.of(parts.train),
        representation=latent.representation,
        centre=latent.centres[member].detach().double().cpu(),
        seed=seeds[member],
        codes=empty,
        trajectories=empty,
        mean=torch.zeros(held_out.size, dtype=torch.float64),
        scales=torch.ones(held_out.size, dtype=torch.float64),
    )
    return replace(
        space,
        codes=space.encode(_preview(held_out)).float(),
        trajectories=_trajectories(held_out, space),
    )


def _preview(held_out: Samples) -> Tensor:
    """Evenly spaced held-out states, fewer where these are large."""
    count = min(PREVIEW, max(PREVIEW_NUMBERS // (held_out.steps * held_out.size), 1), len(held_out))
    return held_out.states[torch.linspace(0, len(held_out) - 1, count).long()].cpu()


def _trajectories(held_out: Samples, space: LatentSpace) -> Tensor:
    """Latent points of a few trajectories ``(R, T, latent size)``, nan behind their ends."""
    ids, counts = torch.unique(held_out.trajectory, return_counts=True)
    ids = ids[counts > 1]
    chosen = ids[torch.linspace(0, len(ids) - 1, min(N_TRAJECTORIES, len(ids))).long()]
    size = space.representation.size
    paths = torch.full((len(chosen), N_POINTS, size), torch.nan)
    for path, trajectory in zip(paths, chosen, strict=True):
        states = held_out.states[held_out.trajectory == trajectory, 0]
        every = -(-len(states) // N_POINTS)
        codes = space.encode(states[::every]).float().cpu()
        path[: len(codes)] = codes
    return paths


def _assembled(
    found: Discovery,
    aligned: Aligned,
    seeds: tuple[int, ...],
    held_out: Samples,
    config: Mapping[str, Any],
    space: LatentSpace,
) -> SymmetryResult:
    """Consensus and name, told by latent points as if they were the data."""
    rows = latent_rows(held_out.to("cpu"), space)
    carried_over = replace(found, generators=aligned.generators, latent=None)
    if len(aligned.failed) == len(seeds):
        result = _without_consensus(carried_over, aligned, seeds, rows, config)
    else:
        result = assemble(carried_over, seeds, rows, config)
    vectors = held_out.target_representation
    left = () if vectors is None or vectors.n_vectors == 0 else (_TARGETS,)
    where = ", in learned coordinates" if result.has_consensus else ""
    return replace(
        result,
        group=f"{result.group}{where}",
        latent=space,
        representation=held_out.representation,
        preview=_preview(held_out),
        names=held_out.names,
        units=held_out.units,
        notes=(*result.notes, *left),
    )


def _without_consensus(
    found: Discovery,
    aligned: Aligned,
    seeds: tuple[int, ...],
    rows: Samples,
    config: Mapping[str, Any],
) -> SymmetryResult:
    """What the representative found, for the record: no seed has coordinates of any use."""
    basis = orthonormal_basis(aligned.generators[aligned.representative])
    return SymmetryResult(
        generators=canonical_scale(echelon(basis)),
        seed_generators=aligned.generators,
        seeds=seeds,
        in_consensus=(False,) * len(seeds),
        agreement=0.0,
        has_consensus=False,
        group=f"unidentified, dimension {len(basis)}",
        evidence="no consensus: the coordinates of every seed are no good",
        mask=found.mask.double().cpu(),
        representation=rows.representation,
        preview=rows.states,
        blocks=found.blocks,
        target_representation=rows.target_representation,
        notes=found.notes,
        config=dict(config),
    )


def _figures(
    result: SymmetryResult,
    latent: Latent,
    aligned: Aligned,
    generators: Tensor,
    held_out: Samples,
    limits: LatentLimits,
) -> LatentFigures:
    rows = coded(latent, held_out)
    each = zip(rows, generators, aligned.r_squared, strict=True)
    consensus = coordinate_figures(rows[aligned.representative], result.generators, 1.0)
    return LatentFigures(
        tuple(coordinate_figures(*one) for one in each),
        consensus,
        *raw_shares(rows[0].samples),
        limits,
    )


_TARGETS = (
    "The targets are taken as unchanging: generators act on learned coordinates, which vectors "
    "among the targets do not have."
)
