"""A method of two stages: an autoencoder, then the linear flow of its latent states."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.loop import Outcome, run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.progress import Silent
from symdisc.interfaces import (
    Artifacts,
    Batch,
    ClosedFormStage,
    Discovery,
    EnsembleModule,
    IterativeStage,
    Losses,
    Method,
    OptimizerSettings,
    Stage,
    StageContext,
)
from symdisc.options import Field, Options
from symdisc.representations import Representation
from symdisc_basics.encoders import MLPEncoder, MLPEncoderOptions

ANGLE = math.radians(25)


class LatentFlowOptions(Options):
    """Options of the toy method."""

    steps: int = Field(400, ge=1, description="Steps of the autoencoder [1]")


class Autoencode(IterativeStage):
    """Trains ψ(φ(x)) = x and hands the encoders on."""

    name: ClassVar[str] = "autoencode"

    def __init__(self, steps: int) -> None:
        self.batch_size = 64
        self._steps = steps

    def n_steps(self, n_samples: int) -> int:
        return self._steps

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        return {"encoder": context.ensemble("encoder")}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        return {"encoder": OptimizerSettings(3e-3, decay=0.5)}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        codes = modules["encoder"].call("encode", batch.states)
        error = modules["encoder"].call("decode", codes) - batch.states
        return {"encoder": {"reconstruction": error.square().mean((1, 2, 3))}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        return {"encoder": modules["encoder"]}


class LinearFlow(ClosedFormStage):
    """z(t + 1) = A z(t) by least squares for each seed; the generator is log A."""

    name: ClassVar[str] = "linear-flow"

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        encoder: EnsembleModule = artifacts["encoder"]
        states = context.samples.states.expand(encoder.size, *context.samples.states.shape)
        with torch.no_grad():
            codes = encoder.call("encode", states).double()
        codes = codes - codes.mean((1, 2), keepdim=True)
        flows = torch.linalg.lstsq(codes[:, :, 0], codes[:, :, 1]).solution.mT
        values, vectors = torch.linalg.eig(flows)
        logs = vectors @ torch.diag_embed(values.log()) @ torch.linalg.inv(vectors)
        return {"generators": logs.real[:, None]}


class LatentFlow(Method):
    """The generator of the flow in latent space."""

    Options: ClassVar[type[Options]] = LatentFlowOptions
    uses: ClassVar[Mapping[str, str]] = {"encoder": "mlp"}

    def __init__(self, options: LatentFlowOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        return [Autoencode(self._options.steps), LinearFlow()]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        return Discovery(artifacts["generators"], torch.ones(2, 2))


def orbits() -> Samples:
    """Pairs of consecutive states on circles, seen through a 2-plane in five dimensions."""
    rng = torch.Generator().manual_seed(0)
    radius, phase = 1 + torch.rand(800, generator=rng), 7 * torch.rand(800, generator=rng)
    phases = phase[:, None] + ANGLE * torch.arange(2)
    plane = radius[:, None, None] * torch.stack([phases.cos(), phases.sin()], dim=-1)
    window = torch.linalg.qr(torch.randn(5, 2, generator=rng))[0]
    return Samples(plane @ window.T, torch.arange(800), Representation.vector(5))


@pytest.fixture(scope="module")
def ran() -> tuple[Outcome, Discovery]:
    rng = torch.Generator().manual_seed(0)
    options = MLPEncoderOptions(latent_dim=2, width=32, depth=1)
    builders = {"encoder": lambda shapes: MLPEncoder(options, shapes)}
    run = RunContext(orbits(), (0, 1, 2), torch.device("cpu"), rng, builders)
    method = LatentFlow(LatentFlowOptions())
    outcome = run_stages(method.stages(), run, MetricsFiles(None, run.seeds), Silent())
    return outcome, method.discovery(outcome.artifacts)


def turning_angle(generator: Tensor) -> float:
    """Angle of the rotation that exp(generator) is up to a change of basis [degrees]."""
    return math.degrees(torch.linalg.eigvals(generator).imag.abs().max().item())


def test_it_finds_the_angle_in_every_latent_space(ran: tuple[Outcome, Discovery]) -> None:
    _, found = ran
    assert found.generators.shape == (3, 1, 2, 2)
    for generator in found.generators[:, 0]:
        assert turning_angle(generator) == pytest.approx(math.degrees(ANGLE), abs=1.5)
        assert abs(generator.trace().item()) < 0.05


def test_the_encoder_is_handed_on_and_was_trained(ran: tuple[Outcome, Discovery]) -> None:
    outcome, _ = ran
    assert set(outcome.artifacts) == {"encoder", "generators"}
    encoder = outcome.artifacts["encoder"]
    x = orbits().states.expand(3, -1, -1, -1)
    with torch.no_grad():
        error = encoder.call("decode", encoder.call("encode", x)) - x
    assert (error.square().mean((1, 2, 3)) < 0.02 * x.square().mean()).all()
    member = encoder.member(1)
    assert torch.allclose(member.encode(x[1]), encoder.call("encode", x)[1], atol=1e-5)
