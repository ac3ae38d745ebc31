"""Cosets of continuous groups, told by least squares."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.algebra.known import known_algebra
from symdisc.cosets.component import IdentityComponent, coset_distance, distinct

TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]]).double()
MIRROR = torch.diag(torch.tensor([1.0, -1.0])).double()
METRIC = torch.diag(torch.tensor([1.0, -1.0, -1.0, -1.0])).double()
LORENTZ = torch.tensor(known_algebra("so(1,3)"))
NONE = torch.zeros(0, 2, 2)


def element(generators: Tensor, seed: int, size: float = 0.7) -> Tensor:
    """A product of two exponentials."""
    rng = torch.Generator().manual_seed(seed)
    z = size * torch.randn(2, len(generators), generator=rng, dtype=torch.float64)
    first, second = torch.linalg.matrix_exp(torch.einsum("ck,kij->cij", z, generators))
    product: Tensor = first @ second
    return product


def test_reflections_of_a_plane_are_one_coset() -> None:
    for angle in (0.3, 2.0, math.pi):
        other = torch.linalg.matrix_exp(angle * TURN[0]) @ MIRROR
        assert coset_distance(MIRROR, other, TURN) < 1e-6
    assert coset_distance(torch.eye(2), -torch.eye(2), TURN) < 1e-6
    # No continuous motion changes the sign of a determinant.
    assert coset_distance(torch.eye(2), MIRROR, TURN) == math.inf


def test_without_generators_every_matrix_is_a_coset() -> None:
    assert coset_distance(torch.eye(2), -torch.eye(2), NONE) == pytest.approx(2)
    assert coset_distance(MIRROR, MIRROR, torch.zeros(1, 2, 2)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_four_components_of_the_lorentz_group(seed: int) -> None:
    four = (torch.eye(4).double(), METRIC, -METRIC, -torch.eye(4).double())
    for i, h in enumerate(four):
        for j, other in enumerate(four):
            moved = element(LORENTZ, 10 * seed + i) @ other
            distance = coset_distance(h, moved, LORENTZ)
            assert (distance < 1e-6) == (i == j)
            assert i == j or distance > 0.4


def test_what_no_single_exponential_reaches() -> None:
    """diag(−2, −1/2) lies in SL(2, R), but is no exponential of sl(2, R)."""
    matrix = torch.diag(torch.tensor([-2.0, -0.5]))
    assert coset_distance(torch.eye(2), matrix, torch.tensor(known_algebra("sl(2)"))) < 1e-6


def test_the_nearest_element_of_a_coset_is_found() -> None:
    component = IdentityComponent(TURN)
    far = 0.9 * torch.linalg.matrix_exp(2.5 * TURN[0]) @ MIRROR
    near = component.nearest(MIRROR.numpy(), far.numpy())
    assert near.distance == pytest.approx(0.1 / 0.9)
    assert torch.allclose(torch.from_numpy(near.element), far / 0.9)


def test_what_normalises_the_component() -> None:
    assert IdentityComponent(TURN).moved_out(MIRROR.numpy()) < 1e-12
    assert IdentityComponent(NONE).moved_out(MIRROR.numpy()) == 0
    shear = torch.tensor([[1.0, 1.0], [0.0, 1.0]]).double().numpy()
    assert IdentityComponent(TURN).moved_out(shear) > 0.3


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_duplicates_modulo_the_component_are_put_together(noise: float) -> None:
    rng = torch.Generator().manual_seed(3)
    change = torch.eye(4).double() + 0.2 * torch.randn(4, 4, generator=rng).double()
    back = torch.linalg.inv(change)
    candidates = [
        change @ element(LORENTZ, seed, 0.3) @ (METRIC if seed % 2 else METRIC @ METRIC) @ back
        for seed in range(8)
    ]
    noisy = torch.stack(candidates) + noise * torch.randn(8, 4, 4, generator=rng).double()
    found = distinct(noisy, change @ LORENTZ @ back)
    assert len(found) == 2
    # Means of members that were moved next to each other, so less noisy than one.
    wanted = torch.stack(candidates[:2])
    assert (found - wanted).norm() / wanted.norm() < 0.05 + noise


def test_planar_duplicates() -> None:
    turns = [torch.linalg.matrix_exp(angle * TURN[0]) for angle in (0.5, 1.0, 3.0)]
    candidates = torch.stack([*turns, *(turn @ MIRROR for turn in turns)])
    assert len(distinct(candidates, TURN)) == 2
    assert len(distinct(candidates, NONE)) == 6
    assert distinct(candidates[:0], TURN).shape == (0, 2, 2)
