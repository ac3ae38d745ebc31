"""Ordinary third-party discriminators, trained in LieGAN as they are."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.progress import Silent
from symdisc.interfaces import DataShapes, Discriminator
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc.testing import check_discriminator
from symdisc_basics.coefficients import Normal, NormalOptions
from symdisc_basics.encoders import Identity
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from symdisc_liegan.options import LieGANOptions
from symdisc_liegan.stage import AdversarialStage


class Ordinary(Discriminator):
    """What anybody would write: layers of torch, one seed."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        inputs = shapes.steps * shapes.size + shapes.n_targets
        self.network = nn.Sequential(
            nn.Linear(inputs, 32), *self.middle(), nn.ReLU(), nn.Linear(32, 1)
        )

    def middle(self) -> list[nn.Module]:
        return []

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        inputs = x.flatten(1) if y is None else torch.cat([x.flatten(1), y], dim=1)
        logits: Tensor = self.network(inputs).squeeze(1)
        return logits


class WithDropout(Ordinary):
    def middle(self) -> list[nn.Module]:
        return [nn.Dropout(0.3)]


class WithBatchNorm(Ordinary):
    def middle(self) -> list[nn.Module]:
        return [nn.BatchNorm1d(32)]


class WithSpectralNorm(Ordinary):
    """Its power iteration writes into buffers, which ``vmap`` cannot do."""

    def middle(self) -> list[nn.Module]:
        return [nn.utils.parametrizations.spectral_norm(nn.Linear(32, 32))]


KINDS = [Ordinary, WithDropout, WithBatchNorm, WithSpectralNorm]
NUMBERS = (
    DataShapes(1, Representation.vector(4)),
    DataShapes(2, Representation.vector(2), Representation.scalars(3)),
)


def circles() -> Samples:
    rng = torch.Generator().manual_seed(0)
    angle = 2 * torch.pi * torch.rand(1000, generator=rng)
    radius = 1 + 0.1 * torch.randn(1000, generator=rng)
    states = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)[:, None]
    return Samples(states, torch.arange(1000), Representation.vector(2))


def context(kind: type[Discriminator]) -> RunContext:
    return RunContext(
        circles(),
        (0, 1, 2),
        torch.device("cpu"),
        torch.Generator().manual_seed(0),
        {
            "encoder": lambda s: Identity(Options(), s),
            "group": lambda s: LieAlgebra(LieAlgebraOptions(), s),
            "discriminator": lambda s: kind(Options(), s),
        },
        lambda k: Normal(NormalOptions(), k),
    )


def train(run: RunContext, steps: int) -> Tensor:
    stage = AdversarialStage(LieGANOptions(steps=steps))
    outcome = run_stages([stage], run, MetricsFiles(None, run.seeds), Silent())
    generators: Tensor = outcome.artifacts["generators"][:, 0]
    return generators


@pytest.mark.parametrize("kind", KINDS)
def test_they_pass_the_suite(kind: type[Discriminator]) -> None:
    check_discriminator(kind, shapes=NUMBERS)


@pytest.mark.parametrize("kind", KINDS)
def test_they_train_and_the_run_is_reproducible(kind: type[Discriminator]) -> None:
    first, run = context(kind), context(kind)
    generators = train(run, 40)
    assert generators.isfinite().all()
    assert torch.equal(generators, train(first, 40))
    start = LieAlgebra(LieAlgebraOptions(), run.shapes)
    assert generators.shape[1:] == start.generators().shape[1:]
    fresh = context(kind).ensemble("discriminator").member(0).state_dict()
    trained = run.ensembles["discriminator"].member(0).state_dict()
    assert any(not torch.equal(fresh[name], trained[name]) for name in fresh)


@pytest.mark.parametrize("kind", [Ordinary, WithDropout, WithBatchNorm])
def test_most_run_all_seeds_at_once(kind: type[Discriminator]) -> None:
    run = context(kind)
    train(run, 2)
    ensemble = run.ensembles["discriminator"]
    assert (ensemble.strategy, ensemble.reason) == ("vmap", "")


def test_what_cannot_be_vmapped_runs_one_by_one_and_the_run_says_why() -> None:
    run = context(WithSpectralNorm)
    train(run, 2)
    ensemble = run.ensembles["discriminator"]
    assert ensemble.strategy == "one by one"
    assert "Batching rule not implemented" in ensemble.reason


def test_batch_statistics_of_the_seeds_stay_apart() -> None:
    run = context(WithBatchNorm)
    train(run, 5)
    state = run.ensembles["discriminator"].body.state_dict()
    assert state["network.1.num_batches_tracked"].tolist() == [5, 5, 5]
    means = state["network.1.running_mean"]
    assert not torch.allclose(means[0], means[1])


def test_it_finds_the_rotation() -> None:
    generators = train(context(Ordinary), 600)
    turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
    cosines = (generators * turn).sum((-1, -2)).abs() / (
        torch.linalg.matrix_norm(generators) * torch.linalg.matrix_norm(turn)
    )
    assert cosines.median() > 0.98
