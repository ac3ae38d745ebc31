from __future__ import annotations

import sympy

from symdisc.use.significant import combination, significant


def test_digits_of_large_and_small_numbers() -> None:
    texts = [
        sympy.sstr(significant(v, 3), full_prec=False)
        for v in (1.2345, -0.00012345, 12345.6, 2.0001, 0.0)
    ]
    assert texts == ["1.23", "-0.000123", "12300", "2", "0"]


def test_terms_that_are_zero_are_not_there() -> None:
    x, y = sympy.symbols("x y")
    assert combination([0.5, 0.0, 1e-9], [x, y, x * y], 2) == 0.5 * x + sympy.Float("1e-9") * x * y
    assert combination([0.0], [x], 2) == 0
