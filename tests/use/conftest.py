"""A result with exact coordinates, its trajectories, and oscillators in the plane."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from latent_toy import found_in, trajectories
from torch import Tensor

from symdisc.result import SymmetryResult
from symdisc.use.recordings import Recordings, joined

STEP = 0.2


@pytest.fixture(scope="session")
def found() -> tuple[SymmetryResult, Recordings]:
    result, parts = found_in(trajectories(24, 40))
    train, held_out = (tuple(joined(part)) for part in (parts.train, parts.held_out))
    return result, Recordings(train, held_out, STEP)


@pytest.fixture(scope="session")
def spirals() -> Callable[..., Recordings]:
    """Trajectories with dr/dt = rate · r and dθ/dt = 1 − 0.2 r², seen in coordinates S⁻¹ w + c."""

    def make(rate: float, frame: Tensor | None = None, centre: float = 0.0) -> Recordings:
        rng = torch.Generator().manual_seed(0)
        radius = 0.4 + 1.2 * torch.rand(16, 1, generator=rng, dtype=torch.float64)
        times = 0.05 * torch.arange(60, dtype=torch.float64)
        grown = radius * torch.exp(rate * times)
        turned = radius.square() * (torch.expm1(2 * rate * times) / (2 * rate) if rate else times)
        angle = 6 * radius + times - 0.2 * turned
        plane = torch.stack([grown * angle.cos(), grown * angle.sin()], dim=-1)
        seen = plane if frame is None else torch.linalg.solve(frame, plane[..., None])[..., 0]
        paths = tuple(seen + centre)
        return Recordings(paths[:12], paths[12:], 0.05)

    return make
