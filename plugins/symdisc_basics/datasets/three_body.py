"""Planar orbits of three equal masses that attract each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator
from scipy.integrate import solve_ivp

from symdisc.errors import DataError
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

_TOLERANCE = 1e-11
_ROUGH_TOLERANCE = 1e-5
_LOOKS = 16
"""Distances are looked at so many times from one state to the next."""
_ROUNDS = 30
"""How often as many candidates are drawn as trajectories are asked for."""


class ThreeBodyOptions(Options):
    """Options of ``three-body``. Units: the masses and the constant of gravity are 1."""

    n_trajectories: int = Field(1000, ge=1, description="Trajectories [1]")
    n_states: int = Field(20, ge=2, description="States in each trajectory [1]")
    time_step: float = Field(5 / 19, gt=0, description="Time between two states [time]")
    min_radius: float = Field(
        0.9, gt=0, description="Smallest distance of a body from the centre at the start [length]"
    )
    max_radius: float = Field(
        1.2, gt=0, description="Largest distance of a body from the centre at the start [length]"
    )
    speed_noise: float = Field(
        0.1,
        ge=0,
        le=0.3,
        description="Standard deviation of what is added to each component of each velocity at "
        "the start, as a share of the speed of a circular orbit [1]",
    )
    min_distance: float = Field(
        0.3,
        gt=0,
        description="Trajectories in which two bodies come closer are drawn again [length]",
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")

    @model_validator(mode="after")
    def _lengths_in_order(self) -> ThreeBodyOptions:
        if self.min_radius > self.max_radius:
            raise ValueError(
                f"min_radius {self.min_radius:g} must not exceed max_radius {self.max_radius:g}"
            )
        if self.min_distance > self.min_radius:
            raise ValueError(
                f"min_distance {self.min_distance:g} must not exceed min_radius "
                f"{self.min_radius:g}: at the start the bodies are 1.73 radii apart"
            )
        return self


@final
class ThreeBody(Dataset):
    """Three bodies of mass 1 in the plane, drawn together by gravity with constant 1.

    q̈_i = Σ_j (q_j − q_i)/|q_j − q_i|³. The centre of mass rests at the origin. A state is
    (q₁, q₂, q₃, p₁, p₂, p₃), two coordinates each.

    The bodies start at the corners of an equilateral triangle about the origin, at a distance r
    uniform in [``min_radius``, ``max_radius``], turned by an angle uniform on the circle, with
    the speed √(1/(√3 r)) of a counter-clockwise circular orbit; independent normal noise is
    added to both components of each velocity, and then its mean over the bodies is taken away.
    A trajectory is drawn again if two of its bodies come closer than ``min_distance``; distances
    are looked at 16 times between two states. They do not change under rotations, and nothing
    else here singles out a direction, so the law of the data is exactly invariant under them.

    The equation is solved by DOP853 with tolerance 1e-11. With the default options energy and
    angular momentum change by less than 1e-8 of their value along a trajectory.

    The true generator is six equal blocks [[0, 1], [−1, 0]]. Because the centre of mass rests,
    the states span eight of twelve dimensions: without blocks the generator is not unique.

    After the data of Greydanus, Dzamba and Yosinski, Hamiltonian Neural Networks (NeurIPS 2019,
    arXiv:1906.01563), from which radii, number of states and time are taken. There directions
    at the start are drawn from the corners of a square, speeds are changed component by
    component in fixed axes, the centre of mass moves and close encounters stay; here they are
    drawn so that the law has the symmetry exactly.
    """

    Options: ClassVar[type[Options]] = ThreeBodyOptions
    recommended: ClassVar[Mapping[str, Any]] = {"group.blocks": [2, 2, 2, 2, 2, 2]}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    cache_version: ClassVar[int | None] = 1
    symmetry: ClassVar[str] = "SO(2): rotation of the plane"
    shape: ClassVar[tuple[int, ...]] = (1000, 20, 12)
    description: ClassVar[str] = (
        "Three equal masses under gravity, in the plane and seen from their centre of mass: "
        "positions and momenta of all three at equal steps of time, beginning near the orbit on "
        "which they circle at the corners of a triangle. The law of motion is the same in all "
        "directions; its symmetry is a rotation that turns all positions and momenta alike."
    )

    def __init__(self, options: ThreeBodyOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`.

        Raises:
            DataError: Nearly all trajectories have a close encounter.
        """
        quarter_turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
        return RawData(
            states=_trajectories(self.options),
            representation="V12",
            names=tuple(f"{kind}{body}{axis}" for kind in "qp" for body in "123" for axis in "xy"),
            units=("length",) * 6 + ("momentum",) * 6,
            truth=np.kron(np.eye(6), quarter_turn)[None],
        )


