"""The criterion prefers what is a symmetry, and nothing is gained by generators that vanish."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from symdisc.engine.ensemble import Ensemble
from symdisc.options import Options
from symdisc_basics.encoders.identity import Identity
from symdisc_laligan import terms
from tests.plugins.symdisc_laligan.rings import builders, built, context, rings


def criteria(steps: int = 2, scale: float = 1.0, **options: float) -> Tensor:
    """Turn, then stretch, of plain circles, which the identity encodes."""
    samples = rings(steps=steps)
    circles = samples.states.clone()
    circles[..., 1] -= 0.6 * circles[..., 0] ** 2
    samples = type(samples)(circles, samples.trajectory, samples.representation)
    run = context(samples, parts={"encoder": lambda shapes: Identity(Options(), shapes)})
    stage, modules, _ = built(samples, run, same_size=False, **options)
    generators = torch.tensor([[[0.0, -1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, -1.0]]])
    assert isinstance(modules["generator"], Ensemble)
    next(modules["generator"].parameters()).data.copy_(scale * generators[:, None])
    if "predictor" in modules:
        fitted(modules["predictor"], circles)
    assert stage.criterion is not None
    return stage.criterion(samples, modules)


def fitted(predictor: torch.nn.Module, states: Tensor) -> None:
    """Train the predictor on the real points alone."""
    adam = torch.optim.Adam(predictor.parameters(), 1e-2)
    changes = states[:, 1] - states[:, 0]
    unit = changes.square().sum(-1).mean().sqrt()
    for _ in range(300):
        error = predictor(states[:, 0].expand(2, -1, -1)) - changes / unit
        loss = error.square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()


def test_a_symmetry_is_better_than_what_is_none() -> None:
    turn, stretch = criteria().tolist()
    assert turn < 0.01 < stretch


def test_single_states_are_compared_by_their_law() -> None:
    turn, stretch = criteria(steps=1).tolist()
    assert turn < 0.05 < stretch


def test_size_means_nothing_and_zero_is_no_symmetry() -> None:
    torch.testing.assert_close(criteria(steps=1), criteria(steps=1, scale=0.1))
    assert criteria(scale=0.0).tolist() == [math.inf, math.inf]


def test_it_is_the_same_at_every_call_and_sees_reconstruction() -> None:
    samples = rings()
    stage, modules, _ = built(samples)
    assert stage.criterion is not None
    first, again = (stage.criterion(samples, modules) for _ in range(2))
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    heavier, same, _ = built(samples, reconstruction=100.0)
    assert heavier.criterion is not None
    assert (heavier.criterion(samples, same) > first).all()


def test_slow_points_and_straight_frames_are_better() -> None:
    samples = rings()
    run = context(samples, parts=builders(latent="2*V2", frame=True))
    stage, modules, _ = built(samples, run, slowness=2.0, frame=3.0)
    plain, _, _ = built(samples, context(samples, parts=builders(latent="2*V2", frame=True)))
    assert stage.criterion is not None
    assert plain.criterion is not None
    states = samples.rows(torch.linspace(0, len(samples) - 1, 512).long()).states
    points = modules["encoder"].call("encode", states.expand(2, *states.shape))
    more = stage.criterion(samples, modules) - plain.criterion(samples, modules)
    expected = 2 * terms.slowness(points) + 3 * terms.crookedness(points, 2)
    torch.testing.assert_close(more, expected, rtol=1e-3, atol=1e-4)
