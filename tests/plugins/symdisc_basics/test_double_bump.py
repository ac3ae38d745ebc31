"""The bumps: their shape, their shifts, and that both can be told from a state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.double_bump import (
    DoubleBump,
    DoubleBumpOptions,
    shifts,
    signals,
)

Array = NDArray[Any]


def one(rectangle: float, triangle: float) -> Array:
    return np.asarray(signals(np.array([[rectangle, triangle]]))[0])


def test_it_passes_the_suite() -> None:
    check_dataset(DoubleBump, {"n_samples": 30})


def test_states_are_the_signals_of_the_shifts() -> None:
    options = DoubleBumpOptions(n_samples=50, seed=4)
    states = np.asarray(DoubleBump(options).make().states)
    assert np.array_equal(states, signals(shifts(options)))


def test_both_bumps() -> None:
    points = np.arange(64)
    rectangle = np.where(np.abs(points - 16) < 8, 1.0, 0.0)
    rectangle[[8, 24]] = 0.5  # half of what is about these points is inside
    triangle = np.maximum(0, 1 - np.abs(points - 48) / 8)
    # The mean about a corner, half a point to either side, is off by an eighth of the bend.
    triangle[[40, 56]] += 1 / 64
    triangle[48] -= 2 / 64
    assert np.allclose(one(0.25, 0.75), rectangle + triangle)


def test_a_point_holds_the_mean_of_what_is_about_it() -> None:
    fine = 64 * 512
    places = (np.arange(fine) + 0.5) / fine - 1 / 128
    rectangle, triangle = 0.9377, 0.5313
    away = np.abs((places - rectangle + 0.5) % 1 - 0.5), np.abs((places - triangle + 0.5) % 1 - 0.5)
    height = (away[0] < 0.125) + np.maximum(0, 1 - away[1] / 0.125)
    assert np.allclose(one(rectangle, triangle), height.reshape(64, 512).mean(1), atol=2e-3)


def test_bumps_go_round_the_circle() -> None:
    moved = one(0.9 + 5 / 64, 0.3 + 5 / 64)
    assert np.allclose(moved, np.roll(one(0.9, 0.3), 5))
    assert np.allclose(one(1.9, -0.7), one(0.9, 0.3))
    assert one(0.0, 0.5)[0] == one(0.0, 0.5)[1] == 1


def test_the_area_of_a_bump_does_not_depend_on_its_place() -> None:
    states = signals(np.random.default_rng(0).uniform(size=(200, 2)))
    assert np.allclose(states.sum(1), 16 + 8)


def test_shifts_are_uniform_and_independent() -> None:
    found = shifts(DoubleBumpOptions(n_samples=40_000))
    assert found.shape == (40_000, 2)
    counts, _ = np.histogramdd(found, bins=4, range=[(0, 1)] * 2)
    assert np.abs(counts - 2500).max() < 5 * np.sqrt(2500)


def test_a_state_determines_both_shifts() -> None:
    """Far shifts lead to far states, also where the bumps overlap."""
    grid = np.stack(np.meshgrid(*[np.arange(48) / 48] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    states = signals(grid)
    squares = (states**2).sum(1)
    for row in np.flatnonzero(grid[:, 0] == 0):
        distance = np.sqrt(np.maximum(0, squares + squares[row] - 2 * states @ states[row]))
        apart = np.abs((grid - grid[row] + 0.5) % 1 - 0.5).max(1)
        far = apart > 0
        assert (distance[far] / apart[far]).min() > 2.0


def test_shifting_one_bump_is_not_linear() -> None:
    """Nor does the best linear map come near: it would shift and keep waves of one length."""
    options = DoubleBumpOptions(n_samples=4000)
    moved = signals(shifts(options) + np.array([0.125, 0]))
    states = signals(shifts(options))
    fit = np.linalg.lstsq(states[:2000], moved[:2000])[0]
    error = moved[2000:] - states[2000:] @ fit
    assert (error**2).mean() / moved.var() > 0.05


@pytest.mark.parametrize("n", [10, 100])
def test_description_leads_to_samples(n: int) -> None:
    samples = prepare(DoubleBump(DoubleBumpOptions(n_samples=n)).make())
    assert samples.states.shape == (n, 1, 64)
    assert str(samples.representation) == "V64"
    assert samples.names[:2] == ("point0", "point1")
