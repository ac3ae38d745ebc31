"""Encoders: maps φ from data space to latent space, and decoders ψ back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn

from symdisc.interfaces.shapes import DataShapes
from symdisc.options import Options as ComponentOptions
from symdisc.representations import Representation


class Encoder(nn.Module, ABC):
    """One encoder–decoder pair.

    The constructor takes ``(options, shapes)``. Derivatives along the data (dz from dx) are
    taken from outside with ``torch.func.jvp``, so ``encode`` must be differentiable.

    Attributes:
        Options: The options model of this component.
        latent_representation: How the latent coordinates transform.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    latent_representation: Representation

    @abstractmethod
    def __init__(self, options: ComponentOptions, shapes: DataShapes) -> None:
        """Build the networks for data of these shapes."""
        super().__init__()

    @abstractmethod
    def encode(self, x: Tensor) -> Tensor:
        """Map data points ``(..., size)`` to latent points ``(..., latent_size)``."""

    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """Map latent points ``(..., latent_size)`` to data points ``(..., size)``."""
