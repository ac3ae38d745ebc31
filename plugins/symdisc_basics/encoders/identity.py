"""The identity encoder."""

from __future__ import annotations

from typing import final

from torch import Tensor

from symdisc.interfaces import DataShapes, Encoder
from symdisc.options import Options


@final
class Identity(Encoder):
    """Latent space is data space; for methods that act on the data themselves."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.latent_representation = shapes.representation

    def encode(self, x: Tensor) -> Tensor:
        """Return ``x`` as it is."""
        return x

    def decode(self, z: Tensor) -> Tensor:
        """Return ``z`` as it is."""
        return z
