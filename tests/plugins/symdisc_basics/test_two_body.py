"""The two-body orbits: conservation, invariance, reproducibility, and the original data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.errors import OptionError
from symdisc.options import describe_options, parse_options
from symdisc_basics.datasets.two_body import TwoBody, TwoBodyOptions, _eccentricity, _orbits

ORIGINAL_STEP = 20 / 49
Array = NDArray[Any]


def made(**options: Any) -> Array:
    return np.asarray(TwoBody(TwoBodyOptions(**options)).make().states)


def energy(states: Array) -> Array:
    q, p = states[..., 0:2], states[..., 2:4]
    return np.asarray((p**2).sum(-1) - 1 / (2 * np.linalg.norm(q, axis=-1)))


def angular_momentum(states: Array) -> Array:
    qx, qy, px, py = np.moveaxis(states[..., :4], -1, 0)
    return np.asarray(2 * (qx * py - qy * px))


def drift(conserved: Array) -> float:
    return float(np.abs(conserved / conserved[:, :1] - 1).max())


def test_default_shape_and_centre_of_mass() -> None:
    states = made()
    assert states.shape == (800, 20, 8)
    assert np.array_equal(states[..., :4], -states[..., 4:])


def test_energy_and_angular_momentum_are_conserved() -> None:
    states = made()
    assert drift(energy(states)) < 1e-9
    assert drift(angular_momentum(states)) < 1e-9


def test_orbits_return_after_keplers_period() -> None:
    start = np.array([[1.0, 0.0, 0.0, 0.6]])
    # Distance 2, relative speed 1.2, attraction 2: semi-major axis from the energy.
    half_axis = 1 / (2 / 2 - 1.2**2 / 2)
    period = 2 * np.pi * np.sqrt(half_axis**3 / 2)
    states = _orbits(start, np.array([0.0, period / 2, period]))[0]
    assert np.allclose(states[2], start[0], atol=1e-8)
    assert not np.allclose(states[1], start[0], atol=0.5)


def test_momentum_is_the_rate_of_change_of_position() -> None:
    states = made(n_trajectories=20, n_states=200, time_step=1e-3, speed_noise=0.1)
    rate = np.gradient(states[..., :2], 1e-3, axis=1)
    assert np.allclose(rate[:, 1:-1], states[:, 1:-1, 2:4], atol=1e-6)


def test_law_of_the_starts() -> None:
    states = made(n_trajectories=20_000, n_states=2, min_radius=0.5, max_radius=1.5)[:, 0]
    radius = np.linalg.norm(states[:, :2], axis=1)
    angle = np.arctan2(states[:, 1], states[:, 0])
    assert 0.5 <= radius.min() < 0.501
    assert 1.499 < radius.max() <= 1.5
    for values, low, high in ((radius, 0.5, 1.5), (angle, -np.pi, np.pi)):
        counts, _ = np.histogram(values, bins=10, range=(low, high))
        assert np.abs(counts - 2000).max() < 5 * np.sqrt(2000)
    speed = np.linalg.norm(states[:, 2:4], axis=1) * 2 * np.sqrt(radius)
    assert abs(speed.mean() - 1) < 1e-4
    assert abs(speed.std() - 0.001) < 5e-5


def test_unbound_and_narrow_orbits_are_drawn_again() -> None:
    states = made(n_trajectories=500, speed_noise=0.5, n_states=2)
    eccentricity = _eccentricity(states[:, 0, :4])
    assert len(states) == 500
    assert 0.5 < eccentricity.max() <= 0.9
    assert energy(states).max() < 0


def test_eccentricity() -> None:
    circle = np.array([[1.0, 0.0, 0.0, 0.5]])
    assert _eccentricity(circle)[0] == pytest.approx(0, abs=1e-12)
    # From the near end of an orbit of eccentricity e, the speed is √(1 + e) of a circle's.
    ellipse = circle * np.array([1, 1, 1, np.sqrt(1.4)])
    assert _eccentricity(ellipse)[0] == pytest.approx(0.4)


def test_truth_is_a_symmetry_of_the_motion() -> None:
    raw = TwoBody(TwoBodyOptions(n_trajectories=10)).make()
    assert raw.truth is not None
    turn = torch.linalg.matrix_exp(0.7 * torch.from_numpy(raw.truth[0])).numpy()
    states = np.asarray(raw.states)
    starts = (states[:, 0] @ turn.T)[:, :4]
    again = _orbits(starts, ORIGINAL_STEP * np.arange(20.0))
    assert np.allclose(again, (states @ turn.T)[..., :4], atol=1e-8)


def test_description_leads_to_samples() -> None:
    raw = TwoBody(TwoBodyOptions(n_trajectories=10)).make()
    samples = prepare(raw)
    assert samples.states.shape == (190, 2, 8)
    assert str(samples.representation) == "V8"
    assert samples.names[:4] == ("q1x", "q1y", "p1x", "p1y")
    assert samples.units[1:3] == ("length", "momentum")
    assert samples.truth is not None
    assert samples.truth.shape == (1, 8, 8)
    assert TwoBody.recommended == {"group.blocks": [2, 2, 2, 2]}


def test_same_seed_same_data_whatever_the_global_state() -> None:
    first = made(n_trajectories=5, seed=3)
    torch.manual_seed(9)
    np.random.seed(9)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]
    assert np.array_equal(made(n_trajectories=5, seed=3), first)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]  # type: ignore[index]
    assert not np.array_equal(made(n_trajectories=5, seed=4), first)


def test_radii_must_be_in_order() -> None:
    with pytest.raises(OptionError, match=r"min_radius 4 must not exceed max_radius 3"):
        parse_options(TwoBodyOptions, {"min_radius": 4}, "dataset")


@pytest.mark.parametrize("model", [TwoBodyOptions])
def test_every_option_states_its_unit(model: type[TwoBodyOptions]) -> None:
    assert all(row[3].endswith("]") for row in describe_options(model))


def original() -> Array:
    folder = Path(__file__).parents[3] / "../shared/data"
    path = Path(os.environ.get("SYMDISC_PARITY_DATA", folder)) / "two_body.npz"
    if not path.exists():
        pytest.skip(f"{path} is absent; set SYMDISC_PARITY_DATA to the folder that holds it")
    return np.asarray(np.load(path)["coords_reordered"])


@pytest.mark.parity
def test_the_original_orbits_obey_the_same_equation_with_the_same_step() -> None:
    states = original()
    times = ORIGINAL_STEP * np.arange(10.0)
    # Three of the original trajectories jump after ten states, so each half stands alone.
    for half in (states[:, :10, :4], states[:, 10:, :4]):
        assert np.abs(_orbits(half[:, 0], times) - half).max() < 1e-5


@pytest.mark.parity
def test_ranges_agree_with_the_original() -> None:
    theirs, ours = original(), made()
    for quantity in (
        lambda s: np.linalg.norm(s[..., :2], axis=-1),
        lambda s: np.linalg.norm(s[..., 2:4], axis=-1),
        energy,
        angular_momentum,
    ):
        expected, found = quantity(theirs), quantity(ours)
        spread = expected.max() - expected.min()
        assert abs(found.min() - expected.min()) < 0.02 * spread
        assert abs(found.max() - expected.max()) < 0.02 * spread
        assert abs(np.median(found) - np.median(expected)) < 0.1 * spread
