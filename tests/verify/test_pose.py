from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc.verify.pose import N_ANGLES, Movable, Poses, learn_poses

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)


def learnt(angles: Tensor) -> Poses:
    """Poses of points on the unit circle."""
    points = torch.stack([angles.cos(), angles.sin()], dim=-1)[:, None].float()
    data = Movable(points, Representation.vector(2), TURN, 2 * math.pi)
    return learn_poses(data, torch.arange(len(points)) % 2, torch.Generator().manual_seed(0))


def test_the_error_is_the_pose_that_nobody_knows() -> None:
    angles = torch.linspace(-0.5, 0.5, 400)
    poses = learnt(angles)
    assert poses.errors.shape[1] == 400
    miss = poses.errors + angles
    assert miss.abs().median() < 0.1
    # Even over an arc of 1 rad, a move can be known to log 2π nat beyond guessing.
    assert 0.8 * math.log(2 * math.pi) < poses.gain < 1.02 * math.log(2 * math.pi)
    assert 0 < poses.gain_error < 0.1
    assert float(poses.concentration[0]) == pytest.approx(math.sin(0.5) / 0.5, abs=0.05)


def test_nothing_can_be_learnt_of_data_on_the_whole_circle() -> None:
    poses = learnt(torch.rand(400, generator=torch.Generator().manual_seed(1)) * 2 * math.pi)
    assert poses.gain < 0.02
    assert float(poses.concentration.max()) < 0.15


def test_the_table_of_moves_covers_one_period() -> None:
    data = Movable(torch.zeros(1, 1, 2), Representation.vector(2), 2 * TURN, math.pi)
    elements = data.elements()
    assert elements.shape == (N_ANGLES, 2, 2)
    torch.testing.assert_close(elements[0], torch.eye(2))
    torch.testing.assert_close(elements[N_ANGLES // 4], TURN.float(), atol=1e-6, rtol=0)
