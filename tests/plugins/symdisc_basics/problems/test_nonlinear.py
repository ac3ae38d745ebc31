"""True fields keep the energy, or the hidden radius."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc_basics.datasets import lotka_volterra, pendulum, warped_oscillator
from symdisc_basics.problems.nonlinear import LotkaVolterra, Pendulum, WarpedOscillator

STEP = 1e-5
Made = tuple[Any, Any, Any]


def _pendulum() -> Made:
    options = pendulum.PendulumOptions(n_trajectories=5)
    return Pendulum(), pendulum.Pendulum(options), pendulum.energy


def _cycles() -> Made:
    options = lotka_volterra.LotkaVolterraOptions(n_trajectories=5)
    return LotkaVolterra(), lotka_volterra.LotkaVolterra(options), lotka_volterra.energy


def _warped() -> Made:
    options = warped_oscillator.WarpedOscillatorOptions(n_trajectories=5)

    def radius(states: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(warped_oscillator.unwarped(states, options), axis=-1))

    return WarpedOscillator(), warped_oscillator.WarpedOscillator(options), radius


@pytest.mark.parametrize("made", [_pendulum, _cycles, _warped])
def test_what_stays_the_same(made: Any) -> None:
    problem, dataset, invariant = made()
    raw = dataset.make()
    truth = problem.truth(dataset.options, raw)
    states = np.asarray(raw.states, dtype=np.float64).reshape(-1, np.shape(raw.states)[-1])
    along = truth.fields(states)[:, 0]
    change = (invariant(states + STEP * along) - invariant(states - STEP * along)) / (2 * STEP)
    across = invariant(states + STEP * np.roll(along, 1, axis=1)) - invariant(states)
    assert np.abs(change).max() < 1e-6
    assert np.abs(across / STEP).max() > 0.1
    assert truth.any_speed
    assert truth.dimension == 1
