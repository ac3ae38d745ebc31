"""Convolutional predictors of patches: one for each chart, for all seeds at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, silu

from symdisc.engine.context import derived_seed
from symdisc.engine.ensemble import Ensemble, stack_state
from symdisc.interfaces import EnsembleModule

LAYERS = 4
"""Convolutions of 3×3, without padding: a patch loses so many pixels on each side."""

WIDTH = 16
"""Channels between them."""


@final
class ChartNetworks(nn.Module):
    """For each chart a convolutional network and, added to it, one convolution of the same reach.

    The single convolution learns quickly what is linear in the field. Networks of this depth and
    width are published (arXiv:2504.10777), without it and with another activation.

    Args:
        n_charts: Number C of charts.
        channels: Of a picture.
    """

    def __init__(self, n_charts: int, channels: int) -> None:
        super().__init__()
        widths = [channels, *[WIDTH] * (LAYERS - 1), channels]
        for i in range(LAYERS):
            pair = widths[i], widths[i + 1]
            self._register(str(i), [nn.Conv2d(*pair, 3) for _ in range(n_charts)])
        wide = [nn.Conv2d(channels, channels, 2 * LAYERS + 1) for _ in range(n_charts)]
        self._register("linear", wide)

    def forward(self, x: Tensor) -> Tensor:
        """Map patches ``(C, N, channels, s, s)`` to inner ones, with a leading E once stacked."""
        flat = given = x.flatten(0, -5)
        for i in range(LAYERS):
            flat = self._each(str(i), silu(flat) if i else flat)
        found: Tensor = flat + self._each("linear", given)
        return found.reshape(*x.shape[:-3], *found.shape[-3:])

    def _register(self, name: str, layers: Sequence[nn.Conv2d]) -> None:
        """Take over weights and biases of the layers of all charts, for torch's initialisation."""
        for part in ("weight", "bias"):
            values = torch.stack([getattr(layer, part).detach() for layer in layers])
            self.register_parameter(f"{part}_{name}", nn.Parameter(values))

    def _each(self, name: str, x: Tensor) -> Tensor:
        """Convolve the patches of each chart; one grouped convolution is slower on a CPU."""
        weights = getattr(self, f"weight_{name}").flatten(0, -5)
        biases = getattr(self, f"bias_{name}").flatten(0, -2)
        return torch.stack([conv2d(*each) for each in zip(x, weights, biases, strict=True)])

    @staticmethod
    def stack(members: Sequence[ChartNetworks]) -> ChartNetworks:
        """All members as one module with a leading ensemble dimension."""
        return stack_state(members)


def chart_networks(
    seeds: Sequence[int], n_charts: int, channels: int, device: torch.device
) -> Ensemble:
    """The networks of each seed, initialised by it."""
    members = []
    for seed in seeds:
        with torch.random.fork_rng():
            torch.manual_seed(derived_seed(seed, "predictor"))
            members.append(ChartNetworks(n_charts, channels).to(device))
    return Ensemble(members)


@final
@dataclass(frozen=True)
class PatchPredictor:
    """Trained networks and the scales of what they see and tell.

    Attributes:
        networks: E times C of them.
        centre: Mean of the fields, ``(channels, 1, 1)``.
        scale: Their standard deviation, ``(channels, 1, 1)``.
        change: Standard deviation of what is predicted, ``(channels, 1, 1)``.
    """

    networks: EnsembleModule
    centre: Tensor
    scale: Tensor
    change: Tensor

    def __call__(self, patches: Tensor) -> Tensor:
        """Patches ``(E, C, N, channels, s, s)`` to changes of their inner parts."""
        raw: Tensor = self.networks((patches - self.centre) / self.scale)
        return self.change * raw
