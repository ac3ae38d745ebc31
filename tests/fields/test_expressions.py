from __future__ import annotations

import pytest
import sympy
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.expressions import Expressions

X, Y = sympy.symbols("x y", real=True)


def test_functions_of_the_user_are_computed(points: Tensor) -> None:
    functions = Expressions([X * Y, sympy.atan2(Y, X)], [X, Y])
    values = functions.values(points)
    assert values[:, 0].allclose(points[:, 0] * points[:, 1])
    assert values[:, 1].allclose(points[:, 1].atan2(points[:, 0]))
    assert functions.degrees == (2, 1)


def test_what_cannot_be_computed_is_refused() -> None:
    with pytest.raises(OptionError, match="symbol z is no coordinate; they are x, y"):
        Expressions([X + sympy.Symbol("z")], [X, Y])
    with pytest.raises(OptionError, match="operation 'gamma' cannot be used; allowed: Add, Mul"):
        Expressions([sympy.gamma(X)], [X, Y])
    with pytest.raises(OptionError, match=r"'x\*y': give expressions of sympy, not text"):
        Expressions(["x*y"], [X, Y])
    with pytest.raises(OptionError, match="at least one function and one symbol"):
        Expressions([], [X])


def test_degrees_are_those_of_products() -> None:
    x, y = sympy.symbols("x y", real=True)
    given = [sympy.Integer(3), x, x * y, x**2 * sympy.exp(-y), sympy.sin(x) * y, (x + y) ** 3]
    assert Expressions(given, [x, y]).degrees == (0, 1, 2, 3, 2, 3)


def test_functions_with_steps_are_refused() -> None:
    x = sympy.Symbol("x", real=True)
    with pytest.raises(OptionError, match=r"sign\(x\) has steps, where it has no derivative"):
        Expressions([x, sympy.sign(x)], [x])
