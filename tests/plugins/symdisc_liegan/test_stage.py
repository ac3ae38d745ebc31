"""The adversarial stage: its terms, its gradients and a short real training."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from symdisc.algebra.spans import cosine
from symdisc.data.samples import Samples
from symdisc.engine.batches import BatchSampler
from symdisc.engine.context import RunContext
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.engine.progress import Silent
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes, GroupParameterization
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc_basics.coefficients import Normal, NormalOptions
from symdisc_basics.direct_sum import DirectSum, DirectSumOptions
from symdisc_basics.discriminators import MLPDiscriminator, MLPDiscriminatorOptions
from symdisc_basics.encoders import Identity, MLPEncoder, MLPEncoderOptions
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from symdisc_liegan import terms
from symdisc_liegan.options import LieGANOptions
from symdisc_liegan.stage import AdversarialStage

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])


def circles(n: int = 2000) -> Samples:
    """Points of the plane, denser in some rings than in others, the same in all directions."""
    rng = torch.Generator().manual_seed(0)
    radius = 1 + 0.1 * torch.randn(n, generator=rng)
    angle = 2 * torch.pi * torch.rand(n, generator=rng)
    states = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)[:, None]
    return Samples(states, torch.arange(n), Representation.vector(2))


def with_targets() -> Samples:
    rng = torch.Generator().manual_seed(1)
    states = torch.randn(100, 2, 4, generator=rng)
    targets = torch.randn(100, 3, generator=rng)
    form = Representation(1, 2, 1)
    return Samples(states, torch.arange(100), Representation(2, 2), targets, form)


def context(samples: Samples, n_generators: int = 1, seeds: int = 3) -> RunContext:
    return RunContext(
        samples,
        tuple(range(seeds)),
        torch.device("cpu"),
        torch.Generator().manual_seed(0),
        {
            "encoder": lambda s: Identity(Options(), s),
            "group": lambda s: LieAlgebra(LieAlgebraOptions(n_generators=n_generators), s),
            "discriminator": lambda s: MLPDiscriminator(MLPDiscriminatorOptions(width=32), s),
        },
        lambda k: Normal(NormalOptions(), k),
    )


def losses(
    samples: Samples, step: int = 0, n_generators: int = 2, **options: Any
) -> tuple[dict[str, dict[str, Tensor]], dict[str, Any]]:
    run = context(samples, n_generators)
    stage = AdversarialStage(LieGANOptions(**options))
    modules = dict(stage.modules(run, {}))
    batch = BatchSampler(samples, 3, 16, run.rng).next()
    found = stage.losses(batch, modules, step)
    return {group: dict(terms) for group, terms in found.items()}, modules


@pytest.mark.parametrize(
    ("options", "step", "expected"),
    [
        ({"steps": 10}, 0, {"adversarial", "similarity", "overlap"}),
        ({"steps": 10}, 3, {"adversarial", "similarity", "overlap"}),
        ({"steps": 10}, 4, {"adversarial", "overlap"}),
        ({"steps": 10, "similarity_share": 0.0, "overlap": 0.0}, 0, {"adversarial"}),
        ({"steps": 10, "sparsity": 0.1}, 9, {"adversarial", "overlap", "sparsity"}),
    ],
)
def test_terms_follow_the_options(options: dict[str, Any], step: int, expected: set[str]) -> None:
    found, _ = losses(circles(100), step, **options)
    assert set(found["generator"]) == expected
    assert set(found["discriminator"]) == {"real", "fake"}
    assert all(v.shape == (3,) for terms in found.values() for v in terms.values())


def test_one_generator_has_no_overlap() -> None:
    found, _ = losses(circles(100), n_generators=1)
    assert set(found["generator"]) == {"adversarial", "similarity"}


@pytest.mark.parametrize("objective", ["hinge", "least-squares", "wasserstein"])
def test_other_objectives_find_the_rotation_too(objective: Any) -> None:
    stage = AdversarialStage(LieGANOptions(steps=400, objective=objective, gradient_penalty=1.0))
    run = context(circles())
    artifacts = run_stages([stage], run, MetricsFiles(None, run.seeds), Silent()).artifacts
    cosines = [cosine(TURN.double(), g[0].double()) for g in artifacts["generators"]]
    assert sorted(cosines)[1] > 0.95
    assert set(stage.units.values()) == {"1"}


def test_the_penalty_of_wasserstein_is_weighted() -> None:
    one, _ = losses(circles(100), objective="wasserstein", gradient_penalty=1.0)
    ten, _ = losses(circles(100), objective="wasserstein")
    assert set(one["discriminator"]) == {"real", "fake", "gradient"}
    torch.testing.assert_close(
        ten["discriminator"]["gradient"], 10 * one["discriminator"]["gradient"]
    )


def test_measures_follow_the_options() -> None:
    samples = circles(100)
    base, modules = losses(samples, size_range=None)
    generators = modules["generator"].call("generators")
    norm, _ = losses(samples, size_range=None, similarity_measure="norm")
    torch.testing.assert_close(norm["generator"]["similarity"], terms.smallness(generators))
    near, _ = losses(samples, size_range=None, similarity_measure="displacement")
    assert bool((near["generator"]["similarity"] < 0).all())
    killing, _ = losses(samples, size_range=None, overlap=1.0, overlap_measure="killing")
    torch.testing.assert_close(killing["generator"]["overlap"], terms.killing_overlap(generators))
    assert not torch.equal(base["generator"]["overlap"], 0.1 * killing["generator"]["overlap"])


def images(n: int = 200) -> Samples:
    states = torch.rand(n, 1, 36, generator=torch.Generator().manual_seed(0))
    return Samples(states, torch.arange(n), Representation.image(6, 6))


def test_spectra_are_for_images() -> None:
    found, _ = losses(images(), similarity_measure="spectrum")
    assert bool((found["generator"]["similarity"] > 0.5).all())
    with pytest.raises(OptionError, match=r"'spectrum' compares images, but a state is 'V2'; use"):
        losses(circles(100), similarity_measure="spectrum")


def bars(n: int = 1500) -> Samples:
    """Bars of 12×12 pixels with a dot at one end, turned by any angle; at no other place."""
    rng = torch.Generator().manual_seed(0)
    angle = 2 * torch.pi * torch.rand(n, 1, 1, generator=rng)
    side = (2 * torch.arange(12.0) - 11) / 12
    x, y = side.expand(12, 12), side[:, None].expand(12, 12)
    along = angle.cos() * x + angle.sin() * y
    beside = angle.cos() * y - angle.sin() * x
    bar = torch.exp(-((along / 0.6) ** 4) - (beside / 0.2) ** 2)
    dot = torch.exp(-((along - 0.6) ** 2 + beside**2) / 0.05)
    return Samples((bar + dot).flatten(1)[:, None], torch.arange(n), Representation.image(12, 12))


def test_it_finds_the_rotation_of_images() -> None:
    stage = AdversarialStage(LieGANOptions(steps=400))
    run = context(bars())
    artifacts = run_stages([stage], run, MetricsFiles(None, run.seeds), Silent()).artifacts
    turn = torch.zeros(3, 3).double()
    turn[:2, :2] = TURN
    cosines = [cosine(turn, g[0].double()) for g in artifacts["generators"]]
    assert sorted(cosines)[1] > 0.95


def test_real_and_moved_images_are_shifted_alike() -> None:
    samples = bars(50)
    run = context(samples)
    stage = AdversarialStage(LieGANOptions())
    modules = dict(stage.modules(run, {}))
    batch = BatchSampler(samples, 3, 16, run.rng).next()
    still = torch.zeros(3, 1, 3, 3)
    real, moved = stage._both(torch.randn(3, 16, 1), still, batch)
    torch.testing.assert_close(real.states, moved.states)
    assert not torch.allclose(real.states, batch.states)
    assert modules.keys() == {"generator", "discriminator"}


def test_generators_that_are_given_are_not_trained() -> None:
    run = context(circles())
    run.builders = {
        **run.builders,
        "group": lambda s: DirectSum(DirectSumOptions(parts="so(2)"), s),
    }
    stage = AdversarialStage(LieGANOptions())
    artifacts = run_stages([stage], run, MetricsFiles(None, run.seeds), Silent()).artifacts
    assert artifacts["learned"] is False
    assert cosine(TURN.double(), artifacts["generators"][0, 0].double()) == pytest.approx(1)
    assert stage.n_steps(100) == 0


def test_generators_one_after_the_other() -> None:
    samples, options = circles(100), LieGANOptions(steps=10, one_by_one=True, sparsity=0.1)
    run = context(samples, n_generators=2)
    stage = AdversarialStage(options)
    modules = dict(stage.modules(run, {}))
    weight = next(modules["generator"].parameters())
    batch = BatchSampler(samples, 3, 16, run.rng).next()

    def gradient(step: int) -> Tensor:
        terms_of_step = stage.losses(batch, modules, step)["generator"]
        total = torch.stack([term.sum() for term in terms_of_step.values()]).sum()
        return torch.autograd.grad(total, weight)[0]

    first, second = gradient(0), gradient(5)
    assert bool(first[:, 0].any())
    assert not first[:, 1].any()
    assert not second[:, 0].any()
    assert bool(second[:, 1].any())
    assert "overlap" not in stage.losses(batch, modules, 4)["generator"]
    assert "similarity" in stage.losses(batch, modules, 5)["generator"]
    assert "similarity" not in stage.losses(batch, modules, 9)["generator"]
    settings = stage.optimizers()
    assert settings["generator"].tail_average == settings["generator"].decay == 0.15


def test_generators_whose_turn_never_came_are_left_out() -> None:
    samples = circles(100)
    run = context(samples, n_generators=2)
    stage = AdversarialStage(LieGANOptions(steps=10, one_by_one=True))
    modules = dict(stage.modules(run, {}))
    batch = BatchSampler(samples, 3, 16, run.rng).next()
    stage.losses(batch, modules, 4)
    assert stage.finish(modules)["generators"].shape == (3, 1, 2, 2)
    stage.losses(batch, modules, 5)
    assert stage.finish(modules)["generators"].shape == (3, 2, 2, 2)


def test_a_run_that_goes_on_knows_whose_turn_never_came() -> None:
    samples, options = circles(100), LieGANOptions(steps=10, one_by_one=True)
    run = context(samples, n_generators=2)
    stage, again = AdversarialStage(options), AdversarialStage(options)
    modules = dict(stage.modules(run, {}))
    stage.losses(BatchSampler(samples, 3, 16, run.rng).next(), modules, 4)
    rebuilt = dict(again.modules(run, {}))
    for name, module in modules.items():
        put_tensors(rebuilt[name], tensors_of(module))
    found = again.finish(rebuilt)["generators"]
    assert torch.equal(found, stage.finish(modules)["generators"])
    assert found.shape == (3, 1, 2, 2)


def test_weights_multiply_their_terms() -> None:
    one, _ = losses(circles(100), sparsity=1.0, size_range=None)
    other, _ = losses(circles(100), similarity=2.0, overlap=0.3, sparsity=5.0, size_range=None)
    ratios = {"similarity": 2.0, "overlap": 3.0, "sparsity": 5.0, "adversarial": 1.0}
    for name, ratio in ratios.items():
        assert torch.allclose(other["generator"][name], ratio * one["generator"][name]), name


def test_gradients_equal_those_of_two_losses_computed_apart() -> None:
    """One moved batch serves both players; each must see the other as fixed."""
    samples = with_targets()
    found, modules = losses(samples, n_generators=1, whiten=False, size_range=None, similarity=0.0)
    run = context(samples, 1)
    group, discriminator = run.ensemble("group"), run.ensemble("discriminator")
    batch = BatchSampler(samples, 3, 16, run.rng).next()
    z = torch.randn(3, 16, 1, generator=run.rng)
    assert batch.targets is not None

    def moved(generators: Tensor) -> tuple[Tensor, Tensor]:
        g = torch.linalg.matrix_exp(z[..., None] * generators)
        vectors = batch.states.reshape(3, 16, 2, 2, 2)
        states = torch.einsum("ebij,ebsvj->ebsvi", g, vectors).reshape(batch.states.shape)
        assert batch.targets is not None
        targets = torch.einsum("ebij,ebj->ebi", g, batch.targets[..., :2])
        return states, torch.cat([targets, batch.targets[..., 2:]], dim=-1)

    fixed = moved(group.call("generators").detach())
    real_loss = softplus(-discriminator.forward(batch.states, batch.targets)).mean(1)
    loss = (real_loss + softplus(discriminator.forward(*fixed)).mean(1)).sum()
    expected = torch.autograd.grad(loss, list(discriminator.parameters()))
    total = (found["discriminator"]["real"] + found["discriminator"]["fake"]).sum()
    trained = list(modules["discriminator"].parameters())
    for a, b in zip(torch.autograd.grad(total, trained, retain_graph=True), expected, strict=True):
        assert torch.allclose(a, b, atol=1e-6)

    loss = softplus(-discriminator.forward(*moved(group.call("generators")))).mean(1).sum()
    (wanted,) = torch.autograd.grad(loss, list(group.parameters()))
    total = found["generator"]["adversarial"].sum()
    (gradient,) = torch.autograd.grad(total, list(modules["generator"].parameters()))
    assert torch.allclose(gradient, wanted, atol=1e-6)


def test_steps_from_epochs() -> None:
    stage = AdversarialStage(LieGANOptions(steps=None, epochs=2.5, batch_size=64))
    assert stage.n_steps(129) == 8  # 3 minibatches an epoch
    assert stage.n_steps(10) == 2
    assert AdversarialStage(LieGANOptions(steps=7)).n_steps(129) == 7
    assert AdversarialStage(LieGANOptions(steps=None, epochs=0.01)).n_steps(10) == 1


def test_optimizers_follow_the_options() -> None:
    options = LieGANOptions(
        generator_rate=0.3, generator_momentum=0.1, discriminator_momentum=0.2, decay=0.4
    )
    settings = AdversarialStage(options).optimizers()
    assert settings["generator"].learning_rate == 0.3
    assert settings["generator"].betas == (0.1, 0.999)
    assert settings["discriminator"].betas == (0.2, 0.999)
    assert settings["generator"].decay == settings["discriminator"].decay == 0.4
    assert settings["generator"].tail_average == 0.3
    assert settings["discriminator"].tail_average == 0.0


def test_trainable_encoders_are_refused() -> None:
    run = context(circles(100))
    run.builders = {**run.builders, "encoder": lambda s: MLPEncoder(MLPEncoderOptions(), s)}
    message = "liegan finds linear symmetries of the data space .*; use --encoder identity"
    with pytest.raises(OptionError, match=message):
        AdversarialStage(LieGANOptions()).modules(run, {})


def test_what_is_no_group_is_refused() -> None:
    run = context(circles(100))
    run.builders = {**run.builders, "group": run.builders["discriminator"]}
    with pytest.raises(TypeError, match="expected a GroupParameterization; got MLPDiscriminator"):
        AdversarialStage(LieGANOptions()).modules(run, {})


def test_it_finds_the_rotation_of_circles() -> None:
    stage = AdversarialStage(LieGANOptions(steps=600))
    run = context(circles())
    artifacts = run_stages([stage], run, MetricsFiles(None, run.seeds), Silent()).artifacts
    assert artifacts["generators"].shape == (3, 1, 2, 2)
    cosines = [cosine(TURN.double(), g[0].double()) for g in artifacts["generators"]]
    assert min(cosines) > 0.99
    assert torch.equal(artifacts["mask"], torch.ones(2, 2))
    assert artifacts["blocks"] is None


class Penalised(GroupParameterization):
    """A third party's group with a penalty of its own."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_generators, self.dimension = 1, shapes.representation.dimension
        self.weight = nn.Parameter(torch.randn(1, self.dimension, self.dimension))

    def generators(self) -> Tensor:
        return self.weight

    def mask(self) -> Tensor:
        return torch.ones(self.dimension, self.dimension)

    def regularizers(self) -> dict[str, Tensor]:
        return {"trace": self.weight.diagonal(dim1=-2, dim2=-1).sum().square()}


def test_penalties_of_the_group_count() -> None:
    run = context(circles(100))
    run.builders = {**run.builders, "group": lambda s: Penalised(Options(), s)}
    stage = AdversarialStage(LieGANOptions())
    modules = dict(stage.modules(run, {}))
    found = stage.losses(BatchSampler(run.samples, 3, 16, run.rng).next(), modules, 0)
    weight = modules["generator"].call("generators")
    expected = weight[:, 0].diagonal(dim1=-2, dim2=-1).sum(-1).square()
    torch.testing.assert_close(found["generator"]["trace"], expected)
