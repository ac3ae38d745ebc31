"""Coefficient distributions: how the Lie-algebra coefficients z are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from symdisc.options import Options as ComponentOptions


class CoefficientDistribution(ABC):
    """A law of coefficients z ∈ R^k, one for each generator.

    The constructor takes ``(options, n_generators)``.

    Attributes:
        Options: The options model of this component.
        discrete: Whether coefficients are whole numbers; then only exp(Σ z_i L_i) with whole
            z_i are claimed to be symmetries, and ``log_prob`` is that of a probability.
        n_generators: The number k of coefficients.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    discrete: ClassVar[bool] = False
    n_generators: int

    @abstractmethod
    def __init__(self, options: ComponentOptions, n_generators: int) -> None:
        """Set the law up for ``n_generators`` coefficients."""

    @abstractmethod
    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        """Draw coefficients ``(*shape, k)`` on the device of ``rng``."""

    @abstractmethod
    def log_prob(self, z: Tensor) -> Tensor:
        """Log density of coefficients ``(..., k)`` as ``(...)``, −inf outside the support.

        Of a discrete law, the log of the probability.
        """

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Smallest interval that holds every coefficient; infinite ends are allowed."""
