"""Orbits that are circles in bent coordinates, and a run on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.interfaces import DataShapes, EnsembleModule
from symdisc.representations import Representation
from symdisc_basics.coefficients import Normal, NormalOptions
from symdisc_basics.discriminators import MLPDiscriminator, MLPDiscriminatorOptions
from symdisc_basics.encoders.mlp import MLPEncoder, MLPEncoderOptions
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.stage import LatentStage

CPU = torch.device("cpu")


def rings(n_trajectories: int = 30, steps: int = 2, targets: str = "none") -> Samples:
    """Windows of points that turn at a speed of their radius, seen through a bend."""
    rng = torch.Generator().manual_seed(0)
    radius = 0.5 + torch.rand(n_trajectories, 1, generator=rng)
    start = 2 * math.pi * torch.rand(n_trajectories, 1, generator=rng)
    angle = start + 0.2 / (1 + radius) * torch.arange(60)
    z = radius[..., None] * torch.stack([angle.cos(), angle.sin()], dim=-1)
    x = torch.stack([z[..., 0], z[..., 1] + 0.6 * z[..., 0] ** 2], dim=-1)
    windows = x.unfold(1, steps, 1).mT
    owner = torch.arange(n_trajectories)[:, None].expand(windows.shape[:2])
    far = radius.expand(windows.shape[:2]).flatten()
    given = {"none": None, "values": far[:, None], "labels": (far > 1).long()}
    form = Representation.scalars(1) if targets == "values" else None
    return Samples(
        windows.flatten(0, 1), owner.flatten(), Representation.vector(2), given[targets], form
    )


def builders(**encoder: Any) -> dict[str, Callable[[DataShapes], nn.Module]]:
    """Small components."""
    options = MLPEncoderOptions(**{"width": 16, "activation": "silu", **encoder})
    return {
        "encoder": lambda shapes: MLPEncoder(options, shapes),
        "group": lambda shapes: LieAlgebra(LieAlgebraOptions(), shapes),
        "discriminator": lambda shapes: MLPDiscriminator(MLPDiscriminatorOptions(width=16), shapes),
    }


def context(samples: Samples, seeds: int = 2, parts: Mapping[str, Any] | None = None) -> RunContext:
    """A run on these samples."""
    return RunContext(
        samples,
        tuple(range(seeds)),
        CPU,
        torch.Generator().manual_seed(0),
        {**builders(), **(parts or {})},
        lambda k: Normal(NormalOptions(), k),
        validation=samples,
    )


def built(
    samples: Samples, run: RunContext | None = None, **options: Any
) -> tuple[LatentStage, Mapping[str, EnsembleModule], RunContext]:
    """A stage and its modules."""
    run = run or context(samples)
    stage = LatentStage(LaLiGANOptions(**{"steps": 10, "batch_size": 16, **options}))
    return stage, stage.modules(run, {}), run
