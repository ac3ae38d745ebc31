"""A plugin for tests: a method that hands over the generators and matrices it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any, ClassVar

import torch
from torch import Tensor

from symdisc import Component, hookimpl
from symdisc.interfaces import Artifacts, ClosedFormStage, Discovery, Method, Stage, StageContext
from symdisc.options import Field, Options
from symdisc.plugin_record import ENTRY_POINT_GROUP
from symdisc.registry import PluginHost

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]]).double()
MIRROR = torch.tensor([[1.0, 0.0], [0.0, -1.0]]).double()
Matrices = list[list[list[float]]]


def elements_host() -> PluginHost:
    """All installed plugins and this one."""
    here = metadata.EntryPoint("toy", __name__, ENTRY_POINT_GROUP)
    return PluginHost([*metadata.entry_points(group=ENTRY_POINT_GROUP), here])


@hookimpl
def symdisc_methods() -> list[Component]:
    return [Component("given", f"{__name__}:Given", "What was given, with noise of each seed.")]


def turn(angle: float) -> Tensor:
    turned: Tensor = torch.linalg.matrix_exp(angle * TURN)
    return turned


class GivenOptions(Options):
    generators: Matrices = Field([], description="Generators")
    representatives: Matrices = Field(description="Matrices")
    noise: float = Field(0.01, description="Standard deviation of the noise of each seed")


class HandOver(ClosedFormStage):
    name: ClassVar[str] = "given"

    def __init__(self, options: GivenOptions) -> None:
        self._options = options

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        n = context.shapes.representation.dimension
        rng = torch.Generator().manual_seed(context.seeds[0])
        given = {
            name: torch.tensor(getattr(self._options, name), dtype=torch.float64)
            .reshape(-1, n, n)
            .expand(len(context.seeds), -1, -1, -1)
            for name in ("generators", "representatives")
        }
        return {
            name: values + self._options.noise * torch.randn(values.shape, generator=rng).double()
            for name, values in given.items()
        }


class Given(Method):
    Options: ClassVar[type[Options]] = GivenOptions
    uses: ClassVar[Mapping[str, str]] = {}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"default": {}}

    def __init__(self, options: GivenOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        return [HandOver(self._options)]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        n = artifacts["representatives"].shape[-1]
        return Discovery(
            artifacts["generators"], torch.ones(n, n), representatives=artifacts["representatives"]
        )
