"""States and their velocities along trajectories, in the data's or in learned coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from symdisc.derivatives import derivative_along
from symdisc.latent_space import CHUNK, LatentSpace
from symdisc.use.regression import pysindy

Derivative = Literal["jacobian", "differences"]

ORDER = 4
"""Power of the time step with which the error of differences falls."""


def velocities(
    paths: Sequence[Tensor],
    time_step: float,
    latent: LatentSpace | None = None,
    derivative: Derivative = "jacobian",
) -> tuple[Tensor, Tensor]:
    """All points of all trajectories with their velocities.

    Args:
        paths: Trajectories ``(T_i, size)`` float64 of the data, of five states or more.
        time_step: Time between two states.
        latent: Learned coordinates; ``None``: those of the data.
        derivative: In learned coordinates, whether velocities are dz = Jφ dx of differences of
            states, or differences of encoded states.

    Returns:
        Points and velocities ``(P, d)`` float64, by differences of fourth order in time.

    Raises:
        DataError: pysindy is not installed.
    """
    if latent is None:
        return torch.cat(list(paths)), _differences(paths, time_step)
    if derivative == "differences":
        paths = [latent.encode(path) for path in paths]
        return torch.cat(list(paths)), _differences(paths, time_step)
    return _carried(latent, torch.cat(list(paths)), _differences(paths, time_step))


def _differences(paths: Sequence[Tensor], time_step: float) -> Tensor:
    method = pysindy().FiniteDifference(order=ORDER)
    return torch.cat([torch.from_numpy(method(path.numpy(), time_step)) for path in paths])


def _carried(latent: LatentSpace, x: Tensor, dx: Tensor) -> tuple[Tensor, Tensor]:
    """φ(x) and Jφ(x) dx."""
    inputs, moves = ((x - latent.mean) / latent.scales).float(), (dx / latent.scales).float()
    parts = [
        derivative_along(latent.encoder.encode, *pair)
        for pair in zip(torch.split(inputs, CHUNK), torch.split(moves, CHUNK), strict=True)
    ]
    points, speeds = (torch.cat([part[i] for part in parts]).double() for i in range(2))
    return points, speeds
