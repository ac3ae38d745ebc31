"""Bounds on how far a generator moves the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.image_action import pixels
from symdisc.linear_action import as_vectors


@final
@dataclass(frozen=True)
class SizeBound:
    """Keeps the size ρ of every generator within a range by rescaling it.

    ρ(L)² = tr(L C Lᵀ) / tr C with C the second moment of the vectors that the group moves: the
    mean square displacement ‖Lx‖² over the mean square of x. The scale of a generator means
    nothing for the group it generates, but training stalls where it is too small and becomes
    erratic where it is too large. Of an image, the places of its pixels are moved, each weighted
    by how much the pixel varies; the third entry of (x, y, 1) adds nothing to the size of x.

    Attributes:
        moment: C, ``(n, n)``.
        total: tr C.
        low: Smallest ρ [1].
        high: Largest ρ [1].
    """

    moment: Tensor
    total: Tensor
    low: float
    high: float

    @classmethod
    def fit(cls, samples: Samples, size_range: tuple[float, float]) -> Self:
        """The bound for these samples."""
        return cls(*_moment(samples), *size_range)

    def size(self, generators: Tensor) -> Tensor:
        """ρ of generators ``(E, k, n, n)`` as ``(E, k)`` [1]."""
        moved = torch.einsum("ekij,jl,ekil->ek", generators, self.moment, generators)
        return (moved / self.total).clamp_min(1e-12).sqrt()

    def __call__(self, generators: Tensor) -> Tensor:
        """Generators ``(E, k, n, n)``, rescaled where ρ is out of range."""
        size = self.size(generators)
        return generators * (size.clamp(self.low, self.high) / size)[..., None, None]


def _moment(samples: Samples) -> tuple[Tensor, Tensor]:
    """C ``(n, n)`` and its trace."""
    vectors = as_vectors(samples.states, samples.representation).flatten(0, -2)
    grid = samples.representation.grid
    if grid is None:
        moment = vectors.T @ vectors / len(vectors)
        return moment, moment.trace()
    places = pixels(*grid, vectors).flatten(0, 1)
    weights = vectors.var(0, correction=0)
    moment = places.T @ (places * weights[:, None]) / weights.sum()
    return moment, moment[:2, :2].trace()
