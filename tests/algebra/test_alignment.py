"""Affine maps between the coordinates of two seeds, and generators carried along them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.algebra.alignment import align, block_index, carried
from symdisc.algebra.spans import cosine

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=rng(seed), dtype=torch.float64)


HALF = torch.arange(400) % 2


def test_an_affine_map_is_found_and_explains_everything() -> None:
    source, matrix = normal(400, 3), normal(3, 3, seed=1)
    found = align(source, source @ matrix.T + 5, HALF)
    assert torch.allclose(found.matrix, matrix)
    assert found.r_squared == pytest.approx(1)


def test_what_has_nothing_in_common_explains_nothing_on_the_other_half() -> None:
    assert align(normal(400, 2), normal(400, 2, seed=1), HALF).r_squared < 0.02
    few = align(normal(6, 2), normal(6, 2, seed=1), torch.arange(6) % 2)
    assert few.r_squared < 0.5


def test_every_direction_of_the_target_counts_alike() -> None:
    """A direction of little variance that is not explained is not hidden by one of much."""
    source = normal(400, 2)
    target = torch.stack([100 * source[:, 0], normal(400, seed=3)], dim=1)
    assert align(source, target, HALF).r_squared == pytest.approx(0.5, abs=0.05)


def test_a_constant_target_is_not_explained_by_nonsense() -> None:
    assert abs(align(normal(400, 2), torch.zeros(400, 2), HALF).r_squared) <= 1


def test_a_generator_is_the_same_motion_in_other_coordinates() -> None:
    matrix = normal(2, 2)
    (moved,), lost = carried(TURN[None], matrix)
    point = normal(2, seed=4)
    assert torch.allclose(moved @ matrix @ point, matrix @ TURN @ point)
    assert lost < 1e-12


def test_vectors_that_share_a_generator_may_be_mixed_by_the_map() -> None:
    mixing, basis = normal(3, 3), normal(2, 2, seed=1)
    (moved,), lost = carried(TURN[None], torch.kron(mixing, basis), n_vectors=3)
    assert torch.allclose(moved, basis @ TURN @ torch.linalg.inv(basis))
    assert lost < 1e-12


def test_what_no_shared_generator_does_is_lost() -> None:
    """In these coordinates the second vector turns the other way round."""
    flip = torch.diag(torch.tensor([1.0, 1.0, 1.0, -1.0], dtype=torch.float64))
    (moved,), lost = carried(TURN[None], flip, n_vectors=2)
    assert lost == pytest.approx(1)
    assert cosine(moved, TURN) == 0


def test_zero_generators_lose_nothing() -> None:
    assert carried(torch.zeros(1, 2, 2), normal(2, 2))[1] == 0


def test_places_of_a_block_in_all_vectors() -> None:
    assert block_index(torch.tensor([0, 2]), 3, 2).tolist() == [0, 2, 3, 5]
