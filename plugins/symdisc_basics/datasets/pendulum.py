"""A swinging pendulum: its angle and speed, or small pictures of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ellipj, ellipk, ellipkinc

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.phase_space import uniform_where
from symdisc_basics.datasets.rods import segments

_BOX = np.array([[-np.pi, np.pi], [-2.0, 2.0]])
"""Holds all angles and speeds of a pendulum that does not turn over."""


class PendulumOptions(Options):
    """Options of ``pendulum``. Units: length and gravity are 1."""

    form: Literal["state", "movie"] = Field(
        "state", description="What a state is: angle and speed, or two pictures"
    )
    n_trajectories: int = Field(200, ge=1, description="Trajectories [1]")
    n_states: int = Field(500, ge=2, description="States in each trajectory [1]")
    time_step: float = Field(0.02, gt=0, description="Time between two states [time]")
    max_energy: float = Field(
        0.99, gt=0, lt=1, description="The energy lies between this and its negative [energy]"
    )
    size: int = Field(16, ge=4, le=256, description="Rows and columns of a picture [1]")
    shutter: float = Field(
        0.2,
        gt=0,
        lt=3.14,
        description="Time from the first picture of a state to the second [time]",
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class Pendulum(Dataset):
    r"""θ̈ = −sin θ: states (θ, θ̇), with the energy H = θ̇²/2 − cos θ.

    Starts are uniform in the part of phase space where \|H\| < ``max_energy`` (1 would be the
    energy at which the pendulum stands upright, −1 that at which it hangs at rest). The flow
    keeps area and energy, so states at all times have this law. Angles lie in (−π, π).

    Nothing is integrated step by step: with m = (1 + H)/2 the solution is
    sin(θ/2) = √m sn(t + t₀ | m), θ̇ = 2√m cn(t + t₀ | m), with Jacobi's elliptic functions.

    The symmetry is a nonlinear action of SO(2): each state moves along its orbit, by the same
    share of the period for all. It keeps the energy and commutes with time. The pendulum is not
    a harmonic one, its frequency is π / 2K(m) (:func:`frequency`), from 1 down to 0.39 with the
    default options, so no coordinates exist in which all orbits are circles run through at one
    speed.

    With ``form="movie"`` a state is two grey pictures of the rod, one ``shutter`` after the
    other, first all rows of the first. One picture shows the angle alone: whether the pendulum
    rises or falls cannot be seen, and no encoder of single pictures could find the phase. Two
    pictures fix the state: while ``shutter`` is below π, a faster start always leads to a larger
    second angle (by Sturm's theorem, as \|cos θ\| ≤ 1, solutions with one first angle do
    not meet again sooner). Values are from 0 to 1, brightest on the rod, which hangs
    down at θ = 0 and points to the right at θ = π/2. 100,000 states of the default size take
    200 MB.

    The settings are those of Yang, Dehmamy, Walters and Yu, Latent Space Symmetry Discovery
    (ICML 2024, arXiv:2310.00105).
    """

    Options: ClassVar[type[Options]] = PendulumOptions
    recommended: ClassVar[Mapping[str, Any]] = {"method": "laligan"}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "SO(2), nonlinear: a shift of the phase along each orbit"
    shape: ClassVar[tuple[int, ...]] = (200, 500, 2)
    description: ClassVar[str] = (
        "A pendulum that swings to and fro, without friction and with any amplitude: its angle "
        "and angular velocity at equal steps of time, or pairs of small pictures of it. Its "
        "energy stays the same; the symmetry moves each state along its orbit. No rotation of "
        "angle and velocity does that: only in bent coordinates are the orbits circles."
    )

    def __init__(self, options: PendulumOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        if self.options.form == "movie":
            return _movie(self.options)
        return RawData(
            states=states(self.options),
            representation="V2",
            names=("angle", "velocity"),
            units=("rad", "rad/time"),
        )


def states(options: PendulumOptions) -> NDArray[np.float64]:
    """Angles and velocities ``(n_trajectories, n_states, 2)``, for pictures those of the first."""
    rng = np.random.default_rng(options.seed)
    starts = uniform_where(
        lambda drawn: np.abs(energy(drawn)) < options.max_energy, _BOX, options.n_trajectories, rng
    )
    return motion(starts, options.time_step * np.arange(options.n_states, dtype=np.float64))


def energy(states: NDArray[Any]) -> NDArray[np.float64]:
    """H = θ̇²/2 − cos θ of states ``(..., 2)``: ``(...)``."""
    value: NDArray[np.float64] = states[..., 1] ** 2 / 2 - np.cos(states[..., 0])
    return value


def frequency(energies: NDArray[Any]) -> NDArray[np.float64]:
    """Angular frequency π / 2K((1 + H)/2) of a swing with energy H in (−1, 1) [rad/time]."""
    value: NDArray[np.float64] = np.pi / (2 * ellipk((1 + energies) / 2))
    return value


def motion(starts: NDArray[Any], times: NDArray[Any]) -> NDArray[np.float64]:
    """States ``(n, T, 2)`` at ``times``, from ``starts`` ``(n, 2)`` with energies below 1."""
    m = (1 + energy(starts)) / 2
    amplitude = np.arctan2(2 * np.sin(starts[:, 0] / 2), starts[:, 1])
    sn, cn, _, _ = ellipj(ellipkinc(amplitude, m)[:, None] + times, m[:, None])
    root = np.sqrt(m)[:, None]
    return np.stack([2 * np.arcsin(root * sn), 2 * root * cn], axis=-1)


def _movie(options: PendulumOptions) -> RawData:
    """Two pictures a state, one channel each."""
    first = states(options)
    later = motion(first.reshape(-1, 2), np.array([options.shutter])).reshape(first.shape)
    rods = np.stack([first[..., 0], later[..., 0]], axis=-1)
    tips = np.stack([np.sin(rods), np.cos(rods)], axis=-1)
    size = options.size
    pictures = segments(tips, size)
    return RawData(
        states=pictures.reshape(*first.shape[:2], 2 * size**2),
        representation=f"2*G{size}x{size}",
        names=tuple(
            f"{time}row{i}col{j}"
            for time in ("first", "later")
            for i in range(size)
            for j in range(size)
        ),
        units=("brightness",) * (2 * size**2),
    )
