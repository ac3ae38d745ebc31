"""Sines and cosines of each coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, final

import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.library import Library, Spec

if TYPE_CHECKING:
    import sympy


@final
class Trigonometric(Library):
    """sin(k x_i) and cos(k x_i) for k = 1 … ``order``: by k, then by coordinate, sines first.

    Args:
        size: The number d of coordinates, in radian.
        order: The highest k.

    Raises:
        OptionError: ``order`` is below 1.
    """

    def __init__(self, size: int, order: int) -> None:
        if order < 1:
            raise OptionError(f"trigonometric({order}): the order must be at least 1")
        self.size, self.order = size, order
        self.degrees = tuple(k for k in range(1, order + 1) for _ in range(2 * size))

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        parts = [part for k in self._orders for part in (torch.sin(k * x), torch.cos(k * x))]
        return torch.cat(parts, dim=-1)

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        parts = [
            part for k in self._orders for part in (k * torch.cos(k * x), -k * torch.sin(k * x))
        ]
        return torch.cat([torch.diag_embed(part) for part in parts], dim=-2)

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        import sympy

        return tuple(
            function(k * symbol)
            for k in self._orders
            for function in (sympy.sin, sympy.cos)
            for symbol in symbols
        )

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        return f"trigonometric({self.order})"

    @property
    def _orders(self) -> range:
        return range(1, self.order + 1)
