"""Coset representatives in the game of LieGAN."""

from __future__ import annotations

import math

import numpy as np
import torch
from elements_toy import MIRROR, turn
from torch import Tensor

from symdisc import discover
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc_basics.cosets import Cosets, CosetsOptions
from symdisc_liegan.criterion import EnergyCriterion
from symdisc_liegan.representatives import Claims, picked

SQUARE = [turn(k * math.pi / 2) @ h for k in range(4) for h in (torch.eye(2).double(), MIRROR)]


def square(n: int = 3000, seed: int = 0) -> Samples:
    """A function of the plane with the symmetry of a square."""
    x = np.random.default_rng(seed).standard_normal((n, 2))
    return prepare(x, ((x**2).sum(1) * np.cos(4 * np.arctan2(x[:, 1], x[:, 0])))[:, None])


def stacked(*matrices: Tensor) -> Tensor:
    return torch.stack(matrices).float()


def test_every_representative_is_picked_for_its_own_seed() -> None:
    h = torch.arange(6.0).reshape(2, 3, 1, 1).expand(2, 3, 2, 2)
    found = picked(h, 300, torch.Generator().manual_seed(0))
    assert found.shape == (2, 300, 2, 2)
    for seed, expected in ((0, {0.0, 1.0, 2.0}), (1, {3.0, 4.0, 5.0})):
        values = found[seed, :, 0, 0].tolist()
        assert set(values) == expected
        assert min(values.count(value) for value in expected) > 60


def test_symmetries_are_claimed_and_others_are_not() -> None:
    right = stacked(*SQUARE)
    stretch = torch.diag(torch.tensor([1.5, 1 / 1.5])).double()
    wrong = stacked(stretch, stretch @ MIRROR, turn(math.pi / 2) @ stretch)
    found = Claims.fit(square())(torch.stack([right, torch.cat([wrong, right[:5]])]))
    assert torch.equal(found[0], right)
    assert bool(found[1, :3].isnan().all())
    assert torch.equal(found[1, 3:], right[:5])


def test_targets_that_move_and_labels() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((2000, 2))
    forces = prepare(x, x * (x**2).sum(1, keepdims=True), target_representation="V2")
    both = stacked(MIRROR, turn(1.0))
    assert torch.equal(Claims.fit(forces)(both[None])[0], both)
    fixed = prepare(x, x * (x**2).sum(1, keepdims=True), target_representation="2*S")
    assert bool(Claims.fit(fixed)(both[None]).isnan().all())
    labelled = prepare(x, (x[:, 1] > 0.3).astype(int))
    claimed = Claims.fit(labelled)(stacked(-MIRROR, MIRROR)[None])[0]
    assert torch.equal(claimed[0], -MIRROR.float())
    assert bool(claimed[1].isnan().all())


def game(*matrices: Tensor) -> Ensemble:
    """One seed with these representatives, of determinant ±1, and no generators."""
    options = CosetsOptions(n_generators=0, n_representatives=len(matrices))
    group = Cosets(options, DataShapes(1, Representation.vector(2)))
    group.weight.data = stacked(*matrices)
    return Ensemble([group])


def test_the_criterion_sees_representatives() -> None:
    samples = square()
    criterion = EnergyCriterion.fit(samples, None)
    stretch = torch.diag(torch.tensor([1.5, 1 / 1.5])).double()
    with torch.no_grad():
        right = criterion(samples, {"generator": game(*SQUARE)})
        wrong = criterion(samples, {"generator": game(stretch, stretch @ MIRROR)})
    assert float(right) < 0.02 < float(wrong)


def test_two_mirrors_are_found() -> None:
    x = np.random.default_rng(3).standard_normal((10_000, 2))
    y = np.abs(x[:, :1]) + 2 * x[:, 1:] ** 2
    options = {
        "group.n_generators": 0,
        "group.n_representatives": 12,
        "method.steps": 600,
        "verify.steps": 30,
        "verify.draws": 2,
        "verify.n_references": 5,
        "verify.max_rows": 600,
        "verify.resamples": 400,
    }
    result = discover(x, y, group="cosets", seeds=2, options=options)
    assert result.discrete is not None
    assert result.discrete.group == "V4"
    assert result.generators.shape == (0, 2, 2)
    exact = torch.stack([turn(0), MIRROR, -MIRROR, turn(math.pi)])
    distances = torch.cdist(exact.flatten(1), result.discrete.representatives.flatten(1))
    assert float(distances.min(1).values.max()) < 0.1
