"""Planar orbits of two equal masses around their common centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator
from scipy.integrate import solve_ivp

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

_TOLERANCE = 1e-11
_MAX_ECCENTRICITY = 0.9


class TwoBodyOptions(Options):
    """Options of ``two-body``. Units: both masses and the constant of gravity are 1."""

    n_trajectories: int = Field(800, ge=1, description="Trajectories [1]")
    n_states: int = Field(20, ge=2, description="States in each trajectory [1]")
    time_step: float = Field(20 / 49, gt=0, description="Time between two states [time]")
    min_radius: float = Field(
        1.5, gt=0, description="Smallest distance of a body from the centre at the start [length]"
    )
    max_radius: float = Field(
        3.0, gt=0, description="Largest distance of a body from the centre at the start [length]"
    )
    speed_noise: float = Field(
        0.001,
        ge=0,
        le=0.5,
        description="Standard deviation of what is added to each component of the velocity at "
        "the start, as a share of the speed of a circular orbit [1]",
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")

    @model_validator(mode="after")
    def _radii_in_order(self) -> TwoBodyOptions:
        if self.min_radius > self.max_radius:
            raise ValueError(
                f"min_radius {self.min_radius:g} must not exceed max_radius {self.max_radius:g}"
            )
        return self


@final
class TwoBody(Dataset):
    r"""Two bodies of mass 1 in the plane, drawn together by gravity with constant 1.

    The centre of mass rests at the origin, so q₂ = −q₁ and p₂ = −p₁, and the distance vector
    d = q₁ − q₂ obeys d̈ = −2 d/|d|³. A state is (q₁, p₁, q₂, p₂), two coordinates each.

    A body starts at a distance r from the centre, uniform in [``min_radius``, ``max_radius``],
    in a direction uniform on the circle, with the momentum 1/(2√r) of a counter-clockwise
    circular orbit; normal noise is added to both components of the momentum. Starts with an
    eccentricity above 0.9 (unbound, or with a close encounter) are drawn again. Nothing here
    singles out a direction, so the law of the data is exactly invariant under rotations.

    The equation is solved by DOP853 with tolerance 1e-11. With the default options energy
    and angular momentum change by less than 1e-9 of their value along a trajectory.

    The true generator is four equal blocks [[0, 1], [−1, 0]]. Because q₂ = −q₁ and p₂ = −p₁ the
    states span four of eight dimensions: without blocks the generator is not unique.

    After the data of Greydanus, Dzamba and Yosinski, Hamiltonian Neural Networks (NeurIPS 2019,
    arXiv:1906.01563), section 4, with the radii and time step used for LieGAN (arXiv:2302.00236).
    """

    Options: ClassVar[type[Options]] = TwoBodyOptions
    recommended: ClassVar[Mapping[str, Any]] = {"group.blocks": [2, 2, 2, 2]}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "SO(2): rotation of the plane"
    shape: ClassVar[tuple[int, ...]] = (800, 20, 8)
    description: ClassVar[str] = (
        "Nearly circular orbits of two equal masses under gravity, in the plane and seen from "
        "their centre of mass: positions and momenta of both at equal steps of time. The law of "
        "motion is the same in all directions; its symmetry is a rotation that turns both "
        "positions and both momenta by the same angle."
    )

    def __init__(self, options: TwoBodyOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        quarter_turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
        return RawData(
            states=_trajectories(self.options),
            representation="V8",
            names=("q1x", "q1y", "p1x", "p1y", "q2x", "q2y", "p2x", "p2y"),
            units=("length", "length", "momentum", "momentum") * 2,
            truth=np.kron(np.eye(4), quarter_turn)[None],
        )


def _trajectories(options: TwoBodyOptions) -> NDArray[np.float64]:
    """States ``(n_trajectories, n_states, 8)``."""
    starts = _starts(options, np.random.default_rng(options.seed))
    times = options.time_step * np.arange(options.n_states, dtype=np.float64)
    first = _orbits(starts, times)
    return np.concatenate([first, -first], axis=2)


def _starts(options: TwoBodyOptions, rng: np.random.Generator) -> NDArray[np.float64]:
    """Position and momentum of the first body at time 0, ``(n_trajectories, 4)``."""
    kept: list[NDArray[np.float64]] = []
    while sum(map(len, kept)) < options.n_trajectories:
        n = options.n_trajectories
        radius = rng.uniform(options.min_radius, options.max_radius, (n, 1))
        angle = rng.uniform(0, 2 * np.pi, n)
        outward = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        along = np.stack([-np.sin(angle), np.cos(angle)], axis=1)
        noise = options.speed_noise * rng.standard_normal((n, 2))
        momentum = (along + noise) / (2 * np.sqrt(radius))
        start = np.concatenate([radius * outward, momentum], axis=1)
        kept.append(start[_eccentricity(start) <= _MAX_ECCENTRICITY])
    return np.concatenate(kept)[: options.n_trajectories]


def _eccentricity(first: NDArray[Any]) -> NDArray[np.float64]:
    """Eccentricity of each orbit, from the state of the first body ``(n, 4)``.

    The length of the Laplace–Runge–Lenz vector of d = 2q, v = 2p with the attraction 2:
    e = v × (d × v) / 2 − d/|d|.
    """
    d, v = 2 * first[:, :2], 2 * first[:, 2:]
    spin = d[:, :1] * v[:, 1:] - d[:, 1:] * v[:, :1]
    turned = np.stack([v[:, 1], -v[:, 0]], axis=1)
    vector = spin * turned / 2 - d / np.linalg.norm(d, axis=1, keepdims=True)
    eccentricity: NDArray[np.float64] = np.linalg.norm(vector, axis=1)
    return eccentricity


def _orbits(starts: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """States of the first body, ``(n, T, 4)``, for starts ``(n, 4)``."""
    n = len(starts)

    def derivative(_time: float, flat: NDArray[np.float64]) -> NDArray[np.float64]:
        state = flat.reshape(4, n)
        force = -state[:2] / (4 * np.hypot(state[0], state[1]) ** 3)
        return np.concatenate([state[2:], force]).reshape(-1)

    solution = solve_ivp(
        derivative,
        (0.0, times[-1]),
        starts.T.reshape(-1),
        method="DOP853",
        t_eval=times,
        rtol=_TOLERANCE,
        atol=_TOLERANCE,
    )
    states: NDArray[np.float64] = solution.y.reshape(4, n, len(times))
    return states.transpose(1, 2, 0)
