"""Predators and their prey, in logarithms of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator
from scipy.integrate import solve_ivp

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.phase_space import uniform_where

_A, _B, _C, _D = 2 / 3, 4 / 3, 1.0, 1.0
_TOLERANCE = 1e-11
_NODES = 256
_NEWTON_STEPS = 12

REST = np.array([np.log(_D / _C), np.log(_A / _B)])
"""The state ``(2,)`` at which nothing changes."""

LEAST_ENERGY = float(_A - _A * np.log(_A / _B) + _D - _D * np.log(_D / _C))
"""Energy of the state of rest, about 2.129."""


class LotkaVolterraOptions(Options):
    """Options of ``lotka-volterra``."""

    n_trajectories: int = Field(200, ge=1, description="Trajectories [1]")
    n_states: int = Field(100, ge=2, description="States in each trajectory [1]")
    time_step: float = Field(0.2, gt=0, description="Time between two states [time]")
    min_energy: float = Field(3.0, gt=LEAST_ENERGY, description="Smallest energy [1]")
    max_energy: float = Field(4.5, le=20, description="Largest energy [1]")
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")

    @model_validator(mode="after")
    def _energies_in_order(self) -> LotkaVolterraOptions:
        if self.min_energy > 0.99 * self.max_energy:
            raise ValueError(
                f"min_energy {self.min_energy:g} must be at least 1 % below max_energy "
                f"{self.max_energy:g}"
            )
        return self


@final
class LotkaVolterra(Dataset):
    """ẋ = a − b eʸ, ẏ = c eˣ − d, the equations of Lotka and Volterra for logarithms.

    x is the logarithm of the number of prey, y that of the predators, in units in which
    a = 2/3, b = 4/3, c = d = 1. In this form the equations are canonical: the energy
    H = c eˣ − d x + b eʸ − a y stays the same and so does the area in the plane of (x, y).
    Starts are uniform in the area with ``min_energy`` < H < ``max_energy``, and states at all
    times have this law. H is least, 2.129, at rest; orbits around there are far from ellipses.

    The equation is solved by DOP853 with tolerance 1e-11; with the default options H changes by
    less than 2e-9 of its value.

    The symmetry is a nonlinear action of SO(2): each state moves along its orbit, by the same
    share of the period for all. :func:`frequency` gives the angular frequency of each energy.

    Settings as in Yang, Dehmamy, Walters and Yu, Latent Space Symmetry Discovery (ICML 2024,
    arXiv:2310.00105), where the step is 0.002 for 10,000 steps, of which pairs 100 steps apart
    are samples. Here only states 0.2 apart are kept, so that neighbours are such pairs.
    """

    Options: ClassVar[type[Options]] = LotkaVolterraOptions
    recommended: ClassVar[Mapping[str, Any]] = {"method": "laligan"}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "SO(2), nonlinear: a shift of the phase along each orbit"
    shape: ClassVar[tuple[int, ...]] = (200, 100, 2)
    description: ClassVar[str] = (
        "How the numbers of predators and prey go up and down, as logarithms, at equal steps of "
        "time. Each cycle closes and has an energy that stays the same; the symmetry moves each "
        "state along its cycle. The cycles are neither circles nor ellipses: only in bent "
        "coordinates does the symmetry look like a rotation."
    )

    def __init__(self, options: LotkaVolterraOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        times = options.time_step * np.arange(options.n_states, dtype=np.float64)
        return RawData(
            states=motion(_starts(options), times),
            representation="V2",
            names=("prey", "predators"),
            units=("log number", "log number"),
        )


def energy(states: NDArray[Any]) -> NDArray[np.float64]:
    """H = c eˣ − d x + b eʸ − a y of states ``(..., 2)``: ``(...)``."""
    x, y = states[..., 0], states[..., 1]
    value: NDArray[np.float64] = _C * np.exp(x) - _D * x + _B * np.exp(y) - _A * y
    return value


def velocities(states: NDArray[Any]) -> NDArray[np.float64]:
    """(ẋ, ẏ) = (a − b eʸ, c eˣ − d) of states ``(..., 2)``: ``(..., 2)``."""
    x, y = states[..., 0], states[..., 1]
    return np.stack([_A - _B * np.exp(y), _C * np.exp(x) - _D], axis=-1)


def frequency(energies: NDArray[Any]) -> NDArray[np.float64]:
    """Angular frequency of the cycle of each energy ``(n,)`` above the least [rad/time].

    The period is ∮ dx / ẋ, on the upper and on the lower half of the cycle. With x = the middle
    between both ends + half their distance · cos φ the integrand is smooth and periodic in φ.
    """
    excess = (energies - LEAST_ENERGY)[:, None]
    low, high = _ends(excess / _D)
    angle = np.pi * (np.arange(_NODES) + 0.5) / _NODES
    x = (high + low) / 2 + (high - low) / 2 * np.cos(angle)
    below, above = _ends((excess - _D * (np.expm1(x) - x)) / _A)
    slowness = (1 / np.expm1(above) - 1 / np.expm1(below)) / _A
    period = np.pi / _NODES * (slowness * (high - low) / 2 * np.sin(angle)).sum(1)
    value: NDArray[np.float64] = 2 * np.pi / period
    return value


def _ends(excess: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both solutions w of eʷ − 1 − w = excess > 0, the negative one first.

    With w = x − x of rest, d (eʷ − 1 − w) is what x contributes to the energy above the least,
    and with y instead of x and a instead of d the same holds for y.
    """
    root = np.sqrt(2 * excess)
    # The function is convex and both starts lie outside, so that Newton's steps stay there.
    low, high = -excess - root, root
    for _ in range(_NEWTON_STEPS):
        low = low - (np.expm1(low) - low - excess) / np.expm1(low)
        high = high - (np.expm1(high) - high - excess) / np.expm1(high)
    return low, high


def _starts(options: LotkaVolterraOptions) -> NDArray[np.float64]:
    """States at time 0, ``(n_trajectories, 2)``."""
    excess = options.max_energy - LEAST_ENERGY
    bounds = REST[:, None] + np.stack(_ends(excess / np.array([_D, _A])), axis=1)

    def accepted(drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
        value = energy(drawn)
        return (value > options.min_energy) & (value < options.max_energy)

    rng = np.random.default_rng(options.seed)
    return uniform_where(accepted, bounds, options.n_trajectories, rng)


def motion(starts: NDArray[Any], times: NDArray[Any]) -> NDArray[np.float64]:
    """States ``(n, T, 2)`` at ``times`` from 0 on, from ``starts`` ``(n, 2)``."""
    n = len(starts)

    def derivative(_time: float, flat: NDArray[np.float64]) -> NDArray[np.float64]:
        return velocities(flat.reshape(2, n).T).T.reshape(-1)

    solution = solve_ivp(
        derivative,
        (0.0, times[-1]),
        starts.T.reshape(-1),
        method="DOP853",
        t_eval=times,
        rtol=_TOLERANCE,
        atol=_TOLERANCE,
    )
    states: NDArray[np.float64] = solution.y.reshape(2, n, len(times))
    return states.transpose(1, 2, 0)
