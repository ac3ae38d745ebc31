"""A ratio of two positive numbers, which does not change when both are scaled."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options


class ScalingRatioOptions(Options):
    """Options of ``scaling-ratio``. Everything is dimensionless."""

    n_samples: int = Field(20_000, ge=10, description="Rows [1]")
    spread: float = Field(
        0.5,
        gt=0,
        le=3,
        description="Standard deviation of the natural logarithm of each number [1]",
    )
    noise: float = Field(
        0.0, ge=0, description="Standard deviation of normal noise added to the ratio [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class ScalingRatio(Dataset):
    """Rows of two positive numbers with the target y = x₁/x₂ + noise.

    ln x₁ and ln x₂ are independent and normal with mean 0. Along x' = exp(tL) x the ratio
    changes by ((L₁₁ − L₂₂) x₁x₂ + L₁₂x₂² − L₂₁x₁²)/x₂², which vanishes for all x only where L is
    a multiple of the identity: the one true generator is the scaling of both numbers.

    It is a symmetry of y given x. The law of x, like every probability law on positive numbers,
    is not invariant under scaling.
    """

    Options: ClassVar[type[Options]] = ScalingRatioOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "scaling"
    shape: ClassVar[tuple[int, ...]] = (20_000, 2)
    description: ClassVar[str] = (
        "Two positive numbers and their ratio. Scaling both numbers by one factor, for instance "
        "by choosing another unit, leaves the ratio as it is: the symmetry is a scaling."
    )

    def __init__(self, options: ScalingRatioOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        rng = np.random.default_rng(self.options.seed)
        n = self.options.n_samples
        states = np.exp(self.options.spread * rng.standard_normal((n, 2)))
        noise = self.options.noise * rng.standard_normal((n, 1))
        targets: np.ndarray[Any, np.dtype[np.float64]] = states[:, :1] / states[:, 1:] + noise
        return RawData(
            states=states,
            targets=targets,
            representation="V2",
            target_representation="S",
            names=("x1", "x2"),
            truth=np.eye(2)[None],
        )
