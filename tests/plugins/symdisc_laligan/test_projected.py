"""Training on components: the same terms and gradients as on whole states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.engine.ensemble import Ensemble
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.engine.progress import Silent
from symdisc.interfaces import Batch, DataShapes, EnsembleModule
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc_basics.encoders.identity import Identity
from symdisc_basics.encoders.mlp import MLPEncoder, MLPEncoderOptions
from symdisc_laligan import stage as stages
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.projected import ProjectedEncoders, may_project
from symdisc_laligan.stage import LatentStage
from tests.plugins.symdisc_laligan.rings import builders, built, context, rings

COMPONENTS = {"components": 3, "principal": True}


def wide(channels: int = 2) -> Samples:
    """Rings seen as pictures of 2x2 pixels, the second channel ten times as bright as the first."""
    flat = rings()
    rng = torch.Generator().manual_seed(1)
    mixed = torch.tanh(flat.states @ torch.randn(2, 8, generator=rng))
    bright = torch.tensor([1.0] * 4 + [10.0] * 4)
    form = Representation.image(2, 2, channels)
    return replace(flat, states=mixed * bright + 3, representation=form, units=("lux",) * 8)


def encoders(**options: Any) -> Ensemble:
    torch.manual_seed(0)
    shapes = DataShapes.of(wide())
    chosen = MLPEncoderOptions(**{"width": 8, "activation": "silu", **options})
    return Ensemble([MLPEncoder(chosen, shapes) for _ in range(2)])


def gradients(terms: Mapping[str, Tensor], module: EnsembleModule) -> list[Tensor]:
    total = torch.stack([value.sum() for value in terms.values()]).sum()
    return list(torch.autograd.grad(total, list(module.parameters())))


@pytest.mark.parametrize(
    "options", [{}, {"slowness": 1.0}, {"adversarial": 0.1}, {"law": 0.0, "spread": 0.0}]
)
def test_terms_and_gradients_are_those_of_whole_states(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = wide()
    found = []
    for projected in (True, False):
        monkeypatch.setattr(stages, "may_project", lambda *_, so=projected: so)
        stage, modules, _ = built(
            samples, context(samples, parts=builders(**COMPONENTS)), **options
        )
        seen = samples if stage.prepare is None else stage.prepare(samples)
        assert seen.size == (7 if projected else 8)
        batch = Batch(seen.states[:60].reshape(2, 30, 2, -1))
        terms = stage.losses(batch, modules, 0)["encoder"]
        assert stage.criterion is not None
        found.append(
            (dict(terms), gradients(terms, modules["encoder"]), stage.criterion(seen, modules))
        )
    torch.testing.assert_close(found[0], found[1], rtol=2e-3, atol=2e-5)


def test_training_ends_where_it_ends_on_whole_states(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = wide()
    codes = []
    for projected in (True, False):
        monkeypatch.setattr(stages, "may_project", lambda *_, so=projected: so)
        run = context(samples, parts=builders(**COMPONENTS))
        stage = LatentStage(LaLiGANOptions(steps=20, law=0.0, slowness=1.0))
        handed = run_stages([stage], run, MetricsFiles(None, run.seeds), Silent()).artifacts
        assert isinstance(handed["encoders"], Ensemble)
        states = samples.states.expand(2, *samples.states.shape)
        codes.append(handed["encoders"].call("encode", states).detach())
    torch.testing.assert_close(codes[0], codes[1], rtol=1e-2, atol=1e-2)


def test_a_projected_stage_that_goes_on_is_the_same() -> None:
    samples = wide()
    losses = []
    before: dict[str, dict[str, Tensor]] = {}
    for _ in range(2):
        run = context(samples, parts=builders(**COMPONENTS))
        stage, modules, _ = built(samples, run, law=0.0)
        if before:
            for name, module in modules.items():
                put_tensors(module, before[name])
        assert stage.prepare is not None
        batch = Batch(stage.prepare(samples).states[:60].reshape(2, 30, 2, -1))
        if not before:
            for module in modules.values():
                for parameter in module.parameters():
                    parameter.data.add_(0.01)
            before = {
                n: {k: v.clone() for k, v in tensors_of(m).items()} for n, m in modules.items()
            }
        run.rng.manual_seed(7)
        losses.append(dict(stage.losses(batch, modules, 1)["encoder"]))
    torch.testing.assert_close(losses[0], losses[1], rtol=0, atol=0)


def test_projected_states_tell_the_components_and_the_error() -> None:
    samples, ensemble = wide(), encoders(components=3)
    ensemble.call("fit", samples.states.expand(2, *samples.states.shape))
    scale = torch.linspace(1, 2, 8)
    projected = ProjectedEncoders(ensemble, scale)
    seen = projected.prepare(samples)
    assert (seen.size, str(seen.representation), len(seen)) == (7, "V7", len(samples))
    both = seen.states.expand(2, *seen.states.shape)
    points = projected.call("encode", both)
    whole = samples.states.expand(2, *samples.states.shape)
    torch.testing.assert_close(points, ensemble.call("encode", whole), rtol=1e-4, atol=1e-4)
    error = ((projected.call("decode", points) - both) / projected.scale).square().mean(-1)
    direct = ((ensemble.call("decode", points) - whole) / scale).square().mean(-1)
    torch.testing.assert_close(error, direct, rtol=1e-3, atol=1e-4)
    pairs = zip(projected.parameters(), ensemble.parameters(), strict=True)
    assert all(one is other for one, other in pairs)


def test_it_stands_for_the_encoders() -> None:
    ensemble = encoders(components=3, frame=True)
    projected = ProjectedEncoders(ensemble, torch.ones(8))
    assert projected.size == 2
    assert projected.prototype is ensemble.prototype
    assert isinstance(projected.member(1), MLPEncoder)
    matrix = torch.eye(2).expand(2, 2, 2)
    assert torch.equal(projected.call("change_coordinates", torch.ones(2, 1, 2), matrix), matrix)
    assert torch.equal(ensemble.body.get_buffer("latent_frame.origin"), torch.ones(2, 1, 2))


@pytest.mark.parametrize(
    ("options", "may"),
    [
        ({}, True),
        ({"sindy": 1.0}, False),
        ({"nested": 1.0}, False),
        ({"see_states": True}, True),
        ({"see_states": True, "adversarial": 0.1}, False),
    ],
)
def test_terms_that_need_whole_states_are_not_projected(options: dict[str, Any], may: bool) -> None:
    assert may_project(encoders(components=3), LaLiGANOptions(**options)) == may


def test_encoders_that_see_the_data_are_not_projected() -> None:
    assert not may_project(encoders(), LaLiGANOptions())
    identity = Identity(Options(), DataShapes.of(wide()))
    assert not may_project(Ensemble([identity]), LaLiGANOptions())
    samples = wide()
    parts = builders(components=3, normalise="whiten")
    stage, _, _ = built(samples, context(samples, parts=parts))
    assert stage.prepare is None
