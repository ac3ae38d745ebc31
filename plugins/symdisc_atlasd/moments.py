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

NOTE = (
    "Vectors and scalars are moments of patches: sums over the pixels of a patch, weighted by the "
    "place (x across, y down) and the field u, or |∇u|², with weights that fall off towards its "
    "border. They turn and are reflected as patches are."
)
"""What the coordinates of a local result are, in words."""


@final
@dataclass(frozen=True)
class Moments:
    """Σ w p f and Σ w f over the pixels p of a patch, about its centre.

    f is each channel u, or its |∇u|², and w falls off as a Gaussian with one of two widths and
    vanishes at the radius of the patch. Where a patch is turned or reflected, the former turn as
    vectors and the latter stay. Other moves of a patch, such as stretching it, do something else
    to them, so that groups with these cannot be confirmed by moments.

    Of a patch these are seen: vectors of u and of |∇u|², scalars of u. What belongs to it: vectors
    and scalars of what becomes of u, and scalars of the |∇|² of that. Without the latter any
    matrix would do for a field that spreads linearly.

    Attributes:
        atlas: Where the patches are.
        channels: Of a picture.
    """

    atlas: Atlas
    channels: int

    @property
    def seen(self) -> Representation:
        """How the moments of a patch transform that are seen."""
        count = self.channels * len(_WIDTHS)
        return Representation(2 * count, 2, count)

    @property
    def goal(self) -> Representation:
        """How those transform that belong to it."""
        count = self.channels * len(_WIDTHS)
        return Representation(count, 2, 2 * count)

    @property
    def _names(self) -> tuple[str, ...]:
        """Coordinates x and y of each vector, then the scalars."""
        vectors = [f"{axis}{i + 1}" for i in range(self.seen.n_vectors) for axis in "xy"]
        return (*vectors, *(f"s{i + 1}" for i in range(self.seen.n_scalars)))

    def of(self, samples: Samples) -> Samples:
        """One row for each patch: its moments, and those of its change or of its target.

        Patches around one place, of one film, are a trajectory.

        Args:
            samples: Films or pictures with pictures as targets, N of them.
        """
        pairs = Pairs.of(samples)
        if pairs.y is None:
            raise ValueError("there is nothing that becomes of the pictures")
        vectors, scalars, slopes, _ = self._all(pairs.x)
        later, level, _, steepness = self._all(pairs.y)
        if samples.targets is None:
            later, level = later - vectors, level - scalars
        charts = torch.arange(len(self.atlas), device=vectors.device)
        trajectory = samples.trajectory[:, None] * len(self.atlas) + charts
        return Samples(
            torch.cat([vectors, slopes, scalars], dim=-1).flatten(0, 1)[:, None],
            trajectory.flatten(),
            self.seen,
            torch.cat([later, level, steepness], dim=-1).flatten(0, 1),
            self.goal,
            names=self._names,
            source=samples.source,
        )

    def _all(self, states: Tensor) -> tuple[Tensor, ...]:
        """Of pictures ``(N, size)``, each ``(N, C, F)``: vectors and scalars of u, of |∇u|²."""
        parts = [self._some(some) for some in torch.split(states, _CHUNK)]
        return tuple(torch.cat(part) for part in zip(*parts, strict=True))

    def _some(self, states: Tensor) -> tuple[Tensor, ...]:
        fields = states.reshape(len(states), self.channels, *self.atlas.grid)
        radius = self.atlas.radius
        charts = range(len(self.atlas))
        patches = torch.stack([self.atlas.cut(fields, chart, radius) for chart in charts], dim=1)
        down, across = torch.gradient(patches, dim=(-2, -1))
        weights, places = _weights(radius, states)
        found: list[Tensor] = []
        for values in (patches, down.square() + across.square()):
            vectors = torch.einsum("nckij,wij,ijd->nckwd", values, weights, places)
            scalars = torch.einsum("nckij,wij->nckw", values, weights)
            found += [vectors.flatten(2), scalars.flatten(2)]
        return tuple(found)


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
