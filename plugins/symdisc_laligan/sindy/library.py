"""Functions of latent coordinates of which an equation is a sparse combination."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor


@final
class FunctionLibrary:
    """1, the monomials up to a degree, and sine and exponential of single coordinates.

    Args:
        size: Number n of latent coordinates.
        degree: Largest degree of the monomials.
        functions: ``"sine"`` and ``"exp"``, or some of them.
    """

    def __init__(self, size: int, degree: int, functions: Sequence[str] = ()) -> None:
        self._functions = tuple(functions)
        self._monomials = [
            places
            for order in range(degree + 1)
            for places in itertools.combinations_with_replacement(range(size), order)
        ]
        names = [_monomial_name(places) for places in self._monomials]
        shown = {"sine": "sin", "exp": "exp"}
        names += [f"{shown[f]}(z{i + 1})" for f in self._functions for i in range(size)]
        self.names = tuple(names)

    def __call__(self, z: Tensor) -> Tensor:
        """Values at points ``(..., n)``: ``(..., T)``."""
        columns = []
        for places in self._monomials:
            column = torch.ones_like(z[..., 0])
            for i in places:
                column = column * z[..., i]
            columns.append(column[..., None])
        applied = {"sine": torch.sin, "exp": torch.exp}
        columns += [applied[name](z) for name in self._functions]
        return torch.cat(columns, dim=-1)


def _monomial_name(places: Sequence[int]) -> str:
    factors = []
    for i, group in itertools.groupby(places):
        power = len(list(group))
        factors.append(f"z{i + 1}" + (f"^{power}" if power > 1 else ""))
    return " ".join(factors) or "1"
