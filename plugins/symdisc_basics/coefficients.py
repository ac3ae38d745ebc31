"""Coefficient distributions without parameters."""

from __future__ import annotations

import math
from typing import ClassVar, final

import torch
from torch import Tensor

from symdisc.interfaces import CoefficientDistribution
from symdisc.options import Field, Options


class NormalOptions(Options):
    """Options of ``normal``."""

    scale: float = Field(1.0, gt=0, description="Standard deviation of every coefficient [1]")


@final
class Normal(CoefficientDistribution):
    """Independent coefficients z_i ~ N(0, scale²)."""

    Options: ClassVar[type[Options]] = NormalOptions

    def __init__(self, options: NormalOptions, n_generators: int) -> None:
        self.n_generators = n_generators
        self.scale = options.scale

    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        """See :class:`CoefficientDistribution`."""
        size = (*shape, self.n_generators)
        return self.scale * torch.randn(size, generator=rng, device=rng.device)

    def log_prob(self, z: Tensor) -> Tensor:
        """See :class:`CoefficientDistribution`."""
        constant = 0.5 * math.log(2 * math.pi) + math.log(self.scale)
        return (-0.5 * (z / self.scale).square() - constant).sum(-1)

    @property
    def support(self) -> tuple[float, float]:
        """The whole line."""
        return (-math.inf, math.inf)


class UniformOptions(Options):
    """Options of ``uniform``."""

    width: float = Field(1.0, gt=0, description="Coefficients lie between -width and width [1]")


@final
class Uniform(CoefficientDistribution):
    """Independent coefficients z_i ~ U(−width, width)."""

    Options: ClassVar[type[Options]] = UniformOptions

    def __init__(self, options: UniformOptions, n_generators: int) -> None:
        self.n_generators = n_generators
        self.width = options.width

    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        """See :class:`CoefficientDistribution`."""
        size = (*shape, self.n_generators)
        return self.width * (2 * torch.rand(size, generator=rng, device=rng.device) - 1)

    def log_prob(self, z: Tensor) -> Tensor:
        """See :class:`CoefficientDistribution`."""
        inside = (z.abs() <= self.width).all(-1)
        density = -self.n_generators * math.log(2 * self.width)
        return z.new_full(inside.shape, density).masked_fill(~inside, -math.inf)

    @property
    def support(self) -> tuple[float, float]:
        """From −width to width."""
        return (-self.width, self.width)


class IntegerGridOptions(Options):
    """Options of ``integer-grid``."""

    largest: int = Field(10, ge=1, description="Coefficients are -largest, ..., largest [1]")


@final
class IntegerGrid(CoefficientDistribution):
    """Independent whole numbers z_i, uniform on {−m, …, m}.

    With them exp(Σ z_i L_i) runs through a discrete group that exp(L_i) generate (LieGAN,
    arXiv:2302.00236, section 4.1). The grid is symmetric, so that g and g⁻¹ are equally likely.
    """

    Options: ClassVar[type[Options]] = IntegerGridOptions
    discrete: ClassVar[bool] = True

    def __init__(self, options: IntegerGridOptions, n_generators: int) -> None:
        self.n_generators = n_generators
        self.largest = options.largest

    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        """See :class:`CoefficientDistribution`."""
        m, size = self.largest, (*shape, self.n_generators)
        return torch.randint(-m, m + 1, size, generator=rng, device=rng.device).float()

    def log_prob(self, z: Tensor) -> Tensor:
        """See :class:`CoefficientDistribution`."""
        on_grid = ((z.abs() <= self.largest) & (z == z.round())).all(-1)
        probability = -self.n_generators * math.log(2 * self.largest + 1)
        return z.new_full(on_grid.shape, probability).masked_fill(~on_grid, -math.inf)

    @property
    def support(self) -> tuple[float, float]:
        """From −m to m."""
        return (-self.largest, self.largest)
