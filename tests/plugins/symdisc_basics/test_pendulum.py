"""The pendulum: energy, law of motion, period, law of the states, and its pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.special import ellipk

from symdisc.data.prepare import prepare
from symdisc.errors import OptionError
from symdisc.options import parse_options
from symdisc.testing import check_dataset
from symdisc_basics.datasets.pendulum import (
    Pendulum,
    PendulumOptions,
    energy,
    frequency,
    motion,
    states,
)

Array = NDArray[Any]


@pytest.fixture(scope="module")
def made() -> Array:
    return np.asarray(Pendulum(PendulumOptions()).make().states)


def pictures(**options: Any) -> Array:
    """Pictures ``(n, T, 2, size, size)``."""
    chosen = PendulumOptions(form="movie", **options)
    flat = np.asarray(Pendulum(chosen).make().states)
    return flat.reshape(*flat.shape[:2], 2, chosen.size, chosen.size)


@pytest.mark.parametrize("form", ["state", "movie"])
def test_it_passes_the_suite(form: str) -> None:
    check_dataset(Pendulum, {"n_trajectories": 4, "n_states": 5, "form": form, "size": 6})


def test_energy_is_conserved_and_within_its_bounds(made: Array) -> None:
    energies = energy(made)
    assert np.ptp(energies, axis=1).max() < 1e-13
    assert -0.99 < energies.min() < -0.95
    assert 0.95 < energies.max() < 0.99


def test_it_solves_the_equation_of_motion(made: Array) -> None:
    times = 0.02 * np.arange(500)
    for trajectory in made[:5]:
        solution = solve_ivp(
            lambda _t, state: [state[1], -np.sin(state[0])],
            (0, 10),
            trajectory[0],
            method="DOP853",
            t_eval=times,
            rtol=1e-12,
            atol=1e-12,
        )
        assert np.abs(solution.y.T - trajectory).max() < 1e-9


def test_starts_are_kept_whatever_their_quarter() -> None:
    starts = np.array([[1.0, 0.5], [1.0, -0.5], [-1.0, 0.5], [-1.0, -0.5], [2.5, 0.0]])
    assert np.allclose(motion(starts, np.zeros(1))[:, 0], starts, atol=1e-12)


def test_period_agrees_with_the_elliptic_integral() -> None:
    """A swing of amplitude A takes 4 K(sin² A/2): textbooks, released at rest."""
    for amplitude in (0.1, 1.0, 2.0, 3.0):
        period = 4 * ellipk(np.sin(amplitude / 2) ** 2)
        start = np.array([[amplitude, 0.0]])
        quarters = motion(start, period * np.arange(5) / 4)[0]
        assert np.allclose(quarters[4], start[0], atol=1e-9)
        assert np.allclose(quarters[2], -start[0], atol=1e-9)
        assert np.allclose(quarters[[1, 3], 0], 0, atol=1e-9)
        assert frequency(energy(start))[0] == pytest.approx(2 * np.pi / period, rel=1e-12)


def test_frequencies_that_the_description_states() -> None:
    slow, fast = frequency(np.array([0.99, -0.99]))
    assert slow == pytest.approx(0.389, abs=0.001)
    assert fast == pytest.approx(0.999, abs=0.001)


def test_states_at_all_times_have_one_law() -> None:
    many = states(PendulumOptions(n_trajectories=20_000, n_states=3, time_step=4.0))
    edges = [np.linspace(-2.4, 2.4, 7), np.linspace(-1.6, 1.6, 5)]
    first, _ = np.histogramdd(many[:, 0], bins=edges)
    last, _ = np.histogramdd(many[:, 2], bins=edges)
    inside = np.full_like(first, fill_value=True, dtype=bool)
    inside[[0, 0, -1, -1], [0, -1, 0, -1]] = False  # the corners lie across the edge
    expected = first[inside].mean()
    assert np.abs(first[inside] - expected).max() < 5 * np.sqrt(expected)
    assert np.abs(last[inside] - expected).max() < 5 * np.sqrt(expected)


def test_description_leads_to_samples() -> None:
    raw = Pendulum(PendulumOptions(n_trajectories=10)).make()
    samples = prepare(raw)
    assert samples.states.shape == (4990, 2, 2)
    assert (samples.names, samples.units) == (("angle", "velocity"), ("rad", "rad/time"))


def test_pictures_show_the_angle_now_and_later() -> None:
    options: dict[str, Any] = {"n_trajectories": 5, "n_states": 40, "time_step": 0.1, "seed": 2}
    frames = pictures(size=24, **options)
    angles = states(PendulumOptions(**options))[..., 0]
    places = (2 * np.arange(24) + 1) / 24 - 1
    ink = frames[:, :, 0].sum((2, 3))
    right = (frames[:, :, 0] * places).sum((2, 3)) / ink
    down = (frames[:, :, 0] * places[:, None]).sum((2, 3)) / ink
    assert np.abs(np.unwrap(np.arctan2(right, down), axis=1) - angles).max() < 0.02
    # With a shutter of two steps the second picture is the first one two states later.
    assert np.allclose(frames[:, :-2, 1], frames[:, 2:, 0], atol=1e-5)


def test_one_picture_does_not_tell_the_velocity_and_two_do() -> None:
    starts = np.array([[0.7, -0.3], [0.7, 0.6]])
    later = motion(starts, np.array([0.0, 0.2, 3.1]))[..., 0]
    assert later[0, 0] == pytest.approx(later[1, 0])
    # A faster start is ahead at every shutter that is allowed.
    speeds = np.linspace(-1.8, 1.8, 50)
    ahead = motion(np.stack([np.full(50, 0.7), speeds], axis=1), np.linspace(0.05, 3.14, 30))
    kept = np.abs(energy(ahead[:, 0])) < 0.99
    assert kept.sum() > 30
    assert (np.diff(ahead[kept][..., 0], axis=0) > 0).all()


def test_movies_lead_to_samples() -> None:
    raw = Pendulum(PendulumOptions(n_trajectories=3, n_states=5, form="movie", size=8)).make()
    samples = prepare(raw)
    assert samples.states.shape == (12, 2, 128)
    assert str(samples.representation) == "2*G8x8"
    assert samples.names[64:66] == ("laterrow0col0", "laterrow0col1")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_energy": 1}, r"dataset\.max_energy.*less than 1"),
        ({"shutter": 4}, r"dataset\.shutter.*less than 3\.14"),
    ],
)
def test_bad_options(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(PendulumOptions, given, "dataset")
