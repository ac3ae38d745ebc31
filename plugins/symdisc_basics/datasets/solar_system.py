"""Real motions of the planets, from the ephemeris DE421."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from symdisc.errors import DataError
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.extras import needed

OBLIQUITY = np.deg2rad(84381.448 / 3600)
"""Angle between ecliptic and equator at J2000 [rad], the value of the IAU (1976)."""

ASTRONOMICAL_UNIT = 149_597_870.7
"""[km]"""

Body = Literal[
    "mercury", "venus", "earth-moon", "mars", "jupiter", "saturn", "uranus", "neptune",
    "pluto", "earth", "moon", "sun",
]  # fmt: skip
_PLANETS: tuple[Body, ...] = (
    "mercury", "venus", "earth-moon", "mars", "jupiter", "saturn", "uranus", "neptune",
)  # fmt: skip


_Compute = Callable[[str], NDArray[np.float64]]


class SolarSystemOptions(Options):
    """Options of ``solar-system``."""

    bodies: tuple[Body, ...] = Field(
        _PLANETS,
        min_length=1,
        description="Bodies; earth-moon is the centre of mass of Earth and Moon",
    )
    centre: Literal["sun", "barycentre"] = Field(
        "sun", description="Origin: the Sun, or the centre of mass of the solar system"
    )
    start: float = Field(2415020.5, description="Julian date of the first state, TDB [day]")
    time_step: float = Field(20.0, gt=0, description="Time between two states [day]")
    n_states: int = Field(100, ge=2, description="States in each trajectory [1]")
    n_arcs: int = Field(
        30, ge=1, description="Trajectories into which the path of each body is cut [1]"
    )

    @model_validator(mode="after")
    def _bodies_move(self) -> SolarSystemOptions:
        if len(set(self.bodies)) < len(self.bodies):
            raise ValueError(f"each body may be named once; got {', '.join(self.bodies)}")
        if self.centre == "sun" and "sun" in self.bodies:
            raise ValueError(
                "seen from the Sun, the Sun does not move; leave it out of bodies or set centre "
                "to barycentre"
            )
        return self


@final
class SolarSystem(Dataset):
    """Positions and velocities (r, v) of the eight planets, seen from the Sun.

    The numbers are those of JPL's ephemeris DE421, which fits a numerical integration of all
    planets to a century of observations; they cover 1899-12-04 to 2200-02-01 and are read by
    ``jplephem`` from the package ``de421`` (arrays of Chebyshev coefficients; nothing is
    unpickled). Axes are those of the ICRF: z points to the celestial north pole, x to the vernal
    equinox. Without further options the path of each planet is cut into 30 arcs of 100 states,
    20 days apart, from 1900-01-01 on: altogether 164 years, in which Neptune goes round once, so
    that all orbits are covered evenly.

    The equations of motion are nearly Kepler's, r̈ = −GM r/|r|³: to 0.1 % for the planets up to
    Jupiter and to 4 % for the outer ones, where it counts that Jupiter pulls at the Sun. They
    are the same in all directions, so(3). The orbits are not: all of them lie within 7.1° of the
    ecliptic and are run through counter-clockwise. What can be found in the data is therefore
    one generator, the rotation about the pole of the ecliptic (0, −sin ε, cos ε) with the
    obliquity ε = 23.44°, and that one is given as true. It is an approximate symmetry: orbits
    are ellipses, inclined a little.

    W. M. Folkner, J. G. Williams, D. H. Boggs: The Planetary and Lunar Ephemeris DE 421, IPN
    Progress Report 42-178 (2009).
    """

    Options: ClassVar[type[Options]] = SolarSystemOptions
    licence: ClassVar[str] = (
        "DE421 is a work of JPL, made available to the public; the package de421 is under the "
        "MIT licence."
    )
    symmetry: ClassVar[str] = "SO(2): rotation about the pole of the ecliptic, approximate"
    shape: ClassVar[tuple[int, ...]] = (240, 100, 6)
    description: ClassVar[str] = (
        "Where the eight planets are and how fast they move, every twenty days for 164 years, "
        "seen from the Sun in equatorial coordinates. They circle near one plane, the ecliptic, "
        "tilted by 23.4 degrees against the equator; the symmetry is a rotation about its pole."
    )

    def __init__(self, options: SolarSystemOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`.

        Raises:
            DataError: The ephemeris is not installed, or does not cover the time asked for.
        """
        options = self.options
        numbers = np.arange(options.n_arcs * options.n_states, dtype=np.float64)
        compute = _barycentric(options.start + options.time_step * numbers)
        paths = [_path(body, options.centre, compute) for body in options.bodies]
        return RawData(
            states=np.concatenate(paths).reshape(-1, options.n_states, 6),
            representation="2*V3",
            names=("x", "y", "z", "vx", "vy", "vz"),
            units=("AU",) * 3 + ("AU/day",) * 3,
            truth=ecliptic_rotation()[None],
        )


def _barycentric(times: NDArray[np.float64]) -> _Compute:
    """Gives states ``(6, len(times))`` in km and km/day, about the solar system's barycentre."""
    module = needed("de421", "solar-system")
    ephemeris = needed("jplephem", "solar-system").Ephemeris(module)
    first, last = float(ephemeris.jalpha), float(ephemeris.jomega)
    if times[0] < first or times[-1] > last:
        raise DataError(
            f"solar-system: the ephemeris covers the Julian dates {first:.1f} to {last:.1f}, "
            f"but {times[0]:.1f} to {times[-1]:.1f} are asked for; change dataset.start, "
            "time_step, n_states or n_arcs"
        )
    moon_share = float(ephemeris.earth_share)  # 1/(1 + the Earth's mass in lunar masses)

    def compute(body: str) -> NDArray[np.float64]:
        if body in ("earth", "moon"):
            share = 1 - moon_share if body == "moon" else -moon_share
            return compute("earth-moon") + share * np.asarray(ephemeris.compute("moon", times))
        return np.asarray(ephemeris.compute(body.replace("-", ""), times), dtype=np.float64)

    return compute


def _path(body: Body, centre: str, compute: _Compute) -> NDArray[np.float64]:
    """States ``(T, 6)`` in AU and AU/day."""
    path = compute(body) - (compute("sun") if centre == "sun" else 0)
    return path.T / ASTRONOMICAL_UNIT


def ecliptic_rotation() -> NDArray[np.float64]:
    """Generator ``(3, 3)`` of rotations about the pole of the ecliptic, x ↦ n × x."""
    y, z = -np.sin(OBLIQUITY), np.cos(OBLIQUITY)
    return np.array([[0.0, -z, y], [z, 0.0, 0.0], [-y, 0.0, 0.0]])
