"""Finite groups of rotations from the angles of many seeds."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.algebra.consensus import find_consensus
from symdisc.algebra.cyclic import (
    CyclicGroup,
    cyclic_of_order,
    find_cyclic,
    turn_direction,
)

TURN = torch.tensor([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]).double()


def turns(angles: list[float], noise: float = 0.0, seed: int = 0) -> Tensor:
    generators = torch.tensor(angles).double()[:, None, None, None] * TURN
    rng = torch.Generator().manual_seed(seed)
    return generators + noise * torch.randn(generators.shape, generator=rng, dtype=torch.float64)


def found(seeds: Tensor) -> CyclicGroup | None:
    return find_cyclic(seeds, find_consensus(seeds))


@pytest.mark.parametrize("order", [2, 3, 6, 7, 12])
def test_seeds_that_found_different_elements_are_of_one_group(order: int) -> None:
    step = 2 * math.pi / order
    whole = [1, -1, order - 1, 1, order + 1, 2, 1, -2, 1, order - 1, 1, 1]
    group = found(turns([k * step for k in whole], noise=0.002))
    assert group is not None
    assert group.order == order
    assert group.angle == pytest.approx(step, abs=0.02)
    # With order 2 two steps are a whole turn, which says nothing.
    assert group.members == tuple(k % order != 0 for k in whole)
    torch.testing.assert_close(group.generator.abs(), step * TURN.abs(), atol=0.03, rtol=0)
    assert "random angles would fit an order as small with probability" in group.evidence


def test_a_subgroup_is_not_made_larger() -> None:
    group = found(turns([math.pi / 3 * 2 * k for k in (1, 2, 1, 1, 2, 4, 1, 2)]))
    assert group is not None
    assert group.order == 3


def test_seeds_with_other_angles_do_not_belong() -> None:
    angles = [2 * math.pi / 7 * k for k in (1, 1, 2, 3, 1, 6, 2, 1)] + [0.5, 1.3]
    group = found(turns(angles))
    assert group is not None
    assert group.order == 7
    assert group.members == (True,) * 8 + (False,) * 2


def test_seeds_with_other_angles_do_not_pull_the_plane_askew() -> None:
    askew = turns([0.5, 0.6, 0.7, 1.2])
    askew[:, 0, 2, 0] = 0.1
    seeds = torch.cat([turns([2 * math.pi / 7] * 6), askew])
    group = found(seeds)
    assert group is not None
    assert group.members == (True,) * 6 + (False,) * 4
    torch.testing.assert_close(group.generator, 2 * math.pi / 7 * TURN)


def test_the_step_is_what_the_seeds_say_and_not_what_the_order_says() -> None:
    group = found(turns([0.899 * k for k in (1, 1, 1, 2, 2, 1, 1, 1)]))
    assert group is not None
    assert group.order == 7
    assert group.angle == pytest.approx(0.899)


def test_a_wrong_angle_that_many_seeds_share_is_no_group() -> None:
    # As close to 10 · 2π/44 as can be, but to no multiple of a small order.
    assert found(turns([1.404, 1.407, 1.419, 1.425, 1.437, 1.79, 1.23, 1.25])) is None


def test_one_angle_that_all_seeds_share_is_enough_where_it_is_known_well() -> None:
    step = 2 * math.pi / 7
    group = found(turns([step + error for error in (-0.002, 0.001, 0.0, 0.002, 0.001)]))
    assert group is not None
    assert group.order == 7
    assert group.evidence.endswith("probability 0.033")
    assert found(turns([step + error for error in (-0.012, 0.006, 0.0, 0.012, 0.006)])) is None


def test_angles_that_no_second_seed_found_say_nothing() -> None:
    step = 2 * math.pi / 7
    assert found(turns([step, 2 * step, 3 * step, 0.3])) is None


def test_random_angles_are_no_group() -> None:
    rng = torch.Generator().manual_seed(0)
    made_up = 0
    for _ in range(100):
        angles = (2 * math.pi * torch.rand(8, generator=rng)).tolist()
        made_up += found(turns(angles)) is not None
    assert made_up <= 4  # one expected at most


@pytest.mark.parametrize(
    "seeds",
    [
        torch.eye(3).double().expand(8, 1, 3, 3),
        turns([2 * math.pi] * 8),
        turns([2 * math.pi / 3] * 3 + [0.4, 0.5, 0.7, 0.9]),
        turns([2 * math.pi / 7] * 8).expand(8, 2, 3, 3),
        torch.stack([turns([1.0])[0], turns([1.0])[0].roll(1, -1), turns([1.0])[0].roll(1, -2)]),
    ],
    ids=["no rotation", "whole turns", "a minority", "two generators", "no consensus"],
)
def test_what_is_no_cyclic_group(seeds: Tensor) -> None:
    assert found(seeds) is None


def test_a_known_order_allows_for_less_exact_angles() -> None:
    step = 2 * math.pi / 7
    seeds = turns([3 * step - 0.012, 3 * step - 0.03, 4 * step + 0.01, 3 * step, 1.1])
    group = cyclic_of_order(seeds, find_consensus(seeds), 7, "it is known")
    assert group is not None
    assert group.members == (True, True, True, True, False)
    assert group.angle == pytest.approx(step, abs=0.006)
    assert group.evidence == "it is known"
    assert cyclic_of_order(seeds, find_consensus(seeds), 5, "") is None


def test_the_direction_is_that_of_a_turn_by_one_radian() -> None:
    direction = turn_direction(find_consensus(turns([0.3, 0.7, 2.0])))
    assert direction is not None
    torch.testing.assert_close(direction, TURN)
    scaling = torch.eye(3).double().expand(3, 1, 3, 3)
    assert turn_direction(find_consensus(scaling)) is None


def test_seeds_that_failed_are_left_out() -> None:
    seeds = turns([2 * math.pi / 5] * 8)
    seeds[2] = math.nan
    group = found(seeds)
    assert group is not None
    assert group.order == 5
    assert group.members == (True, True, False, True, True, True, True, True)
