"""Numbers of patches that turn as the patches do: what a local symmetry is named and tested by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_atlasd.atlas import Atlas

_WIDTHS = (0.25, 0.5)
"""Widths of the weights over the radius of a patch [1]."""

_CHUNK = 256


@final
@dataclass(frozen=True)
class Moments:
    """Σ w p f and Σ w f over the pixels p of a patch, about its centre.

    f is each channel u and its |∇u|², and w falls off as a Gaussian with one of two widths and
    vanishes at the radius of the patch. Where a patch is turned or reflected, the former turn as
    vectors and the latter stay. Other moves of a patch, such as stretching it, do something else
    to them, so that groups with these cannot be confirmed by moments.

    Attributes:
        atlas: Where the patches are.
        channels: Of a picture.
    """

    atlas: Atlas
    channels: int

    @property
    def representation(self) -> Representation:
        """How the moments of one patch transform: vectors, then scalars."""
        count = 2 * self.channels * len(_WIDTHS)
        return Representation(count, 2, count)

    def of(self, samples: Samples) -> Samples:
        """One row for each patch: its moments, and how they change or what they become.

        Patches around one place, of one film, are a trajectory.

        Args:
            samples: Films or pictures with pictures as targets, N of them.
        """
        pairs = Pairs.of(samples)
        if pairs.y is None:
            raise ValueError("there is nothing that becomes of the pictures")
        before, after = self._all(pairs.x), self._all(pairs.y)
        goal = after if samples.targets is not None else after - before
        charts = torch.arange(len(self.atlas), device=before.device)
        trajectory = samples.trajectory[:, None] * len(self.atlas) + charts
        return Samples(
            before.flatten(0, 1)[:, None],
            trajectory.flatten(),
            self.representation,
            goal.flatten(0, 1),
            self.representation,
            source=samples.source,
        )

    def _all(self, states: Tensor) -> Tensor:
        """Of pictures ``(N, size)``: ``(N, C, F)``."""
        parts = [self._some(some) for some in torch.split(states, _CHUNK)]
        return torch.cat(parts)

    def _some(self, states: Tensor) -> Tensor:
        fields = states.reshape(len(states), self.channels, *self.atlas.grid)
        radius = self.atlas.radius
        charts = range(len(self.atlas))
        patches = torch.stack([self.atlas.cut(fields, chart, radius) for chart in charts], dim=1)
        down, across = torch.gradient(patches, dim=(-2, -1))
        both = torch.cat([patches, down.square() + across.square()], dim=2)
        weights, places = _weights(radius, states)
        vectors = torch.einsum("nckij,wij,ijd->nckwd", both, weights, places)
        scalars = torch.einsum("nckij,wij->nckw", both, weights)
        return torch.cat([vectors.flatten(2), scalars.flatten(2)], dim=-1)


def _weights(radius: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Weights ``(W, s, s)`` of sum 1 and places (x, y) ``(s, s, 2)`` over the radius."""
    steps = torch.arange(-radius, radius + 1).to(like) / radius
    down, across = torch.meshgrid(steps, steps, indexing="ij")
    squares = down.square() + across.square()
    ends = (1 - squares).clamp_min(0).square()
    raw = torch.stack([ends * torch.exp(-squares / (2 * width**2)) for width in _WIDTHS])
    weights = raw / raw.sum((-1, -2), keepdim=True)
    # Vectors of the size of the scalars.
    return weights, torch.stack([across, down], dim=-1) / math.sqrt(0.1)
