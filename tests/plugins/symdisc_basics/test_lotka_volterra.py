"""Predators and prey: energy, law of motion, period and the law of the states."""

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
from symdisc_basics.datasets.lotka_volterra import (
    LEAST_ENERGY,
    REST,
    LotkaVolterra,
    LotkaVolterraOptions,
    energy,
    frequency,
    motion,
)

Array = NDArray[Any]


def made(**options: Any) -> Array:
    return np.asarray(LotkaVolterra(LotkaVolterraOptions(**options)).make().states)


def test_it_passes_the_suite() -> None:
    check_dataset(LotkaVolterra, {"n_trajectories": 4, "n_states": 5})


def test_energy_is_conserved_and_within_its_bounds() -> None:
    energies = energy(made())
    assert (np.ptp(energies, axis=1) / energies[:, 0]).max() < 2e-9
    assert 3 < energies.min() < 3.05
    assert 4.45 < energies.max() < 4.5


def test_numbers_of_animals_obey_the_equations_of_lotka_and_volterra() -> None:
    """An independent method of integration, for the numbers instead of their logarithms."""
    trajectory = made(n_trajectories=1, n_states=50)[0]

    def derivative(_time: float, animals: Array) -> list[float]:
        prey, predators = animals
        return [prey * (2 / 3 - 4 / 3 * predators), predators * (prey - 1)]

    solution = solve_ivp(
        derivative,
        (0, 10),
        np.exp(trajectory[0]),
        method="LSODA",
        t_eval=0.2 * np.arange(50),
        rtol=1e-11,
        atol=1e-13,
    )
    assert np.allclose(np.log(solution.y.T), trajectory, atol=1e-6)


def test_the_state_of_rest_has_the_least_energy() -> None:
    rest = REST[None]
    assert np.allclose(REST, [0, np.log(0.5)])
    assert energy(rest)[0] == pytest.approx(LEAST_ENERGY)
    assert np.allclose(motion(rest, np.array([0.0, 5.0])), rest, atol=1e-12)


def test_cycles_close_after_the_period() -> None:
    starts = np.array([[0.3, -0.6], [1.2, -0.5], [-1.0, 0.4], [0.2, -3.0]])
    for start in starts:
        period = 2 * np.pi / float(frequency(energy(start[None]))[0])
        states = motion(start[None], np.array([0.0, period / 2, period]))[0]
        assert np.allclose(states[2], start, atol=1e-8)
        assert np.abs(states[1] - start).max() > 0.1


def test_small_cycles_have_the_frequency_of_the_linear_equation() -> None:
    assert frequency(np.array([LEAST_ENERGY + 1e-5]))[0] == pytest.approx(np.sqrt(2 / 3), rel=1e-4)


def test_states_at_all_times_have_one_law() -> None:
    many = made(n_trajectories=20_000, n_states=3, time_step=5.0)
    energies = energy(many)
    # The area between two energies grows with the period.
    grid = np.linspace(3, 4.5, 301)
    period = 2 * np.pi / frequency((grid[1:] + grid[:-1]) / 2)
    expected = 20_000 * period.reshape(10, 30).sum(1) / period.sum()
    counts, _ = np.histogram(energies[:, 0], bins=10, range=(3, 4.5))
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()
    for coordinate in (0, 1):
        edges = np.quantile(many[:, 0, coordinate], np.linspace(0, 1, 11))
        edges[[0, -1]] = -np.inf, np.inf
        later, _ = np.histogram(many[:, 2, coordinate], bins=edges)
        assert np.abs(later - 2000).max() < 7 * np.sqrt(2000)


def test_description_leads_to_samples() -> None:
    samples = prepare(LotkaVolterra(LotkaVolterraOptions()).make())
    assert samples.states.shape == (200 * 99, 2, 2)
    assert samples.names == ("prey", "predators")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"min_energy": 4.48},
            "min_energy 4.48 must be at least 1 % below max_energy 4.5",
        ),
        ({"min_energy": 2.0}, r"dataset\.min_energy.*greater than 2\.12"),
    ],
)
def test_bad_options(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(LotkaVolterraOptions, given, "dataset")
