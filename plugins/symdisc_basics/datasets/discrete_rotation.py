"""A function that keeps its value under a few rotations only: a discrete symmetry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options


class DiscreteRotationOptions(Options):
    """Options of ``discrete-rotation``."""

    n_samples: int = Field(20_000, ge=10, description="Rows [1]")
    order: int = Field(7, ge=2, description="Number of rotations in the symmetry group [1]")
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class DiscreteRotation(Dataset):
    """Rows x in R³ with one scalar target y = x₃ / (1 + (atan2(x₂, x₁) mod 2π/``order``)).

    x is drawn from the standard normal law; there is no noise. The angle in the denominator
    repeats itself after every turn by 2π/``order`` about axis 3 and jumps from 2π/``order`` to 0
    there, so the joint law of (x, y) is invariant under the cyclic group of these turns and
    under no other linear map.

    No true generators are given, because true generators are those of a continuous group and
    this group has none. :func:`generator` gives the matrix L whose exponentials exp(k L), for
    whole numbers k, are the group; what lies between them is no symmetry.

    Stretching x₁ and x₂ by one factor leaves the angle, and so y, as they are, but not the law
    of x: diag(1, 1, 0) generates a symmetry of y given x, and no other generator does.

    The function is that of Yang, Walters, Dehmamy and Yu, Generative Adversarial Symmetry
    Discovery (ICML 2023, arXiv:2302.00236), where the order is 7.
    """

    Options: ClassVar[type[Options]] = DiscreteRotationOptions
    recommended: ClassVar[Mapping[str, Any]] = {"preset": "discrete"}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "C_7: sevenths of a turn, discrete"
    shape: ClassVar[tuple[int, ...]] = (20_000, 3)
    description: ClassVar[str] = (
        "Three numbers and a function of them that does not change when the first two are turned "
        "by a seventh of a full turn (or another fraction, see the option order). Smaller turns "
        "do change it: the symmetry is a finite group of rotations, without a continuous one."
    )

    def __init__(self, options: DiscreteRotationOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        rng = np.random.default_rng(self.options.seed)
        states = rng.standard_normal((self.options.n_samples, 3))
        return RawData(
            states=states,
            targets=targets_of(states, self.options.order)[:, None],
            representation="V3",
            target_representation="S",
            names=("x1", "x2", "x3"),
        )


def targets_of(states: NDArray[Any], order: int) -> NDArray[np.float64]:
    """x₃ / (1 + (atan2(x₂, x₁) mod 2π/order)) for rows x ``(N, 3)``: ``(N,)``."""
    angle = np.arctan2(states[:, 1], states[:, 0])
    targets: NDArray[np.float64] = states[:, 2] / (1 + np.mod(angle, 2 * np.pi / order))
    return targets


def generator(order: int) -> NDArray[np.float64]:
    """The matrix L ``(3, 3)`` with exp(L) a turn by 2π/order about axis 3.

    exp(k L) is a symmetry for whole numbers k only, so L is not a generator of a continuous
    symmetry; methods that look for discrete ones are measured against it.
    """
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    return 2 * np.pi / order * turn
