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
    """Given expressions of sympy.

    Their degree is that of a polynomial in whatever they are made of: that of x² exp(−y) is 3.

    Args:
        functions: The functions.
        symbols: The symbols that stand for the d coordinates, in their order.

    Raises:
        OptionError: There is no function or no symbol, or a function has another symbol, steps,
            or an operation that is not known.

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
        self.degrees = tuple(_degree(function) for function in self._functions)
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
        import sympy

        for function, row in zip(self._functions, self._derivatives, strict=True):
            if any(part.has(sympy.DiracDelta) for part in row):
                raise OptionError(f"{function} has steps, where it has no derivative; leave it out")
        point = torch.full((self.size,), 0.5, dtype=torch.float64)
        self.values(point)
        self.jacobian(point)
        for function in self._functions:
            to_tree(function)


def _degree(function: sympy.Expr) -> int:
    """Total degree, functions such as sin x being unknowns of degree 1."""
    import sympy

    if function.is_number:
        return 0
    try:
        return max(1, int(sympy.Poly(sympy.expand(function)).total_degree()))
    except sympy.PolynomialError:
        return 1
