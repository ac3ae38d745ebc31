"""Differences of states as velocities: exact for parabolas."""

from __future__ import annotations

import pytest
import torch

from symdisc_laligan.sindy.velocities import velocities


@pytest.mark.parametrize(("steps", "expected"), [(2, [[0.05]]), (3, [[0.1]]), (4, [[0.1], [0.2]])])
def test_times_and_velocities_of_a_parabola(steps: int, expected: list[list[float]]) -> None:
    times = 0.1 * torch.arange(steps)
    states = torch.stack([times, 3 * times - times**2], dim=-1).expand(2, 1, steps, 2)
    points, speeds = velocities(states, 0.1)
    at = torch.tensor(expected)
    torch.testing.assert_close(points[0, :, :1], at)
    torch.testing.assert_close(speeds[1], torch.cat([torch.ones_like(at), 3 - 2 * at], dim=1))
