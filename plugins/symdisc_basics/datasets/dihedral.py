"""Functions on a plane that keep their value under finitely many turns and reflections."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

_TILTED = np.pi / 8
"""Where the term that breaks the symmetry points [rad]: midway between axes of reflection."""


class DihedralOptions(Options):
    """Options of ``dihedral``. Everything is dimensionless."""

    which: Literal["D4", "C5"] = Field(
        "D4", description="Symmetry of a square, or fifths of a turn with scaling"
    )
    n_samples: int = Field(20_000, ge=10, description="Rows [1]")
    spread: float = Field(
        0.4,
        gt=0,
        le=2,
        description="Standard deviation of the natural logarithm of the distance from the "
        "origin [1]",
    )
    tilt: float = Field(
        0.0, description="Weight of a term that all turns and reflections change [1]"
    )
    noise: float = Field(
        0.0, ge=0, description="Standard deviation of normal noise added to the target [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class Dihedral(Dataset):
    """Rows x = r (cos θ, sin θ) with a target of a few-fold symmetry about the origin.

    ln r is normal with mean 0 and θ uniform on the circle. With the tilt
    τ = ``tilt`` · cos(θ − π/8) the target is

    - ``D4``: y = r (1 + ½ cos 4θ + τ). Where y = 1 without a tilt is a closed curve with the
      symmetry of a square. A linear map g that keeps y keeps this curve and what it encloses,
      of which the second moments are a multiple of the identity; hence g is orthogonal. It takes
      the four tips to tips: the symmetry is D_4, quarter turns and the reflections in the axes
      and diagonals. With a tilt the heights of the tips are four different ones, and the
      identity alone is left.
    - ``C5``: y = cos 5θ + ½ sin 10θ + τ. y depends on θ only, so that scaling x by a positive
      factor is a symmetry: the one true generator is the identity matrix. A linear map g acts on
      directions, continuously and one to one, hence takes the five directions of the highest y
      to each other in their order, or in the opposite one. There it agrees with a turn by fifths,
      or with a reflection of a regular pentagon; and since a linear map is known, up to a factor,
      by what it does to three lines, it is one of these times a positive number. The second term
      of y is odd under the reflections, so the symmetry is C_5 times scaling. With a tilt
      scaling alone remains.

    The tilt has a spread of 0.71 ``tilt`` where ½ cos 4θ has 0.35 and cos 5θ + ½ sin 10θ 0.79.
    """

    Options: ClassVar[type[Options]] = DihedralOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "D_4: quarter turns and reflections, discrete"
    shape: ClassVar[tuple[int, ...]] = (20_000, 2)
    description: ClassVar[str] = (
        "Points of a plane and a function of them that has the symmetry of a square, D_4, and no "
        "continuous one; or, with which=C5, one that does not change under fifths of a turn and "
        "under scaling, but under reflections. With the option tilt a small term is added that "
        "all turns and reflections change: a method that reports one there is wrong."
    )

    def __init__(self, options: DihedralOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        rng = np.random.default_rng(options.seed)
        radius = np.exp(options.spread * rng.standard_normal(options.n_samples))
        angle = rng.uniform(0, 2 * np.pi, options.n_samples)
        states = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        noise = options.noise * rng.standard_normal(options.n_samples)
        return RawData(
            states=states,
            targets=(targets_of(states, options) + noise)[:, None],
            representation="V2",
            target_representation="S",
            names=("x1", "x2"),
            truth=generators(options),
        )


def targets_of(states: NDArray[Any], options: DihedralOptions) -> NDArray[np.float64]:
    """The target, without noise, of rows x ``(N, 2)``: ``(N,)``."""
    angle = np.arctan2(states[:, 1], states[:, 0])
    tilt = options.tilt * np.cos(angle - _TILTED)
    if options.which == "D4":
        return np.asarray(np.linalg.norm(states, axis=1) * (1 + np.cos(4 * angle) / 2 + tilt))
    return np.asarray(np.cos(5 * angle) + np.sin(10 * angle) / 2 + tilt)


def generators(options: DihedralOptions) -> NDArray[np.float64]:
    """Scaling ``(1, 2, 2)`` for C5, none ``(0, 2, 2)`` for D4."""
    return np.eye(2)[None][: int(options.which == "C5")]


def representatives(options: DihedralOptions) -> NDArray[np.float64]:
    """The turns and reflections of the symmetry group, ``(m, 2, 2)``, the identity first.

    Eight for D4, five for C5 (times scaling), one with a tilt.
    """
    order = 4 if options.which == "D4" else 5
    turns = np.stack([_turn(2 * np.pi * k / order) for k in range(order)])
    if options.tilt:
        return turns[:1]
    return np.concatenate([turns, turns * [1.0, -1.0]]) if options.which == "D4" else turns


def _turn(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
