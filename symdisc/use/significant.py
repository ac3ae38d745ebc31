"""Coefficients as they are printed: so many digits of each, however small it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from symdisc.fields.vector_fields import number

if TYPE_CHECKING:
    import sympy


def combination(coefficients: Iterable[float], functions: Iterable[sympy.Expr], digits: int) -> Any:
    """Σ c_j f_j as an expression of sympy, without the terms whose coefficient is zero.

    Args:
        coefficients: The c_j.
        functions: The f_j, as many.
        digits: Digits of each coefficient, 1 or more.
    """
    import sympy

    pairs = zip(coefficients, functions, strict=True)
    return sympy.Add(*(significant(float(c), digits) * f for c, f in pairs if c))


def significant(value: float, digits: int) -> Any:
    """A number of sympy, rounded to so many digits; an exact whole number where it is one."""
    if value == 0:
        return number(value, 0)
    return number(value, digits - 1 - math.floor(math.log10(abs(value))))
