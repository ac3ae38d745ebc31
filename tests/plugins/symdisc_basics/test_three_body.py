"""The three-body orbits: conservation, invariance of the law, and the rule for encounters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.errors import DataError, OptionError
from symdisc.options import parse_options
from symdisc.testing import check_dataset
from symdisc_basics.datasets.three_body import (
    ThreeBody,
    ThreeBodyOptions,
    _distances,
    _orbits,
    _starts,
)

Array = NDArray[Any]


def made(**options: Any) -> Array:
    return np.asarray(ThreeBody(ThreeBodyOptions(**options)).make().states)


@pytest.fixture(scope="module")
def states() -> Array:
    return made(n_trajectories=200)


def split(states: Array) -> tuple[Array, Array]:
    """Positions and momenta ``(..., 3, 2)``."""
    shape = (*states.shape[:-1], 3, 2)
    return states[..., :6].reshape(shape), states[..., 6:].reshape(shape)


def drift(conserved: Array) -> float:
    return float(np.abs(conserved / conserved[:, :1] - 1).max())


def energy(states: Array) -> Array:
    return np.asarray((states[..., 6:] ** 2).sum(-1) / 2 - (1 / _distances(states)).sum(-1))


def angular_momentum(states: Array) -> Array:
    q, p = split(states)
    return np.asarray((q[..., 0] * p[..., 1] - q[..., 1] * p[..., 0]).sum(-1))


def test_it_passes_the_suite() -> None:
    check_dataset(ThreeBody, {"n_trajectories": 8, "n_states": 4})


def test_energy_and_angular_momentum_are_conserved(states: Array) -> None:
    assert drift(energy(states)) < 1e-8
    assert drift(angular_momentum(states)) < 1e-8


def test_centre_of_mass_rests_at_the_origin(states: Array) -> None:
    for part in split(states):
        assert np.abs(part.sum(-2)).max() < 1e-12


def test_without_noise_the_bodies_circle_at_the_corners_of_a_triangle() -> None:
    states = made(n_trajectories=3, min_radius=1.0, max_radius=1.0, speed_noise=0)
    q, _ = split(states)
    assert np.allclose(np.linalg.norm(q, axis=-1), 1, atol=1e-9)
    assert np.allclose(_distances(states), np.sqrt(3), atol=1e-9)
    angle = np.unwrap(np.arctan2(q[..., 1], q[..., 0]), axis=1)
    # Kepler: omega² r³ = 1/√3, counter-clockwise.
    assert np.allclose(np.diff(angle, axis=1), 5 / 19 * 3**-0.25, atol=1e-8)


def test_momentum_is_the_rate_of_change_of_position() -> None:
    states = made(n_trajectories=5, n_states=100, time_step=1e-3)
    rate = np.gradient(states[..., :6], 1e-3, axis=1)
    assert np.allclose(rate[:, 1:-1], states[:, 1:-1, 6:], atol=1e-5)


def test_bodies_attract_each_other_by_the_law_of_gravity() -> None:
    states = made(n_trajectories=5, n_states=100, time_step=1e-3)
    q, p = split(states)
    apart = q[..., None, :, :] - q[..., :, None, :]
    distance = np.linalg.norm(apart, axis=-1)[..., None] + np.eye(3)[..., None]
    force = (apart / distance**3).sum(-2)
    rate = np.gradient(p, 1e-3, axis=1)
    assert np.allclose(rate[:, 1:-1], force[:, 1:-1], atol=1e-4)


def test_no_close_encounters_and_their_share() -> None:
    options = ThreeBodyOptions(n_trajectories=200, min_distance=0.5)
    kept = np.asarray(ThreeBody(options).make().states)
    assert len(kept) == 200
    assert 0.5 <= _distances(kept).min() < 0.6
    starts = _starts(options, 200, np.random.default_rng(0))
    every = _orbits(starts, np.linspace(0, 5, 305), 1e-6, 0.1)
    assert 0.02 < (_distances(every).min((1, 2)) < 0.5).mean() < 0.5


def test_rotated_starts_give_rotated_orbits_and_the_same_choice() -> None:
    options = ThreeBodyOptions()
    raw = ThreeBody(ThreeBodyOptions(n_trajectories=2)).make()
    assert raw.truth is not None
    turn = scipy.linalg.expm(0.7 * raw.truth[0])
    starts = _starts(options, 20, np.random.default_rng(3))
    times = np.linspace(0, 5, 20)
    plain = _orbits(starts, times, 1e-11, 0.15)
    far = _distances(plain).min((1, 2)) > 0.3
    turned = _orbits(starts @ turn.T, times, 1e-11, 0.15)
    assert far.sum() > 10
    assert np.allclose(turned[far], plain[far] @ turn.T, atol=1e-7)
    assert np.allclose(_distances(turned)[far], _distances(plain)[far], atol=1e-7)


def test_no_direction_is_singled_out_at_the_start() -> None:
    starts = _starts(ThreeBodyOptions(), 40_000, np.random.default_rng(0))
    for part in split(starts):
        angle = np.arctan2(part[:, 0, 1], part[:, 0, 0])
        counts, _ = np.histogram(angle, bins=16, range=(-np.pi, np.pi))
        assert np.abs(counts - 2500).max() < 5 * np.sqrt(2500)
        second = np.einsum("nbi,nbj->ij", part, part) / len(part)
        assert np.abs(second / second.trace() - np.eye(2) / 2).max() < 0.01


def test_noise_of_the_velocities() -> None:
    starts = _starts(ThreeBodyOptions(speed_noise=0.2), 40_000, np.random.default_rng(0))
    q, p = split(starts)
    radius = np.linalg.norm(q, axis=-1, keepdims=True)
    turned = np.stack([-q[..., 1], q[..., 0]], axis=-1) / radius
    noise = p * np.sqrt(np.sqrt(3) * radius) - turned
    # The mean over three bodies was taken away, and with it a third of the variance.
    assert abs(noise.std() - 0.2 * np.sqrt(2 / 3)) < 0.002


def test_encounters_in_nearly_all_trajectories_are_an_error() -> None:
    # The options model keeps to distances that most trajectories respect at first.
    options = ThreeBodyOptions(n_trajectories=1, n_states=8).model_copy(
        update={"min_distance": 3.0}
    )
    message = (
        r"^three-body: in 30 trajectories only 0 have no two bodies closer than "
        r"dataset\.min_distance = 3, but 1 are asked for; lower it, shorten the trajectories "
        r"\(dataset\.n_states, dataset\.time_step\) or lower dataset\.speed_noise$"
    )
    with pytest.raises(DataError, match=message):
        ThreeBody(options).make()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"min_radius": 4}, "min_radius 4 must not exceed max_radius 1.2"),
        (
            {"min_distance": 1},
            "min_distance 1 must not exceed min_radius 0.9: at the start the bodies are 1.73",
        ),
    ],
)
def test_lengths_must_be_in_order(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(ThreeBodyOptions, given, "dataset")


def test_numbers_of_cache_version_1() -> None:
    """Where these change, count ``cache_version`` up: caches hold what was made before."""
    assert ThreeBody.cache_version == 1
    states = made(n_trajectories=2, n_states=3, seed=5)
    positions = [-0.583968, 0.942152, -0.571352, -0.928063, 1.15532, -0.014089]
    momenta = [-0.577618, -0.435603, 0.574067, -0.188053, 0.003551, 0.623656]
    assert states[1, 2] == pytest.approx([*positions, *momenta], abs=2e-6)
