"""Convolutional networks for signals and images, one seed or an ensemble at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypeAlias, final

import torch
from torch import Tensor, nn
from torch.nn import functional

from symdisc_basics.activations import ActivationName, activation

TAPS = 4
"""Length of a kernel. With stride 2 it contains each kernel of length 3 followed by the mean of
two neighbours (pooling)."""

_CONVOLUTIONS: tuple[Callable[..., Tensor], ...] = (functional.conv1d, functional.conv2d)
_Transposed: TypeAlias = nn.ConvTranspose1d | nn.ConvTranspose2d
_TRANSPOSED: tuple[Callable[..., Tensor], ...] = (
    functional.conv_transpose1d,
    functional.conv_transpose2d,
)


def halved(grid: Sequence[int], levels: int) -> list[tuple[int, ...]]:
    """Sides of a grid before each level and after the last; odd ones are rounded up."""
    return [tuple(-(-side // 2**level) for side in grid) for level in range(levels + 1)]


@final
class Downward(nn.Module):
    """Convolutions of stride 2 with an activation after each.

    Maps ``(B, channels[0], *grid)`` to ``(B, channels[-1], *smaller grid)``, with a leading
    dimension E if there is one.

    Args:
        channels: Before the first level and after each.
        dimensions: 1 for signals, 2 for images.
        activation_name: Which activation.
        circular: The grid has no borders; else it is surrounded by zeros.
    """

    def __init__(
        self,
        channels: Sequence[int],
        dimensions: int,
        activation_name: ActivationName,
        circular: bool,
    ) -> None:
        super().__init__()
        self.activation, self.circular = activation(activation_name), circular
        self.n_levels, self.dimensions = len(channels) - 1, dimensions
        layer_type = nn.Conv1d if dimensions == 1 else nn.Conv2d
        for i, (before, after) in enumerate(itertools.pairwise(channels)):
            _register(self, i, layer_type(before, after, TAPS))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        convolve = _CONVOLUTIONS[self.dimensions - 1]
        for i in range(self.n_levels):
            odd = [side % 2 for side in x.shape[-self.dimensions :]]
            x = _padded(x, [(1, 1 + more) for more in odd], self.circular)
            weight, bias = getattr(self, f"weight_{i}"), getattr(self, f"bias_{i}")
            x = self.activation(_each(convolve, x, weight, bias, stride=2))
        return x


@final
class Upward(nn.Module):
    """The mirror image: transposed convolutions of stride 2, with an activation between them.

    Args:
        channels: Before the first level and after each.
        grids: Sides before the first level and after each.
        activation_name: Which activation.
        circular: As in :class:`Downward`.
    """

    def __init__(
        self,
        channels: Sequence[int],
        grids: Sequence[tuple[int, ...]],
        activation_name: ActivationName,
        circular: bool,
    ) -> None:
        super().__init__()
        self.activation, self.circular = activation(activation_name), circular
        self.n_levels, self.grids = len(channels) - 1, [tuple(grid) for grid in grids]
        layer_type = nn.ConvTranspose1d if len(grids[0]) == 1 else nn.ConvTranspose2d
        for i, (before, after) in enumerate(itertools.pairwise(channels)):
            _register(self, i, layer_type(before, after, TAPS))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        dimensions = len(self.grids[0])
        transposed = _TRANSPOSED[dimensions - 1]
        for i, grid in enumerate(self.grids[1:]):
            weight, bias = getattr(self, f"weight_{i}"), getattr(self, f"bias_{i}")
            x = _padded(x, [(1, 1)] * dimensions, self.circular)
            # Each side of n becomes 2n: three are cut off at both ends, two of which are padding.
            x = _each(transposed, x, weight, bias, stride=2, padding=3)
            for axis, side in enumerate(grid, start=-dimensions):
                x = x.narrow(axis, 0, side)
            x = self.activation(x) if i < self.n_levels - 1 else x
        return x


def _register(module: nn.Module, i: int, layer: nn.Conv1d | nn.Conv2d | _Transposed) -> None:
    """Take over weight and bias of a layer, for torch's usual initialisation."""
    for name, parameter in layer.named_parameters():
        module.register_parameter(f"{name}_{i}", nn.Parameter(parameter.detach()))


def _padded(x: Tensor, widths: Sequence[tuple[int, int]], circular: bool) -> Tensor:
    """Pad the last axes by so many entries in front and behind."""
    if not circular:
        return functional.pad(x, [width for pair in reversed(widths) for width in pair])
    for axis, (front, behind) in enumerate(widths, start=-len(widths)):
        side = x.shape[axis]
        # Pieces, since padding in torch's circular mode cannot be vmapped.
        ends = x.narrow(axis, side - front, front), x.narrow(axis, 0, behind)
        x = torch.cat([ends[0], x, ends[1]], dim=axis)
    return x


def _each(
    convolve: Callable[..., Tensor], x: Tensor, weight: Tensor, bias: Tensor, **settings: int
) -> Tensor:
    """Convolve; members of an ensemble one by one.

    One grouped convolution for all of them was measured on a CPU: up to twice as slow.
    """
    if bias.ndim == 1:
        return convolve(x, weight, bias, **settings)
    members = zip(x.unbind(), weight.unbind(), bias.unbind(), strict=True)
    return torch.stack([convolve(*member, **settings) for member in members])
