"""How far generators move the inputs, and how much two of them move them alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor

from symdisc.linear_action import as_vectors
from symdisc.representations import Representation

_RIDGE = 1e-6
"""Keeps generators that hardly move anything, or are duplicates, from dividing by zero."""

_NOTHING = 1e-5
"""Share of the inputs' second moment below which there are none in a direction [1]."""


@final
@dataclass(frozen=True)
class Metric:
    """⟨L, M⟩ = tr(L C Mᵀ) / tr C, C being the second moment of the vectors that the group moves.

    ⟨L, L⟩ is the mean of ‖Lx‖² over that of ‖x‖²: a generator of norm 1 moves the inputs by their
    own size. How large a generator is says nothing about its group.

    Attributes:
        moment: C / tr C, ``(n, n)``.
    """

    moment: Tensor

    @classmethod
    def of(cls, inputs: Tensor, representation: Representation) -> Self:
        """That of inputs ``(N, size)``."""
        vectors = as_vectors(inputs, representation).flatten(0, -2)
        moment = vectors.T @ vectors
        n = len(moment)
        level = moment.trace().clamp_min(torch.finfo(moment.dtype).tiny)
        return cls(moment / level + _RIDGE * torch.eye(n).to(moment))

    def products(self, generators: Tensor, others: Tensor) -> Tensor:
        """⟨L, M⟩ of generators ``(..., n, n)`` one by one: ``(...)`` [1]."""
        return ((generators @ self.moment.to(generators)) * others).sum((-1, -2))

    def unit(self, generators: Tensor) -> Tensor:
        """The generators ``(..., n, n)``, each of norm 1."""
        squares = self.products(generators, generators)
        return generators / (squares + _RIDGE**2).sqrt()[..., None, None]

    def span(self) -> Tensor:
        """The projector ``(n, n)`` onto the directions in which there are inputs."""
        sizes, directions = torch.linalg.eigh(self.moment)
        kept = directions[:, sizes > _NOTHING]
        projector: Tensor = kept @ kept.T
        return projector

    def __call__(self, generators: Tensor) -> Tensor:
        """The generators ``(..., k, n, n)`` made orthonormal, in their order (Gram and Schmidt).

        No gradient passes from a generator to those before it: the first one goes where its own
        error is least, each further one where it is least at a right angle to those.
        """
        found: list[Tensor] = []
        for rest in generators.unbind(-3):
            for before in found:
                fixed = before.detach()
                rest = rest - self.products(rest, fixed)[..., None, None] * fixed
            found.append(self.unit(rest))
        return torch.stack(found, dim=-3)
