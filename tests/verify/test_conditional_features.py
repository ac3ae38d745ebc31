"""What classifiers see of samples with targets."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily
from symdisc.representations import Representation
from symdisc.verify.conditional_features import ConditionalFeatures
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.moves import SampleMoves
from symdisc.verify.oracle import Oracle

PLANE = Representation(1, 2)
ROWS = torch.arange(400)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def rows(seed: int, kind: str) -> Samples:
    states = torch.randn(1500, 1, 2, generator=rng(seed))
    x, trajectory = states[:, 0], torch.arange(1500)
    radius = x.square().sum(1)
    if kind == "label":
        return Samples(states, trajectory, PLANE, (radius > 1.386).long())
    if kind == "vector":
        return Samples(states, trajectory, PLANE, 20 * radius[:, None] * x, PLANE)
    return Samples(states, trajectory, PLANE, radius[:, None], Representation.scalars(1))


@cache
def oracle_of(kind: str) -> Oracle:
    return Oracle(rows(1, kind), n_classes_of(kind), rng())


def n_classes_of(kind: str) -> int:
    return 2 if kind == "label" else 0


def built(kind: str, elements: Tensor) -> tuple[Tensor, Tensor]:
    n_classes, oracle = n_classes_of(kind), oracle_of(kind)
    family = ElementFamily(elements[:, None].expand(-1, 64, 2, 2), torch.zeros(len(elements)))
    moves = SampleMoves(rows(2, kind), n_classes, family)
    features = ConditionalFeatures(moves, oracle, n_classes > 0, DefectOptions(), rng())
    assert features.members == 2 * len(elements)
    real, moved = features(ROWS, rng())
    return real, moved


TURN = torch.tensor([[0.6, 0.8], [-0.8, 0.6]])
STRETCH = torch.diag(torch.tensor([2.0, 1.0]))


@pytest.mark.parametrize(("kind", "m"), [("number", 1), ("vector", 2), ("label", 2)])
def test_first_half_of_the_members_sees_nothing_of_the_targets(kind: str, m: int) -> None:
    real, moved = built(kind, torch.stack([TURN, STRETCH]))
    known, width = 2 + m, 2 + m + m + 1
    for side in (real, moved):
        assert side.shape == (4, len(ROWS), width)
        assert (side[:2, :, known:] == 0).all()
        assert side[2:, :, known:].std() > 0.1
        assert torch.equal(side[:2, :, :known], side[2:, :, :known])
        assert side.abs().max() <= 8


@pytest.mark.parametrize(("kind", "m"), [("number", 1), ("vector", 2), ("label", 2)])
def test_targets_depart_after_a_stretch_but_not_after_a_turn(kind: str, m: int) -> None:
    """Vector targets turn with the state, so their residual stays small as well."""
    real, moved = built(kind, torch.stack([TURN, STRETCH]))
    departure = slice(2 + m, 2 + m + m)
    size = real[2:, :, departure].abs().mean((1, 2))
    after = moved[2:, :, departure].abs().mean((1, 2))
    assert after[0] < 1.1 * size[0]
    assert after[1] > 1.3 * size[1]


def test_constant_targets_are_no_trouble() -> None:
    bare = rows(2, "number")
    constant = Samples(
        bare.states, bare.trajectory, PLANE, torch.ones(1500, 1), Representation.scalars(1)
    )
    family = ElementFamily(TURN.expand(1, 64, 2, 2), torch.zeros(1))
    oracle = Oracle(constant, 0, rng())
    moves = SampleMoves(constant, 0, family)
    features = ConditionalFeatures(moves, oracle, False, DefectOptions(), rng())
    real, moved = features(ROWS, rng())
    assert torch.isfinite(real).all()
    assert torch.isfinite(moved).all()


def test_moves_are_drawn_once_for_all_and_their_noise_anew() -> None:
    """With two moves for each row, two of many calls move a row in the same way."""
    family = ElementFamily(torch.randn(1, 64, 2, 2, generator=rng(5)), torch.zeros(1))
    options = DefectOptions(draws=2)
    moves = SampleMoves(rows(2, "number"), 0, family)
    features = ConditionalFeatures(moves, oracle_of("number"), False, options, rng())
    source = rng()
    seen = [features(torch.tensor([7]), source)[1][1, 0] for _ in range(12)]
    assert len({tuple(one[:2].tolist()) for one in seen}) == 2
    assert len({tuple(one.tolist()) for one in seen}) == 12
