"""A minibatch in latent space, as it is and moved by random group elements."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.linear_action import move
from symdisc.representations import Representation
from symdisc_basics.energy_distance import energy_distance
from symdisc_kernels import Blocks
from symdisc_laligan import terms

LAW_ROWS = 128
"""Samples of a minibatch whose laws are compared, at most [1]."""


@dataclass(frozen=True)
class MovedCodes:
    """Latent windows and what random group elements make of them.

    Attributes:
        points: z, ``(E, B, steps, n)``.
        moved: g z, one g for all states of a window, ``(E, B, steps, n)``.
        targets: What belongs to both alike, as numbers ``(E, B, m)``, or ``None``.
    """

    points: Tensor
    moved: Tensor
    targets: Tensor | None

    @classmethod
    def of(
        cls,
        points: Tensor,
        targets: Tensor | None,
        coefficients: Tensor,
        generators: Tensor,
        form: Representation,
        blocks: Blocks | None,
    ) -> MovedCodes:
        """Move points ``(E, B, steps, n)`` by exp(Σ z_i L_i) with z ``(E, B, k)``."""
        return cls(points, move(coefficients, generators, points, form, blocks), targets)

    @property
    def tells_next(self) -> bool:
        """Whether there is something that follows from a point: a next point, or targets."""
        return self.points.shape[2] > 1 or self.targets is not None

    def sources(self) -> Tensor:
        """Points from which something follows, the real ones first: ``(E, P, n)``."""
        last = max(self.points.shape[2] - 1, 1)
        both = torch.cat([self.points[:, :, :last], self.moved[:, :, :last]], dim=1)
        return both.flatten(1, 2)

    def conditional(self, predicted: Tensor) -> Tensor:
        """How badly one function tells what follows from real and from moved points.

        p(y' | x') = p(y | x): where the changes of latent points are known from the points, g
        must move changes as it moves points, and leave targets as they are.

        Args:
            predicted: The function's values at :meth:`sources`, ``(E, P, n + m)`` or, for single
                states, ``(E, P, m)``.

        Returns:
            ``(E,)``, 0 if all is told and about 2 if nothing is, changes and targets each [1].
        """
        n = self.points.shape[-1] if self.points.shape[2] > 1 else 0
        error = predicted.new_zeros(len(predicted))
        if n:
            real, moved = (terms.changes(z).flatten(1, 2) for z in (self.points, self.moved))
            both = torch.cat([real, moved], dim=1)
            error = 2 * terms.conditional(predicted[..., :n], both, terms.root_mean_square(real))
        if self.targets is not None:
            repeats = predicted.shape[1] // (2 * self.targets.shape[1])
            expected = self.targets.repeat_interleave(repeats, dim=1).repeat(1, 2, 1)
            error = error + 2 * (predicted[..., n:] - expected).square().mean((1, 2))
        return error

    def law(self) -> Tensor:
        """Energy distance between moved and real windows, with their targets, ``(E,)`` [1]."""
        pair = []
        for codes in (self.points, self.moved):
            parts = [codes.flatten(2)] if self.targets is None else [codes.flatten(2), self.targets]
            pair.append(torch.cat(parts, dim=-1)[:, :LAW_ROWS])
        return energy_distance(pair[0], pair[1])

    def similarity(self) -> Tensor:
        """|mean cos(gz, z)|, ``(E,)`` [1]."""
        return terms.similarity(self.points, self.moved)
