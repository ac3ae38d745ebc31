"""Sums and products of libraries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, final

import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.library import Library, Spec

if TYPE_CHECKING:
    import sympy


@final
class Sum(Library):
    """The functions of two libraries; one that both have is there once.

    Args:
        first: A library.
        second: A library of as many coordinates.

    Raises:
        OptionError: They have different numbers of coordinates.
    """

    def __init__(self, first: Library, second: Library) -> None:
        _check_sizes(first, second)
        self.size, self.parts = first.size, (first, second)
        degrees = (*first.degrees, *second.degrees)
        self._kept = _distinct(self.size, self._every)
        self.degrees = tuple(degrees[i] for i in self._kept)

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        return torch.cat([part.values(x) for part in self.parts], dim=-1)[..., self._kept]

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        return torch.cat([part.jacobian(x) for part in self.parts], dim=-2)[..., self._kept, :]

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        every = self._every(symbols)
        return tuple(every[i] for i in self._kept)

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        specs = [part.spec for part in self.parts]
        if all(isinstance(spec, str) for spec in specs):
            return " + ".join(map(str, specs))
        return {"sum": specs}

    def _every(self, symbols: Sequence[sympy.Symbol]) -> list[sympy.Expr]:
        return [function for part in self.parts for function in part.expressions(symbols)]


@final
class Product(Library):
    """All products of a function of one library and one of another; each is there once.

    Args:
        first: A library.
        second: A library of as many coordinates.

    Raises:
        OptionError: They have different numbers of coordinates.
    """

    def __init__(self, first: Library, second: Library) -> None:
        _check_sizes(first, second)
        self.size, self.parts = first.size, (first, second)
        self._kept = _distinct(self.size, self._every)
        degrees = [a + b for a in first.degrees for b in second.degrees]
        self.degrees = tuple(degrees[i] for i in self._kept)

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        a, b = (part.values(x) for part in self.parts)
        return (a[..., :, None] * b[..., None, :]).flatten(-2)[..., self._kept]

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        a, b = (part.values(x) for part in self.parts)
        da, db = (part.jacobian(x) for part in self.parts)
        left = da[..., :, None, :] * b[..., None, :, None]
        right = a[..., :, None, None] * db[..., None, :, :]
        return (left + right).flatten(-3, -2)[..., self._kept, :]

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        every = self._every(symbols)
        return tuple(every[i] for i in self._kept)

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        specs = [part.spec for part in self.parts]
        if all(isinstance(spec, str) for spec in specs):
            return " * ".join(f"({spec})" if "+" in str(spec) else str(spec) for spec in specs)
        return {"product": specs}

    def _every(self, symbols: Sequence[sympy.Symbol]) -> list[sympy.Expr]:
        first, second = (part.expressions(symbols) for part in self.parts)
        return [f * g for f in first for g in second]


def _check_sizes(first: Library, second: Library) -> None:
    if first.size != second.size:
        raise OptionError(
            f"libraries of {first.size} and of {second.size} coordinates cannot be combined; both "
            "need the same number"
        )


def _distinct(size: int, functions: Callable[[list[Any]], Iterable[sympy.Expr]]) -> list[int]:
    """Numbers of those functions of ``size`` symbols that do not repeat an earlier one."""
    import sympy

    seen: set[sympy.Expr] = set()
    kept = []
    symbols = [sympy.Symbol(f"x{i}", real=True) for i in range(size)]
    for number, function in enumerate(functions(symbols)):
        if function not in seen:
            seen.add(function)
            kept.append(number)
    return kept
