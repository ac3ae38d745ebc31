"""The share of a radius's variance that lies within trajectories."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.verify.within_total import (
    MOST_COORDINATES,
    kept_radius_form,
    radius,
    raw_ellipse_share,
    raw_radius_share,
    within_total,
)

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
STRETCH = torch.tensor([[2.0, 0.5], [0.0, 1.0]], dtype=torch.float64)
ELLIPTIC = STRETCH @ TURN @ torch.linalg.inv(STRETCH)


def circles(n: int = 20, steps: int = 50) -> tuple[Tensor, Tensor]:
    """Points on circles of different radii, ``(n · steps, 2)``, and which circle."""
    angle = torch.linspace(0, 2 * math.pi, steps, dtype=torch.float64)
    ring = torch.stack([angle.cos(), angle.sin()], dim=1)
    sizes = torch.linspace(0.5, 1.5, n, dtype=torch.float64)
    return (sizes[:, None, None] * ring).reshape(-1, 2), torch.arange(n).repeat_interleave(steps)


def test_zero_where_trajectories_keep_it_and_one_where_they_know_nothing_of_it() -> None:
    trajectory = torch.arange(40).repeat_interleave(25)
    assert within_total(trajectory.double() ** 2, trajectory) == pytest.approx(0, abs=1e-12)
    noise = torch.randn(1000, generator=torch.Generator().manual_seed(0))
    assert within_total(noise, trajectory) == pytest.approx(1, abs=0.06)


def test_half_within_and_half_between() -> None:
    values = torch.tensor([0.0, 2.0, 2.0, 4.0])
    assert within_total(values, torch.tensor([7, 7, 3, 3])) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("values", "trajectory"),
    [
        ([1.0, 2.0, 3.0], [0, 1, 2]),
        ([1.0, 2.0, 3.0], [0, 0, 0]),
        ([1.0, 2.0, 3.0], [0, 0, 1]),
        ([1.0, 1.0 + 1e-7, 1.0, 1.0], [0, 0, 1, 1]),
        ([], []),
    ],
    ids=["single rows", "one trajectory", "one long one", "rounding only", "nothing"],
)
def test_not_defined(values: list[float], trajectory: list[int]) -> None:
    assert math.isnan(within_total(torch.tensor(values), torch.tensor(trajectory).long()))


def test_an_elliptic_turn_keeps_the_form_of_its_ellipse() -> None:
    form = kept_radius_form(3 * ELLIPTIC)
    assert form is not None
    points, trajectory = circles()
    stretched = points @ STRETCH.T
    assert within_total(radius(stretched[:, None], form), trajectory) < 1e-12
    assert raw_radius_share(stretched, trajectory) > 0.2


def test_the_trace_of_a_generator_does_not_count() -> None:
    spiral = kept_radius_form(TURN + 0.4 * torch.eye(2))
    assert spiral is not None
    assert torch.allclose(spiral, torch.eye(2).double() / math.sqrt(2))


@pytest.mark.parametrize(
    "generator",
    [TURN.abs(), torch.zeros(2, 2), torch.eye(2), torch.full((2, 2), math.nan)],
    ids=["boost", "zero", "scaling", "not finite"],
)
def test_other_generators_keep_no_radius(generator: Tensor) -> None:
    assert kept_radius_form(generator) is None


def test_vectors_add_up_to_one_radius() -> None:
    vectors = torch.tensor([[[3.0, 0.0], [0.0, 4.0]]])
    assert radius(vectors, torch.eye(2).double()).tolist() == [5.0]


def test_the_best_ellipse_is_found_wherever_it_lies() -> None:
    points, trajectory = circles()
    moved = points @ STRETCH.T + torch.tensor([3.0, -1.0])
    assert raw_radius_share(moved, trajectory) > 0.2
    assert raw_ellipse_share(moved, trajectory) < 1e-6


def test_the_best_ellipse_of_curves_that_are_none() -> None:
    points, trajectory = circles()
    bent = points.clone()
    bent[:, 1] += 0.5 * points[:, 0] ** 2
    share = raw_ellipse_share(bent, trajectory)
    assert 1e-3 < share < raw_radius_share(bent, trajectory)


def test_no_ellipse_where_levels_are_hyperbolas_or_coordinates_too_many() -> None:
    level, side = torch.meshgrid(
        torch.linspace(0.5, 1.5, 20).double(), torch.linspace(-1, 1, 30).double(), indexing="ij"
    )
    hyperbola = torch.stack([level * side.cosh(), level * side.sinh()], dim=-1).reshape(-1, 2)
    trajectory = torch.arange(20).repeat_interleave(30)
    assert not raw_ellipse_share(hyperbola, trajectory) < 0.1
    wide = torch.randn(600, MOST_COORDINATES + 1, generator=torch.Generator().manual_seed(0))
    assert math.isnan(raw_ellipse_share(wide, trajectory))
    assert math.isnan(raw_ellipse_share(hyperbola, torch.arange(600)))
