"""Libraries from text and plain values: ``"affine"``, ``"polynomial(2) + trigonometric(1)"``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from symdisc.errors import OptionError
from symdisc.fields.combined import Product, Sum
from symdisc.fields.exponential import Exponential
from symdisc.fields.expressions import Expressions
from symdisc.fields.library import Library, Spec
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.radial import Radial
from symdisc.fields.trees import from_tree
from symdisc.fields.trigonometric import Trigonometric
from symdisc.suggest import did_you_mean

_BUILDERS: dict[str, Callable[..., Library]] = {
    "linear": lambda size: Polynomials(size, 1, lowest=1),
    "affine": lambda size: Polynomials(size, 1),
    "polynomial": Polynomials,
    "trigonometric": Trigonometric,
    "exponential": Exponential,
    "radial": lambda size, *widths: Radial(size, widths),
}
_EXAMPLE = "'affine', 'polynomial(3)', 'polynomial(2) + trigonometric(1)'"
_COMBINED: dict[type[ast.operator], Callable[[Library, Library], Library]] = {
    ast.Add: Sum,
    ast.Mult: Product,
}


def library(spec: Spec, size: int) -> Library:
    """Make a library.

    Args:
        spec: Text such as ``"linear"``, ``"affine"``, ``"polynomial(degree)"``,
            ``"polynomial(degree, lowest degree)"``, ``"trigonometric(order)"``,
            ``"exponential"`` and ``"radial(width, …)"``, put together by ``+``, ``*`` and
            brackets; or what :attr:`Library.spec` gave.
        size: The number d of coordinates.

    Raises:
        OptionError: It is no library, or does not fit this number of coordinates.
    """
    if isinstance(spec, str):
        return _parsed(spec, size)
    if isinstance(spec, Mapping):
        return _made(spec, size)
    raise OptionError(f"{spec!r} is no library of functions; write for instance {_EXAMPLE}")


def _parsed(text: str, size: int) -> Library:
    """Read the text by Python's grammar; nothing in it is evaluated but the tables above."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise OptionError(
            f"library {text!r} cannot be read; write for instance {_EXAMPLE}"
        ) from None
    return _term(tree, text, size)


def _term(tree: ast.expr, text: str, size: int) -> Library:
    if isinstance(tree, ast.BinOp) and type(tree.op) in _COMBINED:
        left, right = (_term(part, text, size) for part in (tree.left, tree.right))
        return _COMBINED[type(tree.op)](left, right)
    name, numbers = _call(tree)
    if name not in _BUILDERS:
        raise OptionError(
            f"{ast.unparse(tree)!r} in library {text!r} is not known; known: "
            f"{', '.join(_BUILDERS)}.{did_you_mean(name, _BUILDERS)}"
        )
    if name != "radial" and not all(isinstance(number, int) for number in numbers):
        raise OptionError(f"{ast.unparse(tree)!r} in library {text!r}: give whole numbers")
    try:
        return _BUILDERS[name](size, *numbers)
    except TypeError:
        raise OptionError(
            f"{ast.unparse(tree)!r} in library {text!r} has a wrong number of numbers; write for "
            f"instance {_EXAMPLE}"
        ) from None


def _call(tree: ast.expr) -> tuple[str, list[Any]]:
    """Name and numbers of ``name`` or ``name(1, 2)``; anything else has no name."""
    if isinstance(tree, ast.Name):
        return tree.id, []
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and not tree.keywords:
        values = [part.value for part in tree.args if isinstance(part, ast.Constant)]
        if len(values) == len(tree.args) and all(type(v) in (int, float) for v in values):
            return tree.func.id, values
    return "", []


def _made(spec: Mapping[str, Any], size: int) -> Library:
    for key, combine in (("sum", Sum), ("product", Product)):
        if set(spec) == {key} and isinstance(spec[key], list | tuple) and len(spec[key]) == 2:
            first, second = (library(part, size) for part in spec[key])
            return combine(first, second)
    if set(spec) != {"symbols", "functions"}:
        raise OptionError(f"{dict(spec)!r} is no library: it needs 'symbols' and 'functions'")
    return _written(spec["symbols"], spec["functions"], size)


def _written(names: Any, trees: Any, size: int) -> Library:
    import sympy

    if not _is_list_of(names, str) or not _is_list_of(trees, (list, tuple)):
        raise OptionError("'symbols' must be a list of names and 'functions' one of expressions")
    if len(names) != size:
        raise OptionError(
            f"the library is one of {len(names)} coordinates ({', '.join(names)}), but the fields "
            f"have {size}"
        )
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    return Expressions([from_tree(tree, symbols) for tree in trees], list(symbols.values()))


def _is_list_of(value: Any, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, kind) for part in value)
