"""Moved windows: what a function of the point can tell of them, and how their law changes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc_laligan.moved import MovedCodes

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
STRETCH = torch.tensor([[1.0, 0.0], [0.0, -1.0]])
PLANE = Representation.vector(2)
STEP = 0.1


def flow(points: Tensor) -> Tensor:
    """Change of a point that turns at a speed that its radius tells."""
    speed = STEP / (1 + points.square().sum(-1, keepdim=True))
    return torch.cos(speed) * points + torch.sin(speed) * points @ TURN.mT - points


def windows(n: int = 500, steps: int = 3) -> Tensor:
    """``(1, n, steps, 2)`` on rings about the origin."""
    rng = torch.Generator().manual_seed(0)
    angle = 2 * math.pi * torch.rand(n, generator=rng)
    radius = 1 + 0.3 * torch.rand(n, generator=rng)
    states = [radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=-1)]
    for _ in range(steps - 1):
        states.append(states[-1] + flow(states[-1]))
    return torch.stack(states, dim=1)[None]


def moved_by(
    generator: Tensor, points: Tensor, targets: Tensor | None = None, form: Representation = PLANE
) -> MovedCodes:
    z = torch.randn(*points.shape[:2], 1, generator=torch.Generator().manual_seed(1))
    return MovedCodes.of(points, targets, z, generator[None, None], form, None)


def told(codes: MovedCodes) -> float:
    """Error of the flow that the real points follow."""
    real = codes.points[:, :, 1:] - codes.points[:, :, :-1]
    unit = real.square().sum(-1).mean().sqrt()
    return codes.conditional(flow(codes.sources()) / unit).item()


def test_one_flow_tells_real_and_turned_points_but_not_stretched_ones() -> None:
    points = windows()
    assert told(moved_by(TURN, points)) == pytest.approx(0.0, abs=1e-6)
    assert told(moved_by(STRETCH, points)) > 0.5


def test_all_steps_of_a_window_move_alike_and_scalars_stay() -> None:
    points = torch.cat([windows(steps=2), torch.ones(1, 500, 2, 1)], dim=-1)
    codes = moved_by(TURN, points, form=Representation(1, 2, 1))
    torch.testing.assert_close(codes.moved[..., 2], points[..., 2], rtol=0, atol=0)
    angles = [torch.atan2(z[..., 1], z[..., 0]).diff(dim=-1) for z in (codes.points, codes.moved)]
    torch.testing.assert_close(angles[0].sin(), angles[1].sin(), atol=1e-5, rtol=1e-4)


def test_targets_stay_and_have_to_be_told_from_moved_points() -> None:
    points = windows(steps=1)
    radius, angle = points.norm(dim=-1), points[..., 0, 0][..., None]
    for target, tellable in ((radius, True), (angle, False)):
        target = (target - target.mean()) / target.std(correction=0)
        codes = moved_by(TURN, points, target)
        assert codes.tells_next
        sources = codes.sources()
        values = sources.norm(dim=-1, keepdim=True) if tellable else sources[..., :1]
        own = values[:, : target.shape[1]]
        predicted = (values - own.mean()) / own.std(correction=0)
        assert (codes.conditional(predicted).item() < 1e-6) is tellable


def test_changes_and_targets_of_several_steps_stand_in_the_order_of_their_sources() -> None:
    points = windows(n=50, steps=4)
    target = points[:, :, 0].norm(dim=-1, keepdim=True)
    codes = moved_by(TURN, points, target)
    sources = codes.sources()
    unit = (codes.points[:, :, 1:] - codes.points[:, :, :-1]).square().sum(-1).mean().sqrt()
    predicted = torch.cat([flow(sources) / unit, sources.norm(dim=-1, keepdim=True)], dim=-1)
    assert codes.conditional(predicted).item() == pytest.approx(0.0, abs=1e-6)


def test_nothing_follows_from_a_single_state_without_target() -> None:
    assert not moved_by(TURN, windows(steps=1)).tells_next


def test_the_law_of_windows_is_kept_by_turns_only() -> None:
    points = windows()
    assert abs(moved_by(TURN, points).law().item()) < 0.05
    assert moved_by(STRETCH, points).law().item() > 0.15


def test_the_law_counts_targets_as_well() -> None:
    points = windows(steps=1)
    angle = torch.atan2(points[..., 0, 1], points[..., 0, 0])[..., None]
    codes = moved_by(TURN, points)
    assert replace(codes, targets=angle).law().item() > 2 * abs(codes.law().item())


def test_similarity_is_that_of_points_and_moved_points() -> None:
    z = torch.full((1, 500, 1), math.pi / 2)
    codes = MovedCodes.of(windows(), None, z, TURN[None, None], PLANE, None)
    assert codes.similarity().item() == pytest.approx(0.0, abs=1e-5)
