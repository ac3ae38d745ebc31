"""Data with a squeeze symmetry."""

from __future__ import annotations

from typing import ClassVar, final

import numpy as np

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options


class SqueezeOptions(Options):
    """Options of ``squeeze``."""

    n_samples: int = Field(2000, ge=1, description="Number of points [1]")
    noise: float = Field(0.0, ge=0, description="Standard deviation added to the target [m^2]")
    spread: float = Field(
        0.7, gt=0, description="Standard deviation of the rapidity at which points lie [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the random numbers [1]")


@final
class Squeeze(Dataset):
    """Points (x, y) with target x·y, which no squeeze (x, y) → (eᵗx, e⁻ᵗy) changes."""

    Options: ClassVar[type[Options]] = SqueezeOptions
    licence: ClassVar[str] = "made by a formula; free of rights (CC0-1.0)"
    description: ClassVar[str] = """
        Points of the plane with the target p = x*y. Squeezing the plane, (x, y) ->
        (exp(t) x, exp(-t) y), moves every point along its hyperbola and leaves p unchanged.
        The points are drawn in the matching coordinates: p uniform between 0.5 and 2 m^2 in
        size with either sign, and the rapidity s = log|x/y|/2 normal with mean 0.
    """

    def __init__(self, options: SqueezeOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        rng = np.random.default_rng(options.seed)
        signs = rng.choice([-1.0, 1.0], size=(options.n_samples, 2))
        product = rng.uniform(0.5, 2.0, size=options.n_samples)
        rapidity = rng.normal(0.0, options.spread, size=options.n_samples)
        sizes = np.sqrt(product)[:, None] * np.exp(rapidity[:, None] * [1.0, -1.0])
        states = signs * sizes
        noise = rng.normal(0.0, options.noise, size=options.n_samples)
        return RawData(
            states=states,
            targets=(states.prod(axis=1) + noise)[:, None],
            representation="V2",
            names=("x", "y"),
            units=("m", "m"),
            truth=np.diag([1.0, -1.0])[None],
        )
