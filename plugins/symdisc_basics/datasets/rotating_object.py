"""Films of a solid object that tumbles: colour pictures in all poses."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from pydantic import field_validator
from scipy.spatial.transform import Rotation

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.rendering import Boxes, render

# A seat with a back, one arm and one leg: no rotation and no reflection leaves it as it is.
_CENTRES = np.array([[0.0, -0.1, 0.0], [-0.45, 0.3, 0.0], [0.05, 0.12, 0.37], [0.35, -0.42, -0.27]])
_HALVES = np.array([[0.55, 0.09, 0.45], [0.1, 0.4, 0.45], [0.4, 0.13, 0.08], [0.12, 0.3, 0.12]])


class RotatingObjectOptions(Options):
    """Options of ``rotating-object``."""

    n_samples: int = Field(10_000, ge=10, description="Films [1]")
    n_states: int = Field(2, ge=1, description="Pictures in each film; 1: single pictures [1]")
    rates: tuple[float, float, float] = Field(
        (0.21, 0.3, 0.37),
        description="Standard deviation of the turn about each axis of the object from one "
        "picture to the next [rad]",
    )
    size: int = Field(48, ge=8, le=256, description="Rows and columns of a picture [1]")
    seed: int = Field(0, ge=0, description="Seed of the poses [1]")

    @field_validator("rates")
    @classmethod
    def _not_below_zero(cls, rates: tuple[float, float, float]) -> tuple[float, float, float]:
        if min(rates) < 0:
            raise ValueError(f"rates={rates} are standard deviations; give numbers from 0 on")
        return rates


@final
class RotatingObject(Dataset):
    """Films of one solid object, each from a pose that is uniform on SO(3).

    The object is made of four boxes, something like a chair with one arm and one leg, and has no
    symmetry of its own; all its faces have different colours. It turns about the middle of the
    picture, seen from far away, under a light that stays in its place. A state holds the red
    channel, row by row, then the green and the blue one, from 0 to 1. :func:`rotations` gives the
    poses R of all pictures, against which what was found can be measured.

    From one picture to the next the object tumbles: R becomes R D, where D is the turn by a
    vector whose coordinates along the object's own axes are normal with the deviations
    ``rates``. Without films nothing says what a small rotation is: every map of SO(3) to itself
    that keeps its volume gives coordinates of pictures under which rotations of these keep the
    law of pictures. Because g R D is what follows g R, the law of films has the symmetry too, and
    E[R D] = R E[D]: the nine numbers of R are slow, and R by R, because rates differ, at three
    speeds, one for each column.

    The symmetry is the nonlinear action of SO(3): g takes the picture of the pose R to that of
    g R. On the poses it is linear, it moves the three columns of R alike: in a latent space of
    three vectors, ``3*V3``, it can be just that. On one vector it cannot: turns about that
    vector change the picture and would leave the vector as it is.

    After the rotating bookshelf of Yang, Dehmamy, Walters and Yu, Latent Space Symmetry
    Discovery (ICML 2024, arXiv:2310.00105), which has single pictures (``n_samples=10000``,
    ``n_states=1``), with an object and a renderer of its own. With the default options it takes
    550 MB, and a search 4 GB of memory; on half as many films half of the seeds fail.
    """

    Options: ClassVar[type[Options]] = RotatingObjectOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    cache_version: ClassVar[int | None] = 2
    symmetry: ClassVar[str] = "SO(3), nonlinear: rotation of the object in space"
    shape: ClassVar[tuple[int, ...]] = (10_000, 2, 6912)
    description: ClassVar[str] = (
        "Small colour pictures of a thing like a chair, with all its faces in different colours, "
        "that tumbles in space, two at a time. The symmetry is a rotation in space: it moves the "
        "thing, and with it what is seen, in a way that is no linear map of the picture."
    )
    recommended: ClassVar[Mapping[str, Any]] = {
        "method": "laligan",
        "method.batch_size": 256,
        "method.reconstruction": 0.1,
        "method.weight_decay": 0.1,
        "method.slowness": 1.0,
        "method.frame": 1.0,
        "method.frame_share": 0.85,
        "method.law": 0.0,
        "encoder": "mlp",
        "encoder.latent": "3*V3",
        "encoder.frame": True,
        "encoder.width": 128,
        "encoder.components": 100,
        "encoder.principal": True,
        "encoder.activation": "silu",
        "group": "direct-sum",
        "group.parts": "so(3)",
        "verify.max_reconstruction": 0.5,
    }

    def __init__(self, options: RotatingObjectOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        size = self.options.size
        poses = rotations(self.options)
        pictures = render(boxes(), poses.reshape(-1, 3, 3), size)
        films = pictures.reshape(*poses.shape[:2], -1)
        return RawData(
            states=films if self.options.n_states > 1 else films[:, 0],
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
    """The poses R of all pictures, ``(n_samples, n_states, 3, 3)``: a point p is seen at R p."""
    rng = np.random.default_rng(options.seed)
    poses = Rotation.from_quat(rng.standard_normal((options.n_samples, 4)))
    found = [poses.as_matrix()]
    for _ in range(options.n_states - 1):
        steps = rng.standard_normal((options.n_samples, 3)) * options.rates
        poses = poses * Rotation.from_rotvec(steps)
        found.append(poses.as_matrix())
    return np.stack(found, axis=1)


def boxes() -> Boxes:
    """The object, within the sphere of radius 1 about the origin."""
    n_faces = 6 * len(_CENTRES)
    # Colours far apart on the wheel follow each other, light and dark ones in turn.
    colours = [
        colorsys.hsv_to_rgb(7 * i / n_faces % 1, 0.9 if i % 3 else 0.35, 1.0 if i % 2 else 0.7)
        for i in range(n_faces)
    ]
    return Boxes(_CENTRES, _HALVES, np.array(colours).reshape(-1, 3, 2, 3))
