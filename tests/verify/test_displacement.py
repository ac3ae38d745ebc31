"""Moves of matched size."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc.verify.displacement import (
    Points,
    cyclic_family,
    element_family,
    largest_displacement,
    matched_family,
)

PLANE = Representation(1, 2)
TURN = torch.tensor([[0.0, 1.0], [-1.0, 0.0]]).double() / math.sqrt(2)
SCALING = torch.eye(2).double() / math.sqrt(2)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def circle(n: int = 300) -> Tensor:
    angle = torch.linspace(0, 2 * math.pi, n + 1)[:-1]
    return torch.stack([angle.cos(), angle.sin()], dim=1)[:, None]


def points(states: Tensor, representation: Representation = PLANE) -> Points:
    return Points.of(states, torch.ones(states.shape[-1]), representation)


def test_spread_is_the_root_of_the_trace_of_the_covariance() -> None:
    spread = torch.tensor([3.0, 4.0])
    states = torch.randn(50_000, 1, 2, generator=rng()) * spread + 100
    found = Points.of(states, torch.ones(2), PLANE)
    assert found.spread == pytest.approx(5, rel=0.02)
    assert found.values.shape == (200, 2)
    assert Points.of(states, spread, PLANE).spread == pytest.approx(2**0.5, rel=0.02)


def test_rotation_of_a_circle_is_scaled_to_the_right_angle() -> None:
    family = matched_family(TURN[None], points(circle()), None, 0.5)
    assert family.displacement.item() == pytest.approx(0.5, rel=1e-3)
    angles = torch.atan2(family.elements[0, :, 0, 1], family.elements[0, :, 0, 0])
    # Every eighth of the 32 angles on each side is looked at: the median is their mean.
    middle = angles[32:][::8].sort().values[1]
    assert 2 * math.sin(float(middle) / 2) == pytest.approx(0.5, rel=1e-2)
    torch.testing.assert_close(angles[:32], -angles[32:])
    assert float(angles[32:].max() / angles[32:].min()) == pytest.approx(3, rel=1e-3)


def test_all_generators_move_the_data_alike() -> None:
    generators = torch.randn(8, 2, 2, generator=rng(1)).double()
    generators /= torch.linalg.matrix_norm(generators)[:, None, None]
    family = matched_family(generators, points(torch.randn(500, 2, 2, generator=rng())), None, 0.4)
    torch.testing.assert_close(
        family.displacement, torch.full((8,), 0.4).double(), rtol=0.01, atol=0
    )


def test_a_turn_in_a_weak_plane_reaches_less_than_was_asked_for() -> None:
    states = torch.cat([circle() * 0.1, torch.randn(300, 1, 1, generator=rng())], dim=-1)
    turn = torch.zeros(1, 3, 3).double()
    turn[0, :2, :2] = TURN
    found = points(states, Representation(1, 3))
    reach = largest_displacement(turn, found, None)
    assert reach.item() == pytest.approx(0.2, rel=0.15)
    family = matched_family(turn, found, None, 0.5)
    assert family.displacement.item() == pytest.approx(reach.item(), rel=0.01)
    at_reach = matched_family(turn, found, None, reach.item())
    assert at_reach.displacement.item() == pytest.approx(reach.item(), rel=0.01)


def test_generators_and_data_that_do_not_move() -> None:
    assert largest_displacement(torch.zeros(1, 2, 2).double(), points(circle()), None).item() == 0
    constant = points(torch.ones(10, 1, 2))
    assert largest_displacement(TURN[None], constant, None).tolist() == [0]


def test_unbounded_generators_reach_far_but_half_of_a_scaling_shrinks() -> None:
    squeeze = SCALING * torch.tensor([1, -1])
    reach = largest_displacement(torch.stack([squeeze, SCALING]), points(circle()), None)
    assert reach[0].item() > 100
    assert reach[1].item() == pytest.approx(1, abs=1e-3)


def test_blocks_give_the_same_elements() -> None:
    generator = torch.kron(torch.diag(torch.tensor([1.0, 2.0]).double()), TURN)[None]
    found = points(torch.randn(100, 1, 4, generator=rng()), Representation(1, 4))
    dense = matched_family(generator, found, None, 0.5)
    blocked = matched_family(generator, found, ((0, 1), (2, 3)), 0.5)
    torch.testing.assert_close(dense.elements, blocked.elements)


def test_a_finite_group_has_all_its_elements_and_only_them() -> None:
    generator = 2 * math.pi / 5 * TURN * math.sqrt(2)
    found = points(circle(400))
    family = cyclic_family(generator, 5, found)
    assert family.elements.shape == (1, 64, 2, 2)
    turned = torch.atan2(family.elements[0, :, 0, 1], family.elements[0, :, 0, 0])
    steps, count = torch.unique((turned / (2 * math.pi / 5)).round().int(), return_counts=True)
    assert steps.tolist() == [-2, -1, 1, 2]
    assert count.tolist() == [16] * 4
    # Half of the elements move by one step, half by two; the median lies between the two chords.
    chords = [2 * math.sin(k * math.pi / 5) for k in (1, 2)]
    assert chords[0] - 1e-6 <= family.displacement.item() <= chords[1]


def test_one_element_moves_by_its_own_distance() -> None:
    family = element_family(-torch.eye(2).double(), points(circle(400)))
    assert family.elements.shape == (1, 64, 2, 2)
    assert torch.equal(family.elements, -torch.eye(2).expand(1, 64, 2, 2))
    assert family.displacement.item() == pytest.approx(2, abs=1e-3)
    still = Points.of(torch.zeros(50, 1, 2), torch.ones(2), PLANE)
    assert element_family(-torch.eye(2).double(), still).displacement.item() == 0


def test_one_element_moves_pictures_too() -> None:
    pictures = torch.randn(30, 1, 64, generator=rng())
    form = Representation.image(8, 8)
    mirrored = points(pictures, form).values.reshape(-1, 8, 8).flip(-1).flatten(1)
    distance = torch.linalg.vector_norm(mirrored - points(pictures, form).values, dim=1).median()
    mirror = torch.diag(torch.tensor([-1.0, 1, 1])).double()
    found = element_family(mirror, points(pictures, form)).displacement.item()
    assert found == pytest.approx(distance.item() / points(pictures, form).spread, rel=1e-5)
