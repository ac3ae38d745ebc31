"""The convolutional encoder of signals."""

from __future__ import annotations

from typing import ClassVar, final

from torch import Tensor

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import Field, Options
from symdisc_basics.encoders.conv_pair import ConvEncoderOptions, ConvPair
from symdisc_basics.encoders.network_pair import NetworkPairEncoder


class Conv1dEncoderOptions(ConvEncoderOptions):
    """Options of ``conv1d``."""

    channels: int = Field(1, ge=1, description="Signals in a state, one after the other [1]")


@final
class Conv1dEncoder(NetworkPairEncoder):
    """Convolutions along signals; by default 16, 32 and 64 channels, each level half as long.

    A state is one signal, or several of the same length, one after the other. After the encoder
    of LaLiGAN (arXiv:2310.00105); instead of pooling, convolutions have stride 2.
    """

    Options: ClassVar[type[Options]] = Conv1dEncoderOptions

    def __init__(self, options: Conv1dEncoderOptions, shapes: DataShapes) -> None:
        length = _length(options.channels, shapes)
        super().__init__(options, shapes, options.channels)
        self.networks = ConvPair(options, options.channels, (length,))

    def down(self, x: Tensor) -> Tensor:
        """See :class:`NetworkPairEncoder`."""
        return self.networks.encode(x)

    def up(self, z: Tensor) -> Tensor:
        """See :class:`NetworkPairEncoder`."""
        return self.networks.decode(z)

    def update_networks(self, x: Tensor, share: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        return self.to_latent(x)


def _length(channels: int, shapes: DataShapes) -> int:
    form = shapes.representation
    if form.grid is not None:
        raise OptionError(
            f"conv1d encodes signals, but a state is of images, '{form}'; use --encoder conv2d"
        )
    if form.size % channels:
        fitting = [str(c) for c in range(1, form.size) if form.size % c == 0][:5]
        raise OptionError(
            f"encoder.channels={channels} signals of the same length do not make a state of "
            f"{form.size} coordinates ('{form}'); channels that would: {', '.join(fitting)}"
        )
    return form.size // channels
