"""Expressions of sympy as nested lists of plain values, and their values on tensors.

Text is never evaluated: only the operations in the tables below are read and computed.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from symdisc.errors import OptionError

if TYPE_CHECKING:
    import sympy

Tree = list[Any]
"""``["Add", tree, tree]``, ``["Symbol", "x"]``, ``["Rational", 1, 2]``, ``["Float", 0.5]``."""

_FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "asin": torch.asin,
    "acos": torch.acos,
    "atan": torch.atan,
    "atan2": torch.atan2,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "log": torch.log,
    "Abs": torch.abs,
    "sign": torch.sign,
}
_CONSTANTS = ("Pi", "Exp1")
_OPERATIONS = ("Add", "Mul", "Pow", *_FUNCTIONS)


def to_tree(expression: sympy.Expr) -> Tree:
    """An expression as nested lists.

    Raises:
        OptionError: It has an operation that is not known.
    """
    name = type(expression).__name__
    if expression.is_Symbol:
        return ["Symbol", expression.name]
    if expression.is_Rational:
        return ["Rational", int(expression.p), int(expression.q)]
    if expression.is_Float:
        return ["Float", float(expression)]
    if name in _CONSTANTS:
        return [name]
    if name not in _OPERATIONS:
        raise _unknown(name)
    return [name, *(to_tree(argument) for argument in expression.args)]


def from_tree(tree: object, symbols: Mapping[str, sympy.Symbol]) -> sympy.Expr:
    """The expression that :func:`to_tree` made the lists from.

    Args:
        tree: Nested lists.
        symbols: The symbols that may stand in it, by name.

    Raises:
        OptionError: The lists are no expression of these symbols.
    """
    import sympy

    if not isinstance(tree, list | tuple) or not tree or not isinstance(tree[0], str):
        raise OptionError(f"{tree!r} is no expression; it must look like ['sin', ['Symbol', 'x']]")
    name, *arguments = tree
    try:
        if name == "Symbol":
            return symbols[arguments[0]]
        if name == "Rational":
            return sympy.Rational(*map(operator.index, arguments))
        if name == "Float":
            return sympy.Float(float(*arguments))
        if name in _CONSTANTS:
            return {"Pi": sympy.pi, "Exp1": sympy.E}[name]
        if name in _OPERATIONS:
            return getattr(sympy, name)(*(from_tree(part, symbols) for part in arguments))
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise OptionError(f"{tree!r} is no expression ({type(error).__name__}: {error})") from None
    raise _unknown(name)


def evaluate(expression: sympy.Expr, values: Mapping[sympy.Symbol, Tensor]) -> Tensor:
    """The values of an expression of coordinates ``(...)`` each, at least one: ``(...)``.

    Raises:
        OptionError: It has an operation that is not known, or another symbol.
    """
    like = next(iter(values.values()))
    if expression.is_Symbol:
        if expression not in values:
            known = ", ".join(str(symbol) for symbol in values)
            raise OptionError(f"symbol {expression} is no coordinate; they are {known}")
        return values[expression]
    if expression.is_number:
        return torch.full_like(like, float(expression))
    name = type(expression).__name__
    arguments = [evaluate(argument, values) for argument in expression.args]
    if name == "Add":
        return functools.reduce(torch.add, arguments)
    if name == "Mul":
        return functools.reduce(torch.mul, arguments)
    if name == "Pow":
        return _power(arguments, expression.args[1])
    if name not in _FUNCTIONS:
        raise _unknown(name)
    return _FUNCTIONS[name](*arguments)


def _power(arguments: Sequence[Tensor], exponent: sympy.Expr) -> Tensor:
    base = arguments[0]
    # Powers by whole numbers are products, which are exact for negative bases too.
    return base ** int(exponent) if exponent.is_Integer else base ** arguments[1]


def _unknown(name: str) -> OptionError:
    return OptionError(f"operation {name!r} cannot be used; allowed: {', '.join(_OPERATIONS)}")
