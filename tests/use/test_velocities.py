from __future__ import annotations

import torch
from latent_toy import TURN, warped

from symdisc.result import SymmetryResult
from symdisc.use.recordings import Recordings
from symdisc.use.velocities import velocities

TIMES = 0.1 * torch.arange(20, dtype=torch.float64)


def test_differences_are_of_fourth_order() -> None:
    path = torch.stack([TIMES.sin(), TIMES.cos()], dim=1)
    points, speeds = velocities([path, path[:6]], 0.1)
    truth = torch.stack([TIMES.cos(), -TIMES.sin()], dim=1)
    assert torch.equal(points, torch.cat([path, path[:6]]))
    assert speeds.shape == (26, 2)
    assert (speeds[:20] - truth).abs().max() < 5e-5


def test_both_ways_to_latent_velocities_agree_with_the_truth(
    found: tuple[SymmetryResult, Recordings],
) -> None:
    result, _ = found
    assert result.latent is not None
    plane = torch.stack([TIMES.cos(), TIMES.sin()], dim=1)
    basis = result.latent.encoder.basis
    assert isinstance(basis, torch.Tensor)
    truth = plane @ TURN.T.double() @ basis.mT.double()
    for way in ("jacobian", "differences"):
        points, speeds = velocities([warped(plane)], 0.1, result.latent, way)
        assert (points - plane @ basis.mT.double()).abs().max() < 1e-5
        assert (speeds - truth).abs().max() < 2e-3, way


def test_units_of_the_data(found: tuple[SymmetryResult, Recordings]) -> None:
    result, trajectories = found
    assert result.latent is not None
    scales = torch.tensor([2.0, 3.0, 5.0], dtype=torch.float64)
    other = result.latent.in_units_of(torch.ones(3), scales)
    path = trajectories.train[0]
    expected = velocities([path], 0.2, result.latent)
    for mine, theirs in zip(velocities([path * scales + 1], 0.2, other), expected, strict=True):
        assert mine.allclose(theirs, atol=1e-5)
