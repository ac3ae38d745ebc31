"""Which terms there are, and whom they train."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.engine.batches import BatchSampler
from symdisc.interfaces import EnsembleModule
from symdisc.representations import Representation
from symdisc_laligan import terms
from symdisc_laligan.objective import LatentObjective
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.parts import LatentParts
from tests.plugins.symdisc_laligan.rings import builders, built, context, rings

ACTED = {"conditional", "law"}


def terms_of(
    step: int = 0, targets: str = "none", n_steps: int = 2, **options: Any
) -> tuple[dict[str, dict[str, Tensor]], Mapping[str, EnsembleModule]]:
    samples = rings(steps=n_steps, targets=targets)
    stage, modules, run = built(samples, **options)
    batch = BatchSampler(samples, 2, 16, run.rng).next()
    found = stage.losses(batch, modules, step)
    return {group: dict(terms) for group, terms in found.items()}, modules


@pytest.mark.parametrize(
    ("options", "step", "encoder", "generator"),
    [
        ({}, 0, {"reconstruction", "spread", *ACTED}, ACTED),
        ({}, 5, {"reconstruction", "spread", "conditional"}, {"conditional"}),
        ({"law": 0.0}, 0, {"reconstruction", "spread", "conditional"}, {"conditional"}),
        ({"similarity": 0.1}, 5, {"reconstruction", "spread", "conditional"},
         {"conditional", "similarity"}),
        ({"adversarial": 0.1, "conditional": 0.0, "law": 0.0, "spread": 0.0}, 0,
         {"reconstruction", "adversarial"}, {"adversarial"}),
        ({"sindy": 1.0, "law": 0.0}, 0,
         {"reconstruction", "spread", "conditional", "equation", "decoded_equation",
          "equation_size"}, {"conditional"}),
    ],
)  # fmt: skip
def test_terms_follow_the_options(
    options: dict[str, Any], step: int, encoder: set[str], generator: set[str]
) -> None:
    found, _ = terms_of(step, **options)
    assert set(found["encoder"]) == encoder
    assert set(found["generator"]) == generator
    assert ("predictor" in found) == ("conditional" in generator)
    assert ("discriminator" in found) == ("adversarial" in generator)
    assert ("equation" in found) == ("equation" in encoder)
    assert all(v.shape == (2,) for terms in found.values() for v in terms.values())


@pytest.mark.parametrize(
    "name", ["reconstruction", "conditional", "spread", "law", "adversarial", "similarity", "sindy"]
)
def test_terms_are_weighted(name: str) -> None:
    term = "equation" if name == "sindy" else name
    group = "generator" if name == "similarity" else "encoder"
    values = []
    for weight in (1.0, 3.0):
        options: dict[str, Any] = {name: weight}
        values.append(terms_of(**options)[0][group][term])
    torch.testing.assert_close(values[1], 3 * values[0])


@pytest.mark.parametrize("step", [0, 9])
def test_the_law_of_single_states_is_all_there_is(step: int) -> None:
    found, modules = terms_of(step, n_steps=1)
    assert "predictor" not in modules
    assert set(found["generator"]) == {"law"}


@pytest.mark.parametrize("targets", ["values", "labels"])
def test_targets_are_predicted_and_judged(targets: str) -> None:
    found, modules = terms_of(n_steps=1, targets=targets, adversarial=1.0)
    assert set(found["generator"]) == {"conditional", "law", "adversarial"}
    outputs = 1 if targets == "values" else 2
    assert modules["predictor"](torch.zeros(2, 3, 2)).shape == (2, 3, outputs)


def test_the_discriminator_may_see_states_and_no_targets() -> None:
    first = []
    for options in ({}, {"see_states": True}, {"see_targets": False}):
        _, modules = terms_of(targets="labels", adversarial=1.0, **options)
        named = dict(modules["discriminator"].named_parameters())
        first.append(named["body.network.weight_0"].shape[1])
    with_embedding, with_states, without_labels = first
    assert with_states == with_embedding + 2 * 2
    assert without_labels == 2 * 2 < with_embedding


def test_what_the_discriminator_makes_of_moved_points_never_trains_it() -> None:
    found, modules = terms_of(adversarial=1.0)
    assert set(found["discriminator"]) == {"real", "fake"}
    # Moved points train encoder and generators; real ones tell the encoder nothing here.
    parameters = {name: list(modules[name].parameters()) for name in ("encoder", "generator")}
    for name, group in parameters.items():
        gradients = torch.autograd.grad(
            found[name]["adversarial"].sum(), group, retain_graph=True, allow_unused=True
        )
        assert any(g is not None and g.abs().max() > 0 for g in gradients)


def test_a_frozen_encoder_gets_no_terms_and_no_gradients() -> None:
    before, _ = terms_of(step=7, frozen_share=0.3 - 1e-9)
    found, modules = terms_of(step=8, frozen_share=0.3)
    assert "encoder" in before
    assert "encoder" not in found
    gradients = torch.autograd.grad(
        found["generator"]["conditional"].sum(),
        list(modules["encoder"].parameters()),
        allow_unused=True,
    )
    assert all(gradient is None for gradient in gradients)


@pytest.mark.parametrize(
    ("step", "growth", "expected"), [(0, 0.5, 0.2), (2, 0.5, 0.52), (5, 0.5, 1.0), (0, 0.0, 1.0)]
)
def test_moves_grow(step: int, growth: float, expected: float) -> None:
    _, _, run = built(rings())
    form = Representation.vector(2)
    options = LaLiGANOptions(growth=growth)
    parts = LatentParts.of(run, run.ensemble("group"), form, options)
    assert LatentObjective(parts, options, 10).reach(step) == pytest.approx(expected)


def test_first_parts_alone_count_less_and_less() -> None:
    samples = rings(steps=2)
    parts = builders(latent="V2", parts=(1, 1), additive=True)
    found = {}
    for step in (0, 4, 5):
        stage, modules, run = built(samples, context(samples, parts=parts), nested=2.0, spread=0.0)
        batch = BatchSampler(samples, 2, 16, run.rng).next()
        found[step] = stage.losses(batch, modules, step)["encoder"]
        with torch.no_grad():
            encoder = modules["encoder"]
            some = encoder.call("decode_parts", encoder.call("encode", batch.states))
        assert stage._parts.scale.shape == (2,)
        lost = terms.reconstruction(batch.states, some[..., 0, :], stage._parts.scale)
        if step < 5:  # half of ten steps, at the start
            assert torch.allclose(found[step]["nested"], 2 * (1 - step / 5) * lost)
        whole = terms.reconstruction(batch.states, some[..., 1, :], stage._parts.scale)
        assert torch.allclose(found[step]["reconstruction"], whole)
    assert "nested" not in found[5]


def framed(step: int, **options: Any) -> dict[str, dict[str, Tensor]]:
    run = context(rings(), parts=builders(latent="2*V2", frame=True))
    stage, modules, _ = built(rings(), run, frame=1.0, frame_share=0.5, **options)
    batch = BatchSampler(run.samples, 2, 16, run.rng).next()
    return {name: dict(found) for name, found in stage.losses(batch, modules, step).items()}


def test_nothing_acts_before_the_frame_is_there() -> None:
    before = framed(4, slowness=1.0, adversarial=0.1)
    assert before.keys() == {"encoder"}
    assert set(before["encoder"]) == {"reconstruction", "spread", "slowness"}
    after = framed(5, slowness=1.0, adversarial=0.1)
    assert after.keys() == {"encoder", "generator", "predictor", "discriminator"}
    assert {"frame", "conditional", "adversarial"} < set(after["encoder"])
