"""Images as vectors that a rotation of their plane turns exactly, without resampling."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from symdisc.algebra.affine import Turn
from symdisc.algebra.forms import Matrix

ORDERS = 3
"""Highest number of periods of a harmonic in one turn [1]."""

RADIAL = 2
"""Harmonics of each order."""

SIZE = RADIAL * (1 + 2 * ORDERS)
"""Coordinates of the harmonics of one channel."""


def angular_harmonics(images: Tensor, turn: Turn, generator: Matrix) -> tuple[Tensor, Tensor]:
    """Low angular harmonics of images about the centre of a rotation.

    A harmonic of order m is ∫ I(r, φ) rᵐ (1 − r²)ᵏ (cos mφ, sin mφ), with r and φ in coordinates
    in which the rotation runs along circles; it vanishes beyond r = 1, half of the longer side.
    Turning the image by t turns it by mt. These functions are smooth, so that they hardly see
    what interpolation between pixels does to an image, unlike the pixels themselves.

    Args:
        images: ``(N, channels, rows, columns)``.
        turn: Centre and ellipses of the rotation.
        generator: The rotation ``(3, 3)``.

    Returns:
        The harmonics ``(N, channels, SIZE)``, and the generator ``(SIZE, SIZE)`` float64 that
        turns them as ``generator`` turns the images.
    """
    functions = _functions(images.shape[-2], images.shape[-1], turn)
    values = images.flatten(-2) @ torch.from_numpy(functions).to(images).T
    return values, torch.from_numpy(_speeds(generator))


def _functions(rows: int, columns: int, turn: Turn) -> Matrix:
    """The harmonics as functions of the pixels, ``(SIZE, rows · columns)``."""
    longest = max(rows, columns)
    x = (2 * np.arange(columns) + 1 - columns) / longest - turn.centre[0]
    y = (2 * np.arange(rows) + 1 - rows) / longest - turn.centre[1]
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    # In the coordinates u = S p, with SᵀS the kept form, the rotation runs along circles.
    form = turn.form / math.sqrt(float(np.linalg.det(turn.form)))
    across, down = np.linalg.cholesky(form).T @ points.T
    radius, angle = np.hypot(across, down), np.arctan2(down, across)
    inside = np.clip(1 - radius**2, 0, None)
    found = [inside ** (k + 1) for k in range(RADIAL)]
    for order in range(1, ORDERS + 1):
        for k in range(RADIAL):
            window = radius**order * inside ** (k + 1)
            found += [window * np.cos(order * angle), window * np.sin(order * angle)]
    return np.array(found)


def _speeds(generator: Matrix) -> Matrix:
    linear = generator[:2, :2]
    sense = math.copysign(1.0, linear[1, 0] - linear[0, 1])
    speed = sense * float(np.abs(np.linalg.eigvals(linear)).max())
    matrix = np.zeros((SIZE, SIZE))
    for place in range(RADIAL * ORDERS):
        first = RADIAL + 2 * place
        order = 1 + place // RADIAL
        matrix[first + 1, first], matrix[first, first + 1] = order * speed, -order * speed
    return matrix
