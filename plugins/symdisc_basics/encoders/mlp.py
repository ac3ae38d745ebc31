"""The fully connected encoder."""

from __future__ import annotations

from typing import ClassVar, final

from pydantic import model_validator
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import Field, Options
from symdisc_basics.encoders.network_pair import NetworkPairEncoder, NetworkPairOptions
from symdisc_basics.perceptron import Perceptron


class MLPEncoderOptions(NetworkPairOptions):
    """Options of ``mlp``."""

    width: int = Field(128, ge=1, description="Units in each hidden layer [1]")
    depth: int = Field(3, ge=1, description="Hidden layers of each of the two networks [1]")
    residual: bool = Field(False, description="Hidden layers after the first add to their input")
    batch_norm: bool = Field(False, description="Batch normalisation of hidden layers")
    components: int | None = Field(
        None,
        ge=1,
        description="Principal components of the data that the networks see and give; null: the "
        "data themselves [1]",
    )

    @model_validator(mode="after")
    def _wide_enough(self) -> MLPEncoderOptions:
        size = self.latent_form.size
        if self.orthogonal and size > self.width:
            raise ValueError(
                f"{size} orthonormal rows need width {size} or more; got width={self.width}"
            )
        return self


@final
class MLPEncoder(NetworkPairEncoder):
    """Two fully connected networks, φ into latent space and ψ back.

    LaLiGAN (arXiv:2310.00105) has five layers of 512 units: ``width=512 depth=5
    activation=relu``, and ``orthogonal=true``.
    """

    Options: ClassVar[type[Options]] = MLPEncoderOptions

    def __init__(self, options: MLPEncoderOptions, shapes: DataShapes) -> None:
        form = shapes.representation
        size = shapes.size if options.components is None else options.components
        _check_components(size, shapes)
        channels = form.n_vectors if form.grid else None
        super().__init__(options, shapes, channels, options.components)
        hidden, latent = [options.width] * options.depth, options.latent_form.size
        self.encoder = Perceptron(
            [size, *hidden, latent],
            activation_name=options.activation,
            residual=options.residual,
            batch_norm=options.batch_norm,
            orthogonal=options.orthogonal,
        )
        self.decoder = Perceptron(
            [latent, *hidden, size],
            activation_name=options.activation,
            residual=options.residual,
            batch_norm=options.batch_norm,
        )

    def down(self, x: Tensor) -> Tensor:
        """See :class:`NetworkPairEncoder`."""
        latent: Tensor = self.encoder(x)
        return latent

    def up(self, z: Tensor) -> Tensor:
        """See :class:`NetworkPairEncoder`."""
        back: Tensor = self.decoder(z)
        return back

    @property
    def has_running_statistics(self) -> bool:
        """See :class:`KeepsStatistics`."""
        return self.encoder.batch_norm or super().has_running_statistics

    def update_networks(self, x: Tensor, share: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        latent = self.encoder.update_statistics(x, share)
        if self.decoder.batch_norm:
            self.decoder.update_statistics(latent, share)
        return self.to_latent(x)


def _check_components(size: int, shapes: DataShapes) -> None:
    if size > shapes.size:
        raise OptionError(
            f"encoder.components={size}, but a state has {shapes.size} coordinates; give "
            f"{shapes.size} or less"
        )
