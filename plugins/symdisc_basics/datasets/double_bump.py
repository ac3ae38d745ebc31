"""A rectangle and a triangle on a circle, shifted independently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

N_POINTS = 64
"""Points of the circle, the coordinates of a state."""

WIDTH = 0.25
"""Width of both bumps, as a share of the circle: 16 points."""

_Area = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class DoubleBumpOptions(Options):
    """Options of ``double-bump``."""

    n_samples: int = Field(10_000, ge=10, description="Rows [1]")
    seed: int = Field(0, ge=0, description="Seed of the shifts [1]")


@final
class DoubleBump(Dataset):
    """A rectangle of height 1 plus a triangle of height 1, at independent places of a circle.

    A state holds 64 points of the circle; both bumps are 16 points wide. Each is shifted by a
    uniform share of the circle, in steps of any size: a point holds the mean of the bumps over
    the 64th of the circle about it. States depend continuously on both shifts and determine
    them: the sum of the bumps bends at the ends and the tip of the triangle and jumps at the
    ends of the rectangle. No two rows are equal, so that held-out rows are new ones.

    The symmetry is SO(2) × SO(2), a torus: each factor shifts one bump and leaves the other in
    its place. Only shifts of both at once are linear maps of a state. :func:`shifts` gives the
    shifts of all rows, against which what was found can be measured.

    Settings as in Yang, Dehmamy, Walters and Yu, Latent Space Symmetry Discovery (ICML 2024,
    arXiv:2310.00105).
    """

    Options: ClassVar[type[Options]] = DoubleBumpOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "SO(2) × SO(2), nonlinear: a shift of each bump"
    shape: ClassVar[tuple[int, ...]] = (10_000, 64)
    description: ClassVar[str] = (
        "Signals on a circle of 64 points: a rectangle and a triangle, each at a place of its "
        "own. Either can be shifted without the other. The two shifts commute and are the "
        "symmetry, a torus; in the signals they are no linear maps."
    )
    recommended: ClassVar[Mapping[str, Any]] = {
        "method": "laligan",
        "method.steps": 4000,
        "method.law": 0.3,
        "method.law_share": 1.0,
        "method.nested": 1.0,
        "method.growth": 0.0,
        "method.spread": 0.0,
        "encoder": "mlp",
        "encoder.latent": "V4",
        "encoder.parts": (2, 2),
        "encoder.additive": True,
        "encoder.unit_length": True,
        "encoder.principal": True,
        "encoder.activation": "silu",
        "encoder.width": 256,
        "group": "direct-sum",
        "group.parts": "so(2); so(2)",
    }

    def __init__(self, options: DoubleBumpOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        return RawData(
            states=signals(shifts(self.options)),
            representation=f"V{N_POINTS}",
            names=tuple(f"point{i}" for i in range(N_POINTS)),
            units=("height",) * N_POINTS,
        )


def shifts(options: DoubleBumpOptions) -> NDArray[np.float64]:
    """Where the rectangle and the triangle of each row are, ``(n_samples, 2)``.

    Shares of the circle from 0 to 1: the middle of a bump with share d is at point 64 d.
    """
    return np.random.default_rng(options.seed).uniform(size=(options.n_samples, 2))


def signals(places: NDArray[Any]) -> NDArray[np.float64]:
    """States ``(n, 64)`` with the middles of rectangle and triangle at ``places`` ``(n, 2)``."""
    return _means(places[:, 0], _rectangle) + _means(places[:, 1], _triangle)


def _means(places: NDArray[Any], area: _Area) -> NDArray[np.float64]:
    """Mean height about each point, ``(n, 64)``, of bumps with their middles at ``places``."""
    ends = (np.arange(N_POINTS + 1) - 0.5) / N_POINTS - places[:, None]
    return N_POINTS * np.diff(_round_the_circle(ends, area), axis=1)


def _round_the_circle(ends: NDArray[np.float64], area: _Area) -> NDArray[np.float64]:
    """Area from 0 on where the bump comes again in each round."""
    rounds = np.floor(ends + 0.5)
    total: NDArray[np.float64] = rounds * area(np.array(0.5)) + area(ends - rounds)
    return total


def _rectangle(end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area of the rectangle up to ``end``, from −1/2 to 1/2, where its middle is 0."""
    return np.clip(end + WIDTH / 2, 0, WIDTH)


def _triangle(end: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of the triangle."""
    share = np.clip(2 * end / WIDTH, -1, 1)
    area: NDArray[np.float64] = WIDTH / 4 * (1 + 2 * share - np.abs(share) * share)
    return area
