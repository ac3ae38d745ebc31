"""The spiral waves: exact solutions, an independent integrator, the symmetry, the film."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.reaction_diffusion import (
    SIDE,
    ReactionDiffusion,
    ReactionDiffusionOptions,
    evolve,
    spiral,
)

Array = NDArray[Any]


def film(**options: Any) -> Array:
    return np.asarray(ReactionDiffusion(ReactionDiffusionOptions(**options)).make().states)


@pytest.mark.parametrize("observed", ["u", "uv"])
def test_it_passes_the_suite(observed: str) -> None:
    small = {"size": 8, "n_arcs": 4, "n_states": 4, "warm_up": 1.0}
    check_dataset(ReactionDiffusion, {**small, "observed": observed})


def test_plane_waves_are_solved_exactly() -> None:
    """A = √(1 − dk²) exp(i(kx − (1 − dk²)t)) by insertion."""
    k, d = 3 * 2 * np.pi / SIDE, 0.1
    places = SIDE * np.arange(16) / 16
    wave = np.sqrt(1 - d * k**2) * np.exp(1j * k * places) * np.ones((16, 1))
    (late,) = islice(evolve(wave, 5.0, d), 1)
    assert np.allclose(late, wave * np.exp(-5j * (1 - d * k**2)), atol=1e-7)


def test_an_independent_integrator_agrees() -> None:
    """Real u and v, explicit in time, derivatives from a matrix instead of transforms."""
    size, d = 16, 0.1
    start = spiral(size)
    # Second derivative of trigonometric interpolation, through cosines of distances.
    waves = np.arange(-size // 2, size // 2)
    distance = np.subtract.outer(np.arange(size), np.arange(size))
    squares = (2 * np.pi * waves / SIDE) ** 2
    second = -(squares * np.cos(2 * np.pi * distance[..., None] * waves / size)).mean(-1)

    def derivative(_time: float, flat: Array) -> Array:
        u, v = flat.reshape(2, size, size)
        square = u**2 + v**2
        return np.stack(
            [
                (1 - square) * u + square * v + d * (second @ u + u @ second),
                -square * u + (1 - square) * v + d * (second @ v + v @ second),
            ]
        ).ravel()

    solution = solve_ivp(
        derivative,
        (0, 2),
        np.stack([start.real, start.imag]).ravel(),
        method="DOP853",
        rtol=1e-10,
        atol=1e-10,
    )
    u, v = solution.y[:, -1].reshape(2, size, size)
    late = list(islice(evolve(start, 0.05, d), 40))[-1]
    assert np.abs(late - (u + 1j * v)).max() < 2e-6


def test_turned_fields_stay_turned() -> None:
    start, turn = spiral(16), np.exp(0.8j)
    (plain,), (turned,) = (islice(evolve(field, 3.0, 0.1), 1) for field in (start, turn * start))
    assert np.allclose(turned, turn * plain, atol=1e-10)


def test_the_start_is_a_spiral_about_the_middle() -> None:
    start = spiral(100)
    places = SIDE * ((np.arange(100) + 0.5) / 100 - 0.5)
    assert start[70, 50] == pytest.approx(
        np.tanh(np.hypot(places[50], places[70]))
        * np.exp(1j * (np.arctan2(places[70], places[50]) - np.hypot(places[50], places[70])))
    )
    # Half a turn about the middle turns the phase by half a turn.
    assert np.allclose(start[::-1, ::-1], -start)


def test_after_the_warm_up_the_film_goes_round_at_one_speed() -> None:
    states = film(observed="uv", n_arcs=4).reshape(200, 2, 32, 32)
    fields = states[:, 0] + 1j * states[:, 1]
    overlap = (fields * fields[0].conj()).sum((1, 2)) / (np.abs(fields[0]) ** 2).sum()
    assert np.abs(np.abs(overlap) - 1).max() < 0.005
    speeds = np.diff(np.unwrap(np.angle(overlap))) / 0.05
    assert speeds.mean() == pytest.approx(-0.898, abs=0.002)
    assert speeds.std() < 0.005


def test_without_a_warm_up_the_film_begins_with_the_spiral() -> None:
    (first, *_) = film(warm_up=0, size=16, n_arcs=1, n_states=2, observed="uv").reshape(2, 2, 256)
    turn = (first[0] + 1j * first[1]) / spiral(16).ravel()
    assert np.allclose(turn, turn[0], atol=1e-5)
    assert abs(turn[0]) == pytest.approx(1, abs=1e-5)


def test_arcs_follow_each_other() -> None:
    options: dict[str, Any] = {"size": 8, "warm_up": 1.0}
    one = film(n_arcs=1, n_states=12, **options)
    assert np.array_equal(film(n_arcs=3, n_states=4, **options).reshape(one.shape), one)
    skipped = film(n_arcs=1, n_states=4, time_step=0.15, **options)
    assert np.allclose(skipped[0], one[0, :10:3], atol=1e-5)


def test_noise_and_the_second_substance() -> None:
    options: dict[str, Any] = {"size": 16, "n_arcs": 2, "n_states": 10, "warm_up": 1.0}
    plain, both = film(**options), film(observed="uv", **options)
    assert np.array_equal(both[..., :256], plain)
    noise = film(noise=0.2, **options) - plain
    assert noise.std() == pytest.approx(0.2, rel=0.05)
    assert np.abs(np.corrcoef(noise.reshape(20, 256))[0, 1:]).max() < 0.3


def test_description_leads_to_samples() -> None:
    options = ReactionDiffusionOptions(size=8, n_arcs=4, n_states=4, warm_up=0, observed="uv")
    samples = prepare(ReactionDiffusion(options).make())
    assert samples.states.shape == (12, 2, 128)
    assert str(samples.representation) == "2*G8x8"
    assert (samples.names[0], samples.names[-1]) == ("urow0col0", "vrow7col7")


def test_numbers_of_cache_version_1() -> None:
    """Where these change, count ``cache_version`` up: caches hold what was made before."""
    assert ReactionDiffusion.cache_version == 1
    states = film(size=8, n_arcs=1, n_states=3, warm_up=2.0, noise=0.1, seed=5)
    assert states[0, 2, [0, 17, 36]] == pytest.approx([-0.691345, -0.464948, -0.291132], abs=2e-6)
