"""Latent points as they are seen in data space, and how far group elements move them there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.interfaces import View
from symdisc.linear_action import move_by
from symdisc.representations import Representation

MOST_SEEN = 32
"""Coordinates of a state that are looked at; of larger states as many principal ones."""

_FITTED = 1000
_MEASURED = 32
"""Points whose distances are computed. Each has to be decoded, so that the elements of a family
share them out."""

_STILL = 1e-3
"""Principal coordinates of less than this share of the largest spread are not looked at [1]."""

_NUMBERS = 2**22
"""Coordinates of states that are decoded at once."""

_FAR = 1e6
"""Where a decoder gives no number, a coordinate counts as this many spreads away."""


@dataclass(frozen=True, eq=False)
class DecodedView:
    """What is seen of latent points: coordinates of the states that they decode to.

    Attributes:
        decode: ψ, ``(..., latent size)`` to ``(..., size)``.
        centre: Where latent points are counted from, ``(latent size,)``.
        scales: Scale of each coordinate of a state, ``(size,)``.
        directions: Principal directions of the scaled states ``(size, F)``, or ``None``: all.
    """

    decode: Callable[[Tensor], Tensor]
    centre: Tensor
    scales: Tensor
    directions: Tensor | None = None

    @classmethod
    def of(
        cls, decode: Callable[[Tensor], Tensor], centre: Tensor, scales: Tensor, codes: Tensor
    ) -> DecodedView:
        """See all coordinates of a state, or those that vary most in these points ``(N, m)``."""
        every = cls(decode, centre, scales)
        if len(scales) <= MOST_SEEN:
            return every
        rows = torch.linspace(0, len(codes) - 1, min(_FITTED, len(codes))).long()
        states = every(codes[rows])
        _, spreads, directions = torch.linalg.svd(states - states.mean(0), full_matrices=False)
        varying = int((spreads > _STILL * spreads[0]).sum())
        return cls(decode, centre, scales, directions[: min(varying, MOST_SEEN)].T)

    def __call__(self, codes: Tensor) -> Tensor:
        """``(..., latent size)`` about the centre to ``(..., F)`` float32."""
        rows = codes.reshape(-1, codes.shape[-1])
        # Whole states of all moves at once would not fit into memory.
        parts = torch.split(rows, max(_NUMBERS // len(self.scales), 1))
        seen = torch.cat([self._seen(part) for part in parts])
        return seen.reshape(*codes.shape[:-1], seen.shape[-1])

    def _seen(self, codes: Tensor) -> Tensor:
        states = self.decode(codes.double() + self.centre) / self.scales
        states = torch.nan_to_num(states, _FAR, _FAR, -_FAR).clamp(-_FAR, _FAR).float()
        return states if self.directions is None else states @ self.directions


@dataclass(frozen=True, eq=False)
class DecodedPoints:
    """A few latent points; see :class:`symdisc.verify.displacement.Displaced`.

    Attributes:
        codes: ``(P, latent size)`` float64, about the centre.
        representation: How they transform.
        view: What is seen of them.
        seen: What is seen of them as they are, ``(P, F)``.
        spread: Root of the trace of the covariance of what is seen.
    """

    codes: Tensor
    representation: Representation
    view: View
    seen: Tensor
    spread: float

    @classmethod
    def of(cls, states: Tensor, representation: Representation, view: View) -> DecodedPoints:
        """Evenly chosen latent points of ``(N, steps, latent size)``."""
        codes = states.flatten(0, 1).double()
        many = torch.linspace(0, len(codes) - 1, min(_FITTED, len(codes))).long()
        few = torch.linspace(0, len(codes) - 1, min(_MEASURED, len(codes))).long()
        spread = view(codes[many]).double().var(0, correction=0).sum().sqrt()
        return cls(codes[few], representation, view, view(codes[few]), float(spread))

    def distances(self, elements: Tensor) -> Tensor:
        """How far group elements move points of their own as these are seen.

        Args:
            elements: ``(..., T, n, n)``; each of the T elements moves P / T of the points.

        Returns:
            ``(..., T, max(P // T, 1))``.
        """
        count = elements.shape[-3]
        each = max(len(self.codes) // count, 1)
        index = torch.arange(count * each).reshape(each, count).T % len(self.codes)
        codes, seen = self.codes[index], self.seen[index]
        many = elements[..., None, :, :].expand(*elements.shape[:-2], each, -1, -1)
        moved = self.view(move_by(many, codes.expand(*many.shape[:-2], -1), self.representation))
        distances: Tensor = torch.linalg.vector_norm((moved - seen).double(), dim=-1)
        return distances
