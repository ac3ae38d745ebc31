"""The identity and the fully connected encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, final

from torch import Tensor, nn

from symdisc.interfaces import DataShapes, Encoder
from symdisc.options import Field, Options
from symdisc.representations import Representation
from symdisc_basics.perceptron import Perceptron


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


class MLPEncoderOptions(Options):
    """Options of ``mlp``."""

    latent_dim: int = Field(2, ge=1, description="Latent coordinates [1]")
    width: int = Field(128, ge=1, description="Units in each hidden layer [1]")
    depth: int = Field(3, ge=1, description="Hidden layers of each of the two networks [1]")


@final
class MLPEncoder(Encoder):
    """Two fully connected networks, φ into latent space and ψ back.

    The latent coordinates form one vector, ``V<latent_dim>``.
    """

    Options: ClassVar[type[Options]] = MLPEncoderOptions

    def __init__(self, options: MLPEncoderOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        hidden = [options.width] * options.depth
        self.latent_representation = Representation.vector(options.latent_dim)
        self.encoder = Perceptron([shapes.size, *hidden, options.latent_dim])
        self.decoder = Perceptron([options.latent_dim, *hidden, shapes.size])

    def encode(self, x: Tensor) -> Tensor:
        """See :class:`Encoder`."""
        return _rowwise(self.encoder, x)

    def decode(self, z: Tensor) -> Tensor:
        """See :class:`Encoder`."""
        return _rowwise(self.decoder, z)

    @staticmethod
    def stack(members: Sequence[MLPEncoder]) -> MLPEncoder:
        """All members as one module that multiplies matrices in batches."""
        stacked = MLPEncoder.__new__(MLPEncoder)
        nn.Module.__init__(stacked)
        stacked.latent_representation = members[0].latent_representation
        stacked.encoder = Perceptron.stack([member.encoder for member in members])
        stacked.decoder = Perceptron.stack([member.decoder for member in members])
        return stacked


def _rowwise(network: Perceptron, x: Tensor) -> Tensor:
    # One row dimension for the matrix products; a stacked network keeps its leading dimension.
    leading = network.n_leading
    rows = x.reshape(*x.shape[:leading], -1, x.shape[-1])
    mapped: Tensor = network(rows)
    return mapped.reshape(*x.shape[:-1], mapped.shape[-1])
