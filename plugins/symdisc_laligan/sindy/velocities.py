"""Velocities of data from windows of states at equal steps of time."""

from __future__ import annotations

from torch import Tensor


def velocities(states: Tensor, time_step: float) -> tuple[Tensor, Tensor]:
    """Points and their velocities, by central differences, exact to second order in time.

    Args:
        states: ``(E, B, steps, size)``, two steps or more.
        time_step: Time between two states.

    Returns:
        Points and velocities ``(E, P, size)``: the inner states, or of two states their middle.
    """
    if states.shape[2] == 2:
        points, change = states.mean(2), states[:, :, 1] - states[:, :, 0]
        return points, change / time_step
    points, change = states[:, :, 1:-1], states[:, :, 2:] - states[:, :, :-2]
    return points.flatten(1, 2), (change / (2 * time_step)).flatten(1, 2)
