"""A negative control for latent symmetries: motions that are chaotic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

_SIGMA, _RHO, _BETA = 10.0, 28.0, 8 / 3
_LONGEST_STEP = 0.005
_WARM_UP = 10.0

_A, _B = 1.4, 0.3
_ROUNDS = 100


class ChaoticControlOptions(Options):
    """Options of ``chaotic-control``."""

    system: Literal["lorenz", "henon"] = Field(
        "lorenz", description="Lorenz's equations, or the map of Hénon"
    )
    n_trajectories: int = Field(1000, ge=1, description="Trajectories [1]")
    n_states: int = Field(20, ge=2, description="States in each trajectory [1]")
    time_step: float = Field(
        0.5, gt=0, description="Time between two states of Lorenz's equations [time]"
    )
    seed: int = Field(0, ge=0, description="Seed of the starts [1]")


@final
class ChaoticControl(Dataset):
    """States of a chaotic system, a large step apart, after they have come to its attractor.

    ``lorenz``: ẋ = 10 (y − x), ẏ = x (28 − z) − y, ż = xy − 8z/3 (Lorenz, J. Atmos. Sci. 20,
    1963). Neighbouring states come apart by the factor e in 1.1 units of time; in the step of
    0.5 they go two thirds round a lobe, or change over to the other one. The method of Runge and
    Kutta of order 4 with steps of at most 0.005 is wrong by up to 3e-5 after a time of 0.5. It
    uses nothing but sums and products, so that not even chaos makes numbers differ elsewhere.

    ``henon``: (x, y) to (1 − 1.4 x² + y, 0.3 x) (Hénon, Commun. Math. Phys. 50, 1976).

    No group that is compact and continuous acts on the attractor and commutes with the motion,
    so no latent rotation may be confirmed. The reason, given that periodic orbits lie dense in
    the attractor, that those of one period are isolated and that some orbit is dense: a
    connected group takes each periodic orbit to itself. Of the map these are points, which then
    stay where they are, hence all points do. Of the flow they are closed curves, on which the
    group can only shift in time, by the same amounts everywhere, since an amount that does not
    change along a dense orbit is a constant. A rotation comes back after one turn, so its amount
    would be a multiple of all periods; but there are arbitrarily long ones. What remains is
    discrete, (x, y, z) to (−x, −y, z) for Lorenz, or not compact: time itself.
    """

    Options: ClassVar[type[Options]] = ChaoticControlOptions
    recommended: ClassVar[Mapping[str, Any]] = {"method": "laligan"}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "none that is continuous and compact"
    shape: ClassVar[tuple[int, ...]] = (1000, 20, 3)
    description: ClassVar[str] = (
        "Motions that cannot be foretold for long: Lorenz's model of a convecting layer of air, "
        "or the map of Hénon. Whatever coordinates are chosen, no rotation goes together with "
        "the motion: a method that reports one here is wrong."
    )

    def __init__(self, options: ChaoticControlOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        made = _lorenz if self.options.system == "lorenz" else _henon
        states = made(self.options, np.random.default_rng(self.options.seed))
        size = states.shape[-1]
        return RawData(
            states=states,
            representation=f"V{size}",
            names=("x", "y", "z")[:size],
            truth=np.zeros((0, size, size)),
        )


def _lorenz(options: ChaoticControlOptions, rng: np.random.Generator) -> NDArray[np.float64]:
    """States ``(n_trajectories, n_states, 3)``."""
    starts = rng.uniform((-15, -15, 10), (15, 15, 40), (options.n_trajectories, 3)).T
    states = np.empty((options.n_states, *starts.shape))
    states[0] = flow(starts, _WARM_UP)
    for i in range(1, options.n_states):
        states[i] = flow(states[i - 1], options.time_step)
    return states.transpose(2, 0, 1)


def flow(states: NDArray[Any], time: float) -> NDArray[np.float64]:
    """Where Lorenz's equations take ``states`` ``(3, n)`` in ``time``."""
    steps = int(np.ceil(time / _LONGEST_STEP - 1e-9))
    step = time / steps
    for _ in range(steps):
        first = _velocity(states)
        second = _velocity(states + step / 2 * first)
        third = _velocity(states + step / 2 * second)
        last = _velocity(states + step * third)
        states = states + step / 6 * (first + 2 * (second + third) + last)
    return states


def _velocity(states: NDArray[Any]) -> NDArray[np.float64]:
    x, y, z = states
    return np.stack([_SIGMA * (y - x), x * (_RHO - z) - y, x * y - _BETA * z])


def _henon(options: ChaoticControlOptions, rng: np.random.Generator) -> NDArray[np.float64]:
    """States ``(n_trajectories, n_states, 2)``."""
    x, y = rng.uniform(-0.1, 0.1, (2, options.n_trajectories))
    states = []
    for _ in range(_ROUNDS + options.n_states):
        x, y = 1 - _A * x * x + y, _B * x
        states.append(np.stack([x, y], axis=1))
    return np.stack(states[_ROUNDS:], axis=1)
