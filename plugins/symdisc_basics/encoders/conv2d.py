"""The convolutional encoder of images and fields."""

from __future__ import annotations

import math
from typing import ClassVar, final

from torch import Tensor

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import Field, Options
from symdisc.representations import Representation
from symdisc_basics.encoders.conv_pair import ConvEncoderOptions, ConvPair
from symdisc_basics.encoders.network_pair import NetworkPairEncoder


class Conv2dEncoderOptions(ConvEncoderOptions):
    """Options of ``conv2d``."""

    image: tuple[int, int] | None = Field(
        None,
        description="Rows and columns of each channel, where the representation names no images",
    )


@final
class Conv2dEncoder(NetworkPairEncoder):
    """Convolutions over images; by default 16, 32 and 64 channels, each level half as wide.

    A state is an image, each channel row by row and one channel after the other. After the
    encoder of LaLiGAN (arXiv:2310.00105).
    """

    Options: ClassVar[type[Options]] = Conv2dEncoderOptions

    def __init__(self, options: Conv2dEncoderOptions, shapes: DataShapes) -> None:
        form = shapes.representation
        grid = _named_grid(form, options.image) if form.grid else _given_grid(form, options.image)
        channels = shapes.size // math.prod(grid)
        super().__init__(options, shapes, channels)
        self.networks = ConvPair(options, channels, grid)

    def down(self, x: Tensor) -> Tensor:
        """See :class:`NetworkPairEncoder`."""
        return self.networks.encode(x)

    def up(self, z: Tensor) -> Tensor:
        """See :class:`NetworkPairEncoder`."""
        return self.networks.decode(z)

    def update_networks(self, x: Tensor, share: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        return self.to_latent(x)


def _named_grid(form: Representation, image: tuple[int, int] | None) -> tuple[int, int]:
    """The grid of a representation of images."""
    grid = form.grid or (0, 0)
    if image not in (None, grid):
        raise OptionError(
            f"encoder.image={_text(image or grid)}, but a state '{form}' has images of "
            f"{_text(grid)}; leave out encoder.image"
        )
    if form.n_scalars:
        raise OptionError(
            f"conv2d encodes images alone, but a state '{form}' has {form.n_scalars} scalars "
            "beside them; leave them out of the data, or use --encoder mlp"
        )
    return grid


def _given_grid(form: Representation, image: tuple[int, int] | None) -> tuple[int, int]:
    """The grid for coordinates that nobody says more about."""
    if image is None:
        raise OptionError(
            f"conv2d encodes images, but a state is '{form}'; say what an image is, "
            f"{_proposal(form.size)}; or use --encoder mlp"
        )
    pixels = math.prod(image)
    if pixels < 1 or form.size % pixels:
        raise OptionError(
            f"images of {_text(image)} do not make a state of {form.size} coordinates ('{form}'); "
            f"give rows and columns, {_proposal(form.size)}"
        )
    return image


def _proposal(size: int) -> str:
    """What to type: a square image of one or three channels if there is one."""
    sides = [math.isqrt(size // channels) for channels in (1, 3)]
    fitting = [n for n, channels in zip(sides, (1, 3), strict=True) if n * n * channels == size]
    side = f"[{fitting[0]},{fitting[0]}]" if fitting else "[ROWS,COLUMNS]"
    return f"e.g. --set encoder.image={side}"


def _text(grid: tuple[int, int]) -> str:
    return "{}x{}".format(*grid)
