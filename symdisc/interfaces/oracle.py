"""Oracles: functions F that characterise data, and their derivatives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.options import Options as ComponentOptions


class Oracle(ABC):
    """F: R^d → R^c, for instance a predictor, a density or the equations of a surface.

    A symmetry of the data is one of F: F(g x) = F(x), or F(g x) = ρ(g) F(x) where the targets
    transform. The constructor takes ``(options)``.

    Attributes:
        Options: The options model of this component.
        quick: Whether a fit takes so little that it can be repeated many times on drawn rows, to
            tell how certain F is.
        derivatives: How the derivatives come about, in words: ``"exact"``, or what they are.
        degree: Degree of F where it is a polynomial, else ``None``; known once it is fitted.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    quick: ClassVar[bool] = False
    derivatives: ClassVar[str] = "exact"
    degree: int | None = None

    @abstractmethod
    def __init__(self, options: ComponentOptions) -> None:
        """Remember the options; nothing is computed yet."""

    @classmethod
    @abstractmethod
    def unsuited(cls, samples: Samples) -> str:
        """Why F cannot be fitted to such samples; ``""`` if it can."""

    @abstractmethod
    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """Fit F to data; a function that was given beforehand stays as it is.

        Args:
            x: Points ``(N, d)``.
            y: Values ``(N, c)``, class labels ``(N,)`` int64, or ``None``.
            rng: Source of randomness; the global random state is left alone.
        """

    @abstractmethod
    def value(self, x: Tensor) -> Tensor:
        """F at points ``(N, d)`` float64: ``(N, c)`` float64."""

    @abstractmethod
    def jacobian(self, x: Tensor) -> Tensor:
        """Derivatives of F at points ``(N, d)`` float64: ``(N, c, d)`` float64."""
