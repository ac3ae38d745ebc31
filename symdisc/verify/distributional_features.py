"""What tells moved samples from real ones by their law alone (statement D)."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily
from symdisc.linear_action import as_vectors, move_by
from symdisc.verify.defect_options import DefectOptions

_SMALLEST_NORM = 1e-3


class DistributionalFeatures:
    """Blurred principal coordinates of a sample, and the norms of its blocks.

    Real and moved samples get the same noise, after the move. Its size along each principal
    direction of the scaled data depends on the variance there: directions without variance get
    more, since data that span less than their space would otherwise give any move away.
    Logarithms of the squared block norms, about the origin and without those directions, are
    added: small perceptrons are slow to find a change of radius in the coordinates themselves.

    Args:
        samples: The rows under test.
        scales: ``(size,)``, as from :func:`symdisc.verify.block_scales.state_scales`.
        blocks: Coordinates of a vector that generators of the class can mix.
        family: What moves the rows, G generators.
        options: Sizes of the noise.
        rng: Source of randomness, for the scales of the norms.
    """

    def __init__(
        self,
        samples: Samples,
        scales: Tensor,
        blocks: tuple[Tensor, ...],
        family: ElementFamily,
        options: DefectOptions,
        rng: torch.Generator,
    ) -> None:
        self._states = samples.states
        self._representation = samples.representation
        self._family = family
        # What a matrix mixes of an image are the places of pixels, not their values.
        length = as_vectors(samples.states[:1], samples.representation).shape[-1]
        together = samples.representation.grid is not None
        self._in_block = torch.ones(length, 1) if together else _indicators(blocks, length)
        self._scales = scales
        scaled = (self._states / scales).flatten(1).double()
        self._mean = scaled.mean(0).float()
        variance, directions = torch.linalg.eigh(torch.cov(scaled.T, correction=0))
        null = variance < options.null_variance
        self._directions = directions.float()
        self._noise = torch.where(null, options.null_dither, options.dither).float()
        self._whiten = (variance.clamp_min(0) + self._noise**2).rsqrt().float()
        self._kept = (~null).float()
        _, norms = self._parts(self._states, rng)
        self._norm_mean, self._norm_scale = norms.mean(0), norms.std(0, correction=0) + 1e-6

    @property
    def members(self) -> int:
        """One classifier for each generator."""
        return len(self._family)

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """See :class:`symdisc.verify.features.Features`."""
        states, count = self._states[rows], len(self._family)
        elements = self._family.draw(len(rows), rng)
        moved = move_by(elements, states.expand(count, *states.shape), self._representation)
        # Real rows look the same to all generators; their noise may be shared.
        real = self._features(states, rng)
        return real.expand(count, *real.shape), self._features(moved, rng)

    def _features(self, states: Tensor, rng: torch.Generator) -> Tensor:
        coordinates, norms = self._parts(states, rng)
        norms = (norms - self._norm_mean) / self._norm_scale
        return torch.cat([coordinates, norms], dim=-1)

    def _parts(self, states: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        principal = ((states / self._scales).flatten(-2) - self._mean) @ self._directions
        principal = principal + self._noise * torch.randn(principal.shape, generator=rng)
        back = (principal * self._kept) @ self._directions.T + self._mean
        vectors = as_vectors(back.unflatten(-1, states.shape[-2:]), self._representation)
        squares = (vectors.square() @ self._in_block).flatten(-3)
        return principal * self._whiten, (squares + _SMALLEST_NORM).log()


def _indicators(blocks: tuple[Tensor, ...], length: int) -> Tensor:
    """Which coordinates of a vector are in which block, ``(length, blocks)`` of 0 and 1."""
    columns = torch.zeros(length, len(blocks))
    for number, block in enumerate(blocks):
        columns[block, number] = 1
    return columns
