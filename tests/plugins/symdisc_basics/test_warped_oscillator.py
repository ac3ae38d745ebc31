"""The warped oscillator: hidden circles, and a map that is injective, smooth and bent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.warped_oscillator import (
    WarpedOscillator,
    WarpedOscillatorOptions,
    frequency,
    latents,
    unwarped,
    warped,
)

Array = NDArray[Any]


def made(**options: Any) -> Array:
    return np.asarray(WarpedOscillator(WarpedOscillatorOptions(**options)).make().states)


def ellipse_fit(states: Array, values: Array) -> float:
    """Share of the variance of values that is a quadratic function of two components."""
    centred = states - states.mean(0)
    first, second = (centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T).T
    one = np.ones_like(first)
    terms = np.stack([first**2, first * second, second**2, first, second, one], axis=1)
    left = values - terms @ np.linalg.lstsq(terms, values)[0]
    return float(1 - left.var() / values.var())


@pytest.mark.parametrize("dimension", [2, 7])
def test_it_passes_the_suite(dimension: int) -> None:
    check_dataset(
        WarpedOscillator,
        {"n_trajectories": 4, "n_states": 5, "dimension": dimension, "noise": 0.1},
    )


def test_hidden_states_go_round_in_circles() -> None:
    options = WarpedOscillatorOptions()
    hidden = latents(options)
    assert hidden.shape == (200, 100, 2)
    radius = np.hypot(hidden[..., 0], hidden[..., 1])
    assert np.ptp(radius, axis=1).max() < 1e-12
    assert 0.5 <= radius.min() < 0.52
    assert 1.48 < radius.max() <= 1.5
    angle = np.unwrap(np.arctan2(hidden[..., 1], hidden[..., 0]), axis=1)
    speed = np.diff(angle, axis=1) / options.time_step
    assert np.allclose(speed, frequency(radius[:, :1], options))
    assert np.allclose(frequency(np.array([0.5, 1.0, 1.5]), options), [1.125, 1, 0.875])


def test_phases_at_the_start_are_uniform() -> None:
    hidden = latents(WarpedOscillatorOptions(n_trajectories=40_000, n_states=2))[:, 0]
    counts, _ = np.histogram(np.arctan2(*hidden.T), bins=16, range=(-np.pi, np.pi))
    assert np.abs(counts - 2500).max() < 5 * np.sqrt(2500)


@pytest.mark.parametrize("dimension", [2, 3, 20, 100])
def test_the_map_is_injective(dimension: int) -> None:
    options = WarpedOscillatorOptions(dimension=dimension, seed=dimension)
    hidden = latents(options)
    states = warped(hidden, options)
    assert states.shape == (200, 100, dimension)
    assert np.abs(unwarped(states, options) - hidden).max() < 1e-12


def test_the_map_is_smooth_and_never_flat() -> None:
    for seed in range(5):
        options = WarpedOscillatorOptions(seed=seed)
        at, step = latents(options).reshape(-1, 2), 1e-5
        jacobian = np.stack(
            [
                (warped(at + step * axis, options) - warped(at - step * axis, options)) / (2 * step)
                for axis in np.eye(2)
            ],
            axis=-1,
        )
        values = np.linalg.svd(jacobian, compute_uv=False)
        assert values.min() > 0.1
        assert values.max() < 10


def test_states_are_the_images_of_the_hidden_ones() -> None:
    options = WarpedOscillatorOptions(n_trajectories=5, n_states=6)
    assert np.array_equal(made(n_trajectories=5, n_states=6), warped(latents(options), options))


def test_hidden_circles_are_bent() -> None:
    for seed in range(5):
        options = WarpedOscillatorOptions(seed=seed)
        radius = np.linalg.norm(latents(options), axis=-1).ravel()
        assert ellipse_fit(made(seed=seed).reshape(-1, 20), radius**2) < 0.8
        flat = made(seed=seed, warp=0).reshape(-1, 20)
        assert ellipse_fit(flat, radius**2) == pytest.approx(1)


def test_waves_have_about_half_the_variance_of_the_plane() -> None:
    shares = []
    for seed in range(10):
        states = made(seed=seed, dimension=50).reshape(-1, 50)
        # Shears of one seed are the same in all dimensions, and in two there are no waves.
        plane = made(seed=seed, dimension=2).reshape(-1, 2)
        shares.append(states.var(0).sum() / plane.var(0).sum() - 1)
    assert 0.35 < np.median(shares) < 0.75


def test_more_trajectories_leave_the_map_as_it_is() -> None:
    few, many = WarpedOscillatorOptions(), WarpedOscillatorOptions(n_trajectories=400)
    hidden = latents(few)
    assert np.array_equal(warped(hidden, few), warped(hidden, many))
    other = WarpedOscillatorOptions(seed=1)
    assert np.abs(warped(hidden, few) - warped(hidden, other)).max() > 0.5


def test_noise_is_a_share_of_the_spread() -> None:
    plain, noisy = made(), made(noise=0.2)
    noise = noisy - plain
    assert noise.std() == pytest.approx(0.2 * np.sqrt(plain.var((0, 1)).mean()), rel=0.01)
    assert np.abs(np.corrcoef(noise.reshape(-1, 20).T) - np.eye(20)).max() < 0.04


def test_description_leads_to_samples() -> None:
    samples = prepare(WarpedOscillator(WarpedOscillatorOptions(n_trajectories=10)).make())
    assert samples.states.shape == (990, 2, 20)
    assert str(samples.representation) == "V20"
    assert (samples.names[0], samples.names[-1]) == ("x1", "x20")
