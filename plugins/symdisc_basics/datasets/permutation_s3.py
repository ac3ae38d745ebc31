"""A soft maximum of three numbers, which does not care about their order."""

from __future__ import annotations

from itertools import permutations
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

_SHARPNESS = 3.0


class PermutationS3Options(Options):
    """Options of ``permutation-s3``. Everything is dimensionless."""

    n_samples: int = Field(20_000, ge=10, description="Rows [1]")
    handicap: float = Field(
        0.0,
        description="What the third number is given, and the first loses, before they are "
        "compared [1]",
    )
    noise: float = Field(
        0.0, ge=0, description="Standard deviation of normal noise added to the target [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class PermutationS3(Dataset):
    """Rows of three numbers with y = ⅓ ln(exp(3(x₁ − h)) + exp(3x₂) + exp(3(x₃ + h))) + noise.

    h is ``handicap``. The numbers are independent and standard normal.

    A linear map g keeps y exactly where Σ wᵢ exp(3(g x)ᵢ) = Σ wᵢ exp(3xᵢ) for all x, with the
    weights w = (exp(−3h), 1, exp(3h)). Exponentials of different linear forms are linearly
    independent, hence the rows of g are the unit vectors in some order, and this order leaves
    the weights as they are. So the symmetry is the group of all six permutation matrices, S₃,
    without a handicap, and nothing with one, whatever a method makes of the law of x. Either way
    there is no continuous symmetry.

    y differs little from the maximum: turning x by 60° about (1, 1, 1), midway between two
    permutations, changes it by 37 % of its spread. With a handicap of 0.1 (0.2), swapping
    the first number and the third changes y by 18 % (35 %) of it.
    """

    Options: ClassVar[type[Options]] = PermutationS3Options
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "S_3: permutations, discrete"
    shape: ClassVar[tuple[int, ...]] = (20_000, 3)
    description: ClassVar[str] = (
        "Three numbers and a smooth form of their maximum. Their order does not matter: the "
        "symmetry is the finite group of the six permutations, S_3, without a continuous one. "
        "With the option handicap the numbers are no longer compared as equals and no symmetry "
        "is left: a method that reports a permutation there is wrong."
    )

    def __init__(self, options: PermutationS3Options) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        rng = np.random.default_rng(options.seed)
        states = rng.standard_normal((options.n_samples, 3))
        noise = options.noise * rng.standard_normal(options.n_samples)
        return RawData(
            states=states,
            targets=(targets_of(states, options.handicap) + noise)[:, None],
            representation="V3",
            target_representation="S",
            names=("x1", "x2", "x3"),
            truth=generators(options),
        )


def targets_of(states: NDArray[Any], handicap: float) -> NDArray[np.float64]:
    """⅓ ln Σ exp(3(xᵢ + hᵢ)) with h = handicap · (−1, 0, 1) of rows x ``(N, 3)``: ``(N,)``."""
    compared = states + handicap * np.array([-1, 0, 1])
    targets: NDArray[np.float64] = logsumexp(_SHARPNESS * compared, axis=1) / _SHARPNESS
    return targets


def generators(_options: PermutationS3Options) -> NDArray[np.float64]:
    """There are none: ``(0, 3, 3)``."""
    return np.zeros((0, 3, 3))


def representatives(options: PermutationS3Options) -> NDArray[np.float64]:
    """All elements of the symmetry group: six permutations, or the identity, ``(m, 3, 3)``."""
    orders = [range(3)] if options.handicap else permutations(range(3))
    return np.stack([np.eye(3)[list(order)] for order in orders])
