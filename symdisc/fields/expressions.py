"""Functions that a user writes in sympy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, final

import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.library import Library, Spec
from symdisc.fields.trees import evaluate, to_tree

if TYPE_CHECKING:
    import sympy


@final
class Expressions(Library):
    """Given expressions of sympy; constants have degree 0, all others degree 1.

    Args:
        functions: The functions.
        symbols: The symbols that stand for the d coordinates, in their order.

    Raises:
        OptionError: There is no function or no symbol, or a function has another symbol or an
            operation that is not known.

    Example::

        x, y = sympy.symbols("x y", real=True)
        Expressions([x * sympy.exp(-y), sympy.sin(x)], [x, y])
    """

    def __init__(self, functions: Sequence[sympy.Expr], symbols: Sequence[sympy.Symbol]) -> None:
        import sympy

        if not functions or not symbols:
            raise OptionError("a library needs at least one function and one symbol")
        if texts := [repr(f) for f in functions if isinstance(f, str)]:
            raise OptionError(
                f"{', '.join(texts)}: give expressions of sympy, not text, which is not evaluated"
            )
        self._symbols = tuple(symbols)
        self._functions = tuple(sympy.sympify(function) for function in functions)
        self.size = len(self._symbols)
        self.degrees = tuple(0 if f.is_number else 1 for f in self._functions)
        self._derivatives = [[f.diff(s) for s in self._symbols] for f in self._functions]
        self._check()

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        coordinates = self._coordinates(x)
        return torch.stack([evaluate(f, coordinates) for f in self._functions], dim=-1)

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        coordinates = self._coordinates(x)
        rows = [
            torch.stack([evaluate(part, coordinates) for part in row], dim=-1)
            for row in self._derivatives
        ]
        return torch.stack(rows, dim=-2)

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        renamed = dict(zip(self._symbols, symbols, strict=True))
        return tuple(f.xreplace(renamed) for f in self._functions)

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        return {
            "symbols": [symbol.name for symbol in self._symbols],
            "functions": [to_tree(function) for function in self._functions],
        }

    def _coordinates(self, x: Tensor) -> dict[sympy.Symbol, Tensor]:
        return {symbol: x[..., i] for i, symbol in enumerate(self._symbols)}

    def _check(self) -> None:
        """Every function and derivative can be computed and written down."""
        point = torch.full((self.size,), 0.5, dtype=torch.float64)
        self.values(point)
        self.jacobian(point)
        for function in self._functions:
            to_tree(function)
