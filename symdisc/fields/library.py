"""Libraries of functions: what the components of a vector field are sums of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

if TYPE_CHECKING:
    import sympy

Spec = str | dict[str, Any]
"""A library without its number of coordinates, as plain values: text, or trees of expressions."""


class Library(ABC):
    """m functions of d coordinates with their derivatives, in float64.

    Libraries are put together by ``+`` (the functions of both) and ``*`` (all products of one
    function of each).

    Attributes:
        size: The number d of coordinates.
        degrees: Degree of each function: that of a product is at most the sum of both.
    """

    size: int
    degrees: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.degrees)

    @abstractmethod
    def values(self, x: Tensor) -> Tensor:
        """The functions at points ``(..., d)`` float64: ``(..., m)``."""

    @abstractmethod
    def jacobian(self, x: Tensor) -> Tensor:
        """Their derivatives at points ``(..., d)`` float64: ``(..., m, d)``."""

    @abstractmethod
    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """The m functions of d symbols."""

    @property
    @abstractmethod
    def spec(self) -> Spec:
        """What :func:`symdisc.fields.reading.library` makes the same library from."""

    def __add__(self, other: Library) -> Library:
        from symdisc.fields.combined import Sum

        return Sum(self, other)

    def __mul__(self, other: Library) -> Library:
        from symdisc.fields.combined import Product

        return Product(self, other)
