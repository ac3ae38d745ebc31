"""A plugin for tests: data with a known nonlinear action, and encoders that are right or wrong.

A hidden oscillator p in the plane turns with a speed that depends on its amplitude; what is seen
is x = W(p) in three dimensions. The method does not learn: each seed's encoder is W⁻¹, spoilt as
the option ``kind`` says, in a linear basis of its own, and its generator is the turn in that basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from symdisc import Component, hookimpl
from symdisc.data.prepare import prepare
from symdisc.data.splits import Split, split
from symdisc.engine.context import RunContext
from symdisc.interfaces import (
    Artifacts,
    ClosedFormStage,
    DataShapes,
    Discovery,
    Encoder,
    Latent,
    Method,
    Stage,
    StageContext,
)
from symdisc.latent_assembly import assemble_latent
from symdisc.options import Field, Options
from symdisc.plugin_record import ENTRY_POINT_GROUP
from symdisc.registry import PluginHost
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.verify.defect_options import DefectOptions

Kind = Literal["exact", "circle", "uneven", "constant", "flat", "by seed"]
TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
SEEN_SIZE = 3


def toy_host() -> PluginHost:
    """All installed plugins and this one."""
    here = metadata.EntryPoint("toy", __name__, ENTRY_POINT_GROUP)
    return PluginHost([*metadata.entry_points(group=ENTRY_POINT_GROUP), here])


@hookimpl
def symdisc_encoders() -> list[Component]:
    return [Component("hidden-plane", f"{__name__}:HiddenPlane", "W⁻¹, or nearly.")]


@hookimpl
def symdisc_methods() -> list[Component]:
    return [Component("known", f"{__name__}:Known", "The turn of the hidden plane.")]


def warped(plane: Tensor) -> Tensor:
    """x = W(p): ``(..., 2)`` to ``(..., 3)``."""
    u = plane[..., 0] + 0.6 * torch.sin(1.5 * plane[..., 1])
    v = plane[..., 1] + 0.5 * torch.sin(1.3 * u)
    return torch.stack([u, v, 0.7 * torch.sin(u + v)], -1)


def unwarped(x: Tensor) -> Tensor:
    """p = W⁻¹(x)."""
    second = x[..., 1] - 0.5 * torch.sin(1.3 * x[..., 0])
    return torch.stack([x[..., 0] - 0.6 * torch.sin(1.5 * second), second], -1)


def trajectories(n: int = 60, steps: int = 80, seed: int = 0) -> list[np.ndarray[Any, Any]]:
    """Oscillations of amplitudes from 0.5 to 1.5 as they are seen, ``n`` times ``(steps, 3)``."""
    rng = np.random.default_rng(seed)
    radius, start = rng.uniform(0.5, 1.5, (n, 1)), rng.uniform(0, 2 * np.pi, (n, 1))
    angle = start + (1.25 - 0.25 * radius) * 0.2 * np.arange(steps)
    plane = torch.from_numpy(np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1))
    return list(warped(plane).numpy().astype(np.float32))


def noise(n: int = 60, steps: int = 80, seed: int = 0) -> list[np.ndarray[Any, Any]]:
    """A chaotic map of the plane (Hénon's), as it is seen."""
    rng = np.random.default_rng(seed)
    point = rng.uniform(-0.1, 0.1, (n, 2))
    path = []
    for _ in range(steps + 20):
        point = np.stack([1 - 1.4 * point[:, 0] ** 2 + point[:, 1], 0.3 * point[:, 0]], -1)
        path.append(point)
    plane = torch.from_numpy(np.stack(path[20:], 1))
    return list(warped(plane).numpy().astype(np.float32))


class HiddenPlaneOptions(Options):
    """How the encoder is spoilt."""

    kind: Kind = Field("exact", description="exact; circle loses the amplitude; uneven distorts")


class HiddenPlane(Encoder):
    """φ(x) = A b(W⁻¹(x)) with a basis A of each seed, where b spoils the coordinates."""

    Options: ClassVar[type[Options]] = HiddenPlaneOptions

    def __init__(self, options: HiddenPlaneOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.kind: Kind = options.kind
        self.latent_representation = Representation.vector(2)
        basis = torch.linalg.qr(torch.randn(2, 2)).Q
        self.register_buffer("basis", basis @ torch.diag(torch.tensor([1.0, 0.6])))
        self.register_buffer("uneven", torch.tensor(0.0 if options.kind != "uneven" else 0.6))
        if options.kind == "by seed":
            self.uneven += 0.9 * (torch.rand(()) < 0.4)

    basis: Tensor
    uneven: Tensor

    def encode(self, x: Tensor) -> Tensor:
        plane = unwarped(x)
        if self.kind == "circle":
            plane = plane / plane.norm(dim=-1, keepdim=True).clamp_min(1e-6)
        if self.kind == "constant":
            plane = 0 * plane
        if self.kind == "flat":
            plane = plane * torch.tensor([1.0, 0.01])
        angle = torch.atan2(plane[..., 1], plane[..., 0])
        bent = angle + self.uneven * torch.sin(angle)
        return self._turned(plane, bent) @ self.basis.mT

    def decode(self, z: Tensor) -> Tensor:
        plane = torch.linalg.solve(self.basis, z[..., None])[..., 0]
        bent = torch.atan2(plane[..., 1], plane[..., 0])
        angle = bent
        for _ in range(40):
            slope = 1 + self.uneven * torch.cos(angle)
            angle = angle - (angle + self.uneven * torch.sin(angle) - bent) / slope
        plane = self._turned(plane, angle)
        if self.kind == "flat":
            plane = plane * torch.tensor([1.0, 100.0])
        return warped(plane)

    def _turned(self, plane: Tensor, angle: Tensor) -> Tensor:
        """The points at their distance from the origin, at other angles."""
        direction = torch.stack([angle.cos(), angle.sin()], -1)
        points: Tensor = plane.norm(dim=-1, keepdim=True) * direction
        return points


class KnownStage(ClosedFormStage):
    """Nothing is learned."""

    name: ClassVar[str] = "known"

    def __init__(self, generator: Tensor) -> None:
        self._generator = generator

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        encoders = context.ensemble("encoder")
        bases = [encoders.member(e).basis for e in range(encoders.size)]
        turned = [(b @ self._generator @ torch.linalg.inv(b))[None] for b in bases]  # type: ignore[operator]
        return {"encoders": encoders, "generators": torch.stack(turned)}


class KnownOptions(Options):
    """Which generator is claimed."""

    generator: Literal["turn", "boost"] = Field("turn", description="In the hidden plane")


class Known(Method):
    """Claims a generator of the hidden plane."""

    Options: ClassVar[type[Options]] = KnownOptions
    uses: ClassVar[Mapping[str, str]] = {"encoder": "toy:hidden-plane"}

    def __init__(self, options: KnownOptions) -> None:
        self._generator = TURN if options.generator == "turn" else TURN.abs()

    def stages(self) -> Sequence[Stage]:
        return [KnownStage(self._generator)]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        encoders = artifacts["encoders"]
        latent = Latent(encoders, Representation.vector(2), torch.zeros(encoders.size, 2))
        return Discovery(artifacts["generators"], torch.ones(2, 2), latent=latent)


def found_in(
    data: Sequence[np.ndarray[Any, Any]] | np.ndarray[Any, Any],
    kind: Kind = "exact",
    *,
    seeds: int = 3,
    generator: Literal["turn", "boost"] = "turn",
    options: DefectOptions | None = None,
    **more: Any,
) -> tuple[SymmetryResult, Split]:
    """What the method claims of data, before the test, and the parts of the data."""
    parts = split(prepare(data, **more), 0)
    chosen = HiddenPlaneOptions(kind=kind)
    builders = {"encoder": lambda shapes: HiddenPlane(chosen, shapes)}
    context = RunContext(
        parts.train, tuple(range(seeds)), torch.device("cpu"), torch.Generator(), builders
    )
    method, artifacts = Known(KnownOptions(generator=generator)), dict[str, Any]()
    for stage in method.stages():
        assert isinstance(stage, ClosedFormStage)
        artifacts |= stage.solve(context, artifacts)
    config = {"encoder": "toy:hidden-plane", "options": {"encoder": chosen.model_dump()}}
    result = assemble_latent(
        method.discovery(artifacts),
        context.seeds,
        parts,
        config,
        toy_host(),
        options or DefectOptions(),
    )
    return result, parts
