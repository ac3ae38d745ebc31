"""Pictures of solid objects made of boxes, drawn with numpy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

_PART = 8
"""So many pictures are drawn at a time, whose arrays fit into a cache of the processor."""

_SUBPIXELS = 2
"""A pixel is the mean of so many by so many rays."""

_AMBIENT = 0.35
_LIGHT = np.array([0.4, 0.5, 0.768115])
"""Unit vector towards the light: from the right, from above and from behind the viewer."""

_THIN = 1e-6
"""A direction is never closer than this to a face, which avoids divisions by 0."""

_Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Boxes:
    """A solid object: boxes with edges along its own axes.

    Attributes:
        centres: ``(b, 3)`` middles of the boxes.
        halves: ``(b, 3)`` half of their edges.
        colours: ``(b, 3, 2, 3)`` red, green and blue, from 0 to 1, of the faces of each box
            across each axis, on the negative and on the positive side.
    """

    centres: NDArray[np.float64]
    halves: NDArray[np.float64]
    colours: NDArray[np.float64]


def render(boxes: Boxes, rotations: NDArray[np.float64], size: int) -> NDArray[np.float32]:
    """Pictures ``(n, 3, size, size)`` of an object in the poses ``rotations`` ``(n, 3, 3)``.

    A point p of the object is seen at R p, of which the first coordinate points to the right,
    the second up and the third to the viewer, who is far away (a parallel projection). A picture
    shows the square [−1, 1]² on black ground. A face of colour c with the unit normal n that
    points outwards is c · (0.35 + 0.65 max(0, n · l)) bright, with the direction l to the light.

    Rays and boxes are intersected exactly; a pixel is the mean of 2×2 rays.

    Returns:
        Red, green and blue, from 0 to 1, rows from the top.
    """
    pictures = np.empty((len(rotations), 3, size, size), np.float32)
    for start in range(0, len(rotations), _PART):
        part = slice(start, start + _PART)
        faces = _faces(boxes, rotations[part].astype(np.float32), size * _SUBPIXELS)
        pictures[part] = _paint(faces, _palette(boxes, rotations[part]))
    return pictures


def _paint(faces: NDArray[np.intp], palette: _Floats) -> _Floats:
    """Means of the colours of the faces that are seen, ``(m, 3, size, size)``."""
    pictures = np.arange(len(faces))[:, None, None]
    rays = [
        palette[pictures, faces[:, i::_SUBPIXELS, j::_SUBPIXELS]]
        for i, j in product(range(_SUBPIXELS), repeat=2)
    ]
    mean: _Floats = np.add.reduce(rays) / np.float32(len(rays))
    return np.moveaxis(mean, -1, 1)


def _palette(boxes: Boxes, rotations: NDArray[np.float64]) -> _Floats:
    """Bright colours ``(m, 1 + 3 b, 3)``: of the ground, then of the faces turned to the viewer."""
    side = np.where(rotations[:, 2] > 0, 1, -1)  # (m, 3): which of two faces is turned here
    towards_light = side * np.einsum("mik,i->mk", rotations, _LIGHT)
    brightness = _AMBIENT + (1 - _AMBIENT) * np.maximum(0, towards_light)
    turned_here = np.where(
        side[:, None, :, None] > 0, boxes.colours[:, :, 1], boxes.colours[:, :, 0]
    )
    palette = np.zeros((len(rotations), 1 + 3 * len(boxes.centres), 3), np.float32)
    bright = turned_here * brightness[:, None, :, None]
    palette[:, 1:] = bright.reshape(len(rotations), -1, 3)
    return palette


def _faces(boxes: Boxes, rotations: _Floats, n_rays: int) -> NDArray[np.intp]:
    """Which face each ray meets first, ``(m, n_rays, n_rays)``: 0, or 1 + 3 · box + axis."""
    right = ((2 * np.arange(n_rays) + 1) / n_rays - 1).astype(np.float32)
    up = right[::-1, None]
    # Rays in axes of the object, with the coordinate z to the viewer: feet + z · along.
    feet = (
        rotations[:, 0, :, None, None] * right + rotations[:, 1, :, None, None] * up
    )  # (m, 3, n_rays, n_rays)
    along = rotations[:, 2, :, None, None]
    along = np.where(np.abs(along) < _THIN, np.float32(_THIN), along)
    best = np.full((len(rotations), n_rays, n_rays), -np.inf, np.float32)
    faces = np.zeros(best.shape, np.intp)
    for box, (centre, half) in enumerate(zip(boxes.centres, boxes.halves, strict=True)):
        depth, axis = _first_met(feet, along, centre, half)
        seen = depth > best
        np.copyto(best, depth, where=seen)
        np.copyto(faces, 1 + 3 * box + axis, where=seen)
    return faces


def _first_met(
    feet: _Floats, along: _Floats, centre: NDArray[np.float64], half: NDArray[np.float64]
) -> tuple[_Floats, NDArray[np.int8]]:
    """Where rays meet a box, seen from the viewer, −∞ where they miss it; across which axis."""
    middle = (centre.astype(np.float32)[:, None, None] - feet) / along
    reach = half.astype(np.float32)[:, None, None] / np.abs(along)
    x, y, z = np.moveaxis(middle + reach, 1, 0)
    front = np.minimum(np.minimum(x, y), z)
    back = np.maximum.reduce([*np.moveaxis(middle - reach, 1, 0)])
    axis = np.where(front == x, np.int8(0), np.where(front == y, np.int8(1), np.int8(2)))
    return np.where(front > back, front, np.float32(-np.inf)), axis
