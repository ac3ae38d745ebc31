"""The chaotic motions: their equations, attractors and the growth of small differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from symdisc.data.prepare import prepare
from symdisc.errors import OptionError
from symdisc.options import parse_options
from symdisc.testing import check_dataset
from symdisc_basics.datasets.chaotic_control import (
    ChaoticControl,
    ChaoticControlOptions,
    flow,
)

Array = NDArray[Any]


def made(**options: Any) -> Array:
    return np.asarray(ChaoticControl(ChaoticControlOptions(**options)).make().states)


@pytest.fixture(scope="module")
def lorenz() -> Array:
    return made()


@pytest.fixture(scope="module")
def henon() -> Array:
    return made(system="henon")


@pytest.mark.parametrize("system", ["lorenz", "henon"])
def test_it_passes_the_suite(system: str) -> None:
    check_dataset(ChaoticControl, {"n_trajectories": 4, "n_states": 5, "system": system})


def test_a_step_follows_the_equations_of_lorenz(lorenz: Array) -> None:
    for trajectory in lorenz[:10]:
        solution = solve_ivp(
            lambda _t, s: [
                10 * (s[1] - s[0]),
                s[0] * (28 - s[2]) - s[1],
                s[0] * s[1] - 8 / 3 * s[2],
            ],
            (0, 0.5),
            trajectory[4],
            method="DOP853",
            rtol=1e-12,
            atol=1e-12,
        )
        assert np.abs(solution.y[:, -1] - trajectory[5]).max() < 3e-5


def test_the_method_is_of_order_four(lorenz: Array) -> None:
    starts = lorenz[:50, 0].T
    exact = starts
    for _ in range(32):
        exact = flow(exact, 0.005 / 32)
    coarse = np.abs(flow(starts, 0.005) - exact).max()
    fine = np.abs(flow(flow(starts, 0.0025), 0.0025) - exact).max()
    assert coarse / fine == pytest.approx(16, rel=0.2)


def test_lorenz_stays_on_both_lobes_of_its_attractor(lorenz: Array) -> None:
    x, y, z = np.moveaxis(lorenz, -1, 0)
    assert np.abs(x).max() < 20
    assert np.abs(y).max() < 28
    assert z.min() > 0
    assert z.max() < 50
    assert 0.45 < (x > 0).mean() < 0.55
    # The mean of ẋ and of ż over the attractor is 0: equal means of x and y, and of xy and 8z/3.
    assert (x * y).mean() == pytest.approx(8 / 3 * z.mean(), rel=0.02)
    assert z.mean() == pytest.approx(23.5, abs=0.3)
    changes = (x[:, 1:] > 0) != (x[:, :-1] > 0)
    assert 0.1 < changes.mean() < 0.5


def test_henon_follows_its_map(henon: Array) -> None:
    x, y = np.moveaxis(henon, -1, 0)
    assert np.allclose(x[:, 1:], 1 - 1.4 * x[:, :-1] ** 2 + y[:, :-1])
    assert np.allclose(y[:, 1:], 0.3 * x[:, :-1])
    assert henon.shape == (1000, 20, 2)
    assert np.abs(x).max() < 1.3


@pytest.mark.parametrize(("system", "rate"), [("lorenz", 0.906), ("henon", 0.419)])
def test_small_differences_grow_at_the_known_rate(system: str, rate: float) -> None:
    """Largest Lyapunov exponents: Sprott, Chaos and Time-Series Analysis (2003)."""

    def after(states: Array) -> Array:
        if system == "lorenz":
            return flow(states, 0.5)
        return np.stack([1 - 1.4 * states[0] ** 2 + states[1], 0.3 * states[0]])

    here = made(system=system, n_states=2)[:, 0].T
    there = here + 1e-7
    growth = []
    for _ in range(40):
        here, there = after(here), after(there)
        apart = np.linalg.norm(there - here, axis=0)
        growth.append(np.log(apart / 1e-7).mean())
        there = here + (there - here) * 1e-7 / apart
    step = 0.5 if system == "lorenz" else 1.0
    assert np.mean(growth[5:]) / step == pytest.approx(rate, rel=0.03)


@pytest.mark.parametrize(("system", "size"), [("lorenz", 3), ("henon", 2)])
def test_description_leads_to_samples(system: str, size: int) -> None:
    raw = ChaoticControl(
        ChaoticControlOptions.model_validate({"n_trajectories": 10, "system": system})
    ).make()
    samples = prepare(raw)
    assert samples.states.shape == (190, 2, size)
    assert samples.names == ("x", "y", "z")[:size]
    assert samples.truth is not None
    assert samples.truth.shape == (0, size, size)


def test_an_unknown_system() -> None:
    with pytest.raises(OptionError, match=r"dataset\.system.*'lorenz' or 'henon'"):
        parse_options(ChaoticControlOptions, {"system": "rossler"}, "dataset")
