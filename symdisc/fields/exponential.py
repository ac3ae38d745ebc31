"""Exponentials of each coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, final

import torch
from torch import Tensor

from symdisc.fields.library import Library, Spec

if TYPE_CHECKING:
    import sympy


@final
class Exponential(Library):
    """exp(x_i), one function a coordinate.

    Args:
        size: The number d of coordinates, without unit [1].
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.degrees = (1,) * size

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        return torch.exp(x)

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        return torch.diag_embed(torch.exp(x))

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        import sympy

        return tuple(sympy.exp(symbol) for symbol in symbols)

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        return "exponential"
