"""The planets: known positions, Kepler's laws, the ecliptic, and the Moon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import de421
import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.errors import DataError, OptionError
from symdisc.options import parse_options
from symdisc.testing import check_dataset
from symdisc_basics.datasets.solar_system import (
    ASTRONOMICAL_UNIT,
    OBLIQUITY,
    SolarSystem,
    SolarSystemOptions,
    ecliptic_rotation,
)

Array = NDArray[Any]
GM_SUN = 0.01720209895**2
J2000 = 2451545.0
POLE = np.array([0, -np.sin(OBLIQUITY), np.cos(OBLIQUITY)])


def made(**options: Any) -> Array:
    return np.asarray(SolarSystem(SolarSystemOptions(**options)).make().states)


@pytest.fixture(scope="module")
def planets() -> Array:
    """States ``(8, T, 6)`` of the planets."""
    return made(n_arcs=1, n_states=3000)


def angle(a: Array, b: Array) -> float:
    """Degrees between two axes."""
    cosine = abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b)
    return float(np.rad2deg(np.arccos(min(1.0, cosine))))


def normal(positions: Array) -> Array:
    """The direction in which points about the origin spread least."""
    directions = positions / np.linalg.norm(positions, axis=1, keepdims=True)
    least: Array = np.linalg.eigh(directions.T @ directions)[1][:, 0]
    return least


def test_it_passes_the_suite() -> None:
    check_dataset(SolarSystem, {"n_states": 5, "n_arcs": 1})


def test_arcs_follow_each_other(planets: Array) -> None:
    assert np.array_equal(made().reshape(8, 3000, 6), planets)


def test_position_and_velocity_of_the_earth_at_j2000() -> None:
    state = made(bodies=["earth"], start=J2000, n_states=2, n_arcs=1)[0, 0]
    # Published by JPL Horizons: heliocentric, ICRF.
    expected = [-0.1771355, 0.8874285, 0.3847428, -0.0172076, -0.0028980, -0.0012564]
    assert state == pytest.approx(expected, abs=5e-5)


def test_velocity_is_the_rate_of_change_of_position() -> None:
    states = made(n_arcs=1, n_states=3, time_step=0.01)
    rate = (states[:, 2, :3] - states[:, 0, :3]) / 0.02
    assert np.allclose(rate, states[:, 1, 3:], rtol=1e-5, atol=1e-8)


def test_half_axes_and_periods_obey_keplers_third_law(planets: Array) -> None:
    r, v = planets[..., :3], planets[..., 3:]
    size = np.linalg.norm(r, axis=2)
    axes = 1 / (2 / size - (v**2).sum(2) / GM_SUN)
    known = np.array([0.387, 0.723, 1.0, 1.524, 5.20, 9.55, 19.2, 30.1])
    assert np.allclose(axes.mean(1), known, rtol=0.01)
    turn = np.cross(r[:, :-1], r[:, 1:]) @ POLE
    steps = np.arctan2(turn, (r[:, :-1] * r[:, 1:]).sum(2))
    period = 2 * np.pi * 20 * 2999 / steps.sum(1)
    assert np.allclose(period**2 * GM_SUN, 4 * np.pi**2 * axes.mean(1) ** 3, rtol=0.03)


def test_acceleration_is_keplers_up_to_the_pull_of_the_planets() -> None:
    states = made(n_arcs=1, n_states=3, time_step=0.5)
    acceleration = states[:, 2, 3:] - states[:, 0, 3:]
    r = states[:, 1, :3]
    kepler = -GM_SUN * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    error = np.linalg.norm(acceleration - kepler, axis=1) / np.linalg.norm(kepler, axis=1)
    assert error[:5].max() < 1e-3
    assert error.max() < 0.04


def test_plain_pca_finds_the_obliquity(planets: Array) -> None:
    earth = normal(planets[2, :, :3])
    assert angle(earth, np.array([0.0, 0.0, 1.0])) == pytest.approx(23.44, abs=0.02)
    assert angle(earth, POLE) < 0.02
    assert angle(normal(planets[..., :3].reshape(-1, 3)), POLE) < 3


def test_all_orbits_lie_near_the_ecliptic_and_are_run_through_counter_clockwise(
    planets: Array,
) -> None:
    spin = np.cross(planets[..., :3], planets[..., 3:]).mean(1)
    assert all(angle(axis, POLE) < 7.1 for axis in spin)
    assert (spin @ POLE > 0).all()


def test_truth_turns_about_the_pole_of_the_ecliptic() -> None:
    generator = ecliptic_rotation()
    assert np.allclose(generator @ POLE, 0)
    assert np.allclose(generator, -generator.T)
    equinox = np.array([1.0, 0.0, 0.0])
    quarter = scipy.linalg.expm(np.pi / 2 * generator) @ equinox
    assert np.allclose(quarter, np.cross(POLE, equinox))
    assert quarter[1] > 0


def test_orbits_are_covered_evenly_so_that_the_law_is_nearly_invariant(planets: Array) -> None:
    x = np.array([1.0, 0.0, 0.0])
    plane = np.stack([x, np.cross(POLE, x)])
    for part in (planets[..., :3], planets[..., 3:]):
        inside = part.reshape(-1, 3) @ plane.T
        second = inside.T @ inside
        assert np.abs(second / second.trace() * 2 - np.eye(2)).max() < 0.01
        assert np.linalg.norm(inside.mean(0)) < 0.03 * np.sqrt(second.trace() / len(inside))


def test_earth_and_moon_share_their_barycentre() -> None:
    centre, earth, moon = made(bodies=["earth-moon", "earth", "moon"], n_arcs=1, n_states=100)
    assert np.allclose(centre, (81.30056 * earth + moon) / 82.30056, rtol=0, atol=1e-10)
    apart = np.linalg.norm(moon[:, :3] - earth[:, :3], axis=1) * ASTRONOMICAL_UNIT
    assert 350_000 < apart.min() < apart.max() < 410_000


def test_the_sun_moves_about_the_barycentre() -> None:
    sun, earth = made(bodies=["sun", "earth"], centre="barycentre", n_arcs=1, n_states=100)
    assert 1e-4 < np.linalg.norm(sun[:, :3], axis=1).max() < 0.02
    assert np.allclose(earth - sun, made(bodies=["earth"], n_arcs=1, n_states=100)[0], atol=1e-12)


def test_a_time_outside_the_ephemeris() -> None:
    message = (
        r"^solar-system: the ephemeris covers the Julian dates 2414992\.5 to 2524624\.5, but "
        r"2415020\.5 to 2526000\.5 are asked for; change dataset\.start, time_step, n_states or "
        r"n_arcs$"
    )
    with pytest.raises(DataError, match=message):
        made(n_arcs=1, n_states=5550)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"bodies": ["mars", "mars"]}, "each body may be named once; got mars, mars"),
        ({"bodies": ["sun"]}, "seen from the Sun, the Sun does not move; leave it out of bodies"),
        ({"bodies": ["vulcan"]}, "option 'dataset.bodies.0' = 'vulcan'"),
    ],
)
def test_wrong_bodies(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(SolarSystemOptions, given, "dataset")


def test_arrays_of_the_ephemeris_need_no_unpickling() -> None:
    files = sorted(Path(de421.__file__).parent.glob("*.npy"))
    assert len(files) > 10
    for file in files:
        assert not np.load(file, mmap_mode="r", allow_pickle=False).dtype.hasobject
