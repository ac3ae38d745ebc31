"""Small grey pictures of rods."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = 0.8
"""Length of a rod, where half the side of a picture is 1."""

_WIDTH = 0.12
"""At this distance from a rod the brightness has fallen to exp(−1/2), in the same unit."""

_PART = 4096
"""Pictures are drawn so many at a time, which bounds the memory."""


def segments(directions: NDArray[Any], size: int) -> NDArray[np.float32]:
    """Grey pictures ``(..., size, size)`` of rods from the middle in unit ``directions``.

    A pixel at distance d from the rod has the brightness exp(−d² / 2w²): a smooth function of
    the direction, from 0 to 1.

    Args:
        directions: ``(..., 2)`` unit vectors (to the right, down).
        size: Rows and columns [1].
    """
    places = (2 * np.arange(size) + 1) / size - 1
    right, down = np.meshgrid(places, places)
    pixels = np.stack([right.ravel(), down.ravel()]).astype(np.float32)
    rods = directions.reshape(-1, 2).astype(np.float32)
    drawn = np.empty((len(rods), size**2), np.float32)
    for start in range(0, len(rods), _PART):
        part = slice(start, start + _PART)
        drawn[part] = _brightness(rods[part] @ pixels, (pixels**2).sum(0))
    return drawn.reshape(*directions.shape[:-1], size, size)


def _brightness(along: NDArray[np.float32], squares: NDArray[np.float32]) -> NDArray[np.float32]:
    """From how far along the rod each pixel lies, and its squared distance from the middle."""
    nearest = np.clip(along, 0, _LENGTH)
    # |p − s u|² = |p|² − 2 s p·u + s² for the nearest point s u of the rod.
    distances = squares - 2 * nearest * along + nearest**2
    brightness: NDArray[np.float32] = np.exp(-np.maximum(distances, 0) / (2 * _WIDTH**2))
    return brightness
