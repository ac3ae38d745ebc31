"""The two networks of convolutional encoders, and their options."""

from __future__ import annotations

import math
from typing import final

from pydantic import model_validator
from torch import Tensor, nn

from symdisc.errors import OptionError
from symdisc.options import Field
from symdisc_basics.convolutions import Downward, Upward, halved
from symdisc_basics.encoders.network_pair import NetworkPairOptions
from symdisc_basics.perceptron import Perceptron


class ConvEncoderOptions(NetworkPairOptions):
    """Options of encoders with convolutions."""

    width: int = Field(64, ge=1, description="Channels of the last level; half at each before [1]")
    levels: int = Field(3, ge=1, description="Levels, each of which halves every side [1]")
    hidden: int = Field(128, ge=1, description="Units between convolutions and latent space [1]")
    circular: bool = Field(False, description="The grid has no borders: it closes upon itself")

    @model_validator(mode="after")
    def _wide_enough(self) -> ConvEncoderOptions:
        size = self.latent_form.size
        if self.orthogonal and size > self.hidden:
            raise ValueError(
                f"{size} orthonormal rows need hidden={size} or more; got hidden={self.hidden}"
            )
        return self


@final
class ConvPair(nn.Module):
    """Convolutions, then one hidden layer, to the latent rows; and the mirror image back.

    Args:
        options: Options of the encoder.
        channels: Of the signal or image.
        grid: Its sides.

    Raises:
        OptionError: The grid is too small for so many levels.
    """

    def __init__(self, options: ConvEncoderOptions, channels: int, grid: tuple[int, ...]) -> None:
        super().__init__()
        _check_levels(options.levels, grid)
        widths = [max(1, options.width // 2**i) for i in reversed(range(options.levels))]
        self.channels, self.grids = [channels, *widths], halved(grid, options.levels)
        features, latent = math.prod(self.grids[-1]) * widths[-1], options.latent_form.size
        name, circular = options.activation, options.circular
        self.down = Downward(self.channels, len(grid), name, circular)
        self.head = Perceptron(
            [features, options.hidden, latent],
            activation_name=name,
            orthogonal=options.orthogonal,
        )
        self.tail = Perceptron([latent, options.hidden, features], activation_name=name)
        self.up = Upward(self.channels[::-1], self.grids[::-1], name, circular)

    def encode(self, x: Tensor) -> Tensor:
        """Rows to latent rows, with a leading dimension if the parameters have one."""
        seen = self.down(x.reshape(*x.shape[:-1], self.channels[0], *self.grids[0]))
        latent: Tensor = self.head(seen.flatten(x.ndim - 1))
        return latent

    def decode(self, z: Tensor) -> Tensor:
        """Latent rows to rows."""
        features = self.up.activation(self.tail(z))
        grown = self.up(features.reshape(*z.shape[:-1], self.channels[-1], *self.grids[-1]))
        rows: Tensor = grown.flatten(z.ndim - 1)
        return rows


def _check_levels(levels: int, grid: tuple[int, ...]) -> None:
    most = int(math.log2(min(grid)))
    if levels > most:
        raise OptionError(
            f"{levels} levels, each of which halves the sides, need at least {2**levels} points "
            f"along each; got {'x'.join(map(str, grid))}; use --set encoder.levels={most} or less"
            if most
            else f"a grid of {'x'.join(map(str, grid))} is too small for convolutions; "
            "use --encoder mlp"
        )