def _trajectories(options: ThreeBodyOptions) -> NDArray[np.float64]:
    """States ``(n_trajectories, n_states, 12)`` without close encounters."""
    rng = np.random.default_rng(options.seed)
    kept: list[NDArray[np.float64]] = []
    for _ in range(_ROUNDS):
        kept.append(_round(options, rng))
        if sum(map(len, kept)) >= options.n_trajectories:
            return np.concatenate(kept)[: options.n_trajectories]
    raise DataError(
        f"three-body: in {_ROUNDS * options.n_trajectories} trajectories only "
        f"{sum(map(len, kept))} have no two bodies closer than "
        f"dataset.min_distance = {options.min_distance:g}, but {options.n_trajectories} are asked "
        "for; lower it, shorten the trajectories (dataset.n_states, dataset.time_step) or lower "
        "dataset.speed_noise"
    )


def _round(options: ThreeBodyOptions, rng: np.random.Generator) -> NDArray[np.float64]:
    """Those of ``n_trajectories`` candidates that have no close encounter."""
    starts = _starts(options, options.n_trajectories, rng)
    # A rough look first: encounters, which all steps would have to follow, are costly.
    rough = _closest(_looks(starts, options, _ROUGH_TOLERANCE))
    promising = starts[rough >= 0.9 * options.min_distance]
    if not len(promising):
        return np.empty((0, options.n_states, 12))
    states = _looks(promising, options, _TOLERANCE)
    return states[_closest(states) >= options.min_distance, ::_LOOKS]


def _looks(
    starts: NDArray[np.float64], options: ThreeBodyOptions, tolerance: float
) -> NDArray[np.float64]:
    """States ``(n, looks, 12)``, 16 times as dense as those asked for."""
    looks = _LOOKS * (options.n_states - 1) + 1
    times = options.time_step / _LOOKS * np.arange(looks, dtype=np.float64)
    return _orbits(starts, times, tolerance, options.min_distance / 2)


def _closest(states: NDArray[Any]) -> NDArray[np.float64]:
    """Least distance of two bodies in each trajectory ``(n, T, 12)``: ``(n,)``."""
    closest: NDArray[np.float64] = _distances(states).min((1, 2))
    return closest


def _starts(options: ThreeBodyOptions, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """States at time 0, ``(n, 12)``."""
    radius = rng.uniform(options.min_radius, options.max_radius, (n, 1, 1))
    angle = rng.uniform(0, 2 * np.pi, (n, 1)) + 2 * np.pi / 3 * np.arange(3)
    outward = np.stack([np.cos(angle), np.sin(angle)], axis=2)
    along = np.stack([-np.sin(angle), np.cos(angle)], axis=2)
    noise = options.speed_noise * rng.standard_normal((n, 3, 2))
    noise -= noise.mean(1, keepdims=True)
    momentum = (along + noise) / np.sqrt(np.sqrt(3) * radius)
    return np.concatenate([radius * outward, momentum], axis=1).reshape(n, 12)


def _distances(states: NDArray[Any]) -> NDArray[np.float64]:
    """Distances of bodies 1–2, 2–3 and 3–1, ``(..., 3)``, of states ``(..., 12)``."""
    bodies = states[..., :6].reshape(*states.shape[:-1], 3, 2)
    apart = np.roll(bodies, -1, axis=-2) - bodies
    distances: NDArray[np.float64] = np.hypot(apart[..., 0], apart[..., 1])
    return distances


def _orbits(
    starts: NDArray[np.float64], times: NDArray[np.float64], tolerance: float, softening: float
) -> NDArray[np.float64]:
    """States ``(n, T, 12)`` for starts ``(n, 12)``.

    Below the distance ``softening`` the attraction is that of this distance, which keeps steps
    from becoming tiny. Trajectories that get there are thrown away.
    """
    n = len(starts)

    def derivative(_time: float, flat: NDArray[np.float64]) -> NDArray[np.float64]:
        q, p = flat.reshape(2, 3, 2, n)
        apart = np.roll(q, -1, axis=0) - q
        distance = np.maximum(np.hypot(apart[:, 0], apart[:, 1]), softening)
        pull = apart / distance[:, None] ** 3
        return np.concatenate([p.reshape(-1), (pull - np.roll(pull, 1, axis=0)).reshape(-1)])

    solution = solve_ivp(
        derivative,
        (0.0, times[-1]),
        starts.T.reshape(-1),
        method="DOP853",
        t_eval=times,
        rtol=tolerance,
        atol=tolerance,
    )
    states: NDArray[np.float64] = solution.y.reshape(12, n, len(times))
    return states.transpose(1, 2, 0)
