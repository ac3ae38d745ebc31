"""Colour pictures of a solid object in all poses."""

from __future__ import annotations

import colorsys
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.rendering import Boxes, render

# A seat with a back, one arm and one leg: no rotation and no reflection leaves it as it is.
_CENTRES = np.array([[0.0, -0.1, 0.0], [-0.45, 0.3, 0.0], [0.05, 0.12, 0.37], [0.35, -0.42, -0.27]])
_HALVES = np.array([[0.55, 0.09, 0.45], [0.1, 0.4, 0.45], [0.4, 0.13, 0.08], [0.12, 0.3, 0.12]])


class RotatingObjectOptions(Options):
    """Options of ``rotating-object``."""

    n_samples: int = Field(10_000, ge=10, description="Pictures [1]")
    size: int = Field(48, ge=8, le=256, description="Rows and columns of a picture [1]")
    seed: int = Field(0, ge=0, description="Seed of the poses [1]")


@final
class RotatingObject(Dataset):
    """Pictures of one solid object, turned by a rotation that is uniform on SO(3).

    The object is made of four boxes, something like a chair with one arm and one leg, and has no
    symmetry of its own; all its faces have different colours. It turns about the middle of the
    picture, seen from far away, under a light that stays in its place. A state holds the red
    channel, row by row, then the green and the blue one, from 0 to 1. :func:`rotations` gives the
    poses R of all rows, against which what was found can be measured.

    The symmetry is the nonlinear action of SO(3): g takes the picture of the pose R to that of
    g R. On the poses it is linear, it moves the three columns of R alike: in a latent space of
    three vectors, ``3*V3``, it can be just that. On one vector it cannot: turns about that
    vector change the picture and would leave the vector as it is.

    After the rotating bookshelf of Yang, Dehmamy, Walters and Yu, Latent Space Symmetry
    Discovery (ICML 2024, arXiv:2310.00105), with an object and a renderer of its own. With the
    default options it takes 280 MB.
    """

    Options: ClassVar[type[Options]] = RotatingObjectOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    cache_version: ClassVar[int | None] = 1
    symmetry: ClassVar[str] = "SO(3), nonlinear: rotation of the object in space"
    shape: ClassVar[tuple[int, ...]] = (10_000, 6912)
    description: ClassVar[str] = (
        "Small colour pictures of a thing like a chair, with all its faces in different colours, "
        "turned in space at random. The symmetry is a rotation in space: it moves the thing, and "
        "with it what is seen, in a way that is no linear map of the picture."
    )

    def __init__(self, options: RotatingObjectOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        size = self.options.size
        pictures = render(boxes(), rotations(self.options), size)
        return RawData(
            states=pictures.reshape(len(pictures), -1),
            representation=f"3*G{size}x{size}",
            names=tuple(
                f"{colour}row{i}col{j}"
                for colour in ("red", "green", "blue")
                for i in range(size)
                for j in range(size)
            ),
            units=("brightness",) * (3 * size**2),
        )


def rotations(options: RotatingObjectOptions) -> NDArray[np.float64]:
    """The poses R of all rows, ``(n_samples, 3, 3)``: a point p of the object is at R p."""
    quaternions = np.random.default_rng(options.seed).standard_normal((options.n_samples, 4))
    matrices: NDArray[Any] = Rotation.from_quat(quaternions).as_matrix()
    return matrices


def boxes() -> Boxes:
    """The object, within the sphere of radius 1 about the origin."""
    n_faces = 6 * len(_CENTRES)
    # Colours far apart on the wheel follow each other, light and dark ones in turn.
    colours = [
        colorsys.hsv_to_rgb(7 * i / n_faces % 1, 0.9 if i % 3 else 0.35, 1.0 if i % 2 else 0.7)
        for i in range(n_faces)
    ]
    return Boxes(_CENTRES, _HALVES, np.array(colours).reshape(-1, 3, 2, 3))
