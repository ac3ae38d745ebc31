from __future__ import annotations

import pytest

from symdisc.errors import OptionError
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.trigonometric import Trigonometric


def test_a_function_that_both_have_is_there_once() -> None:
    both = Polynomials(2, 1) + Polynomials(2, 2)
    assert both.degrees == (0, 1, 1, 2, 2, 2)
    assert (Polynomials(2, 1) * Polynomials(2, 1)).degrees == (0, 1, 1, 2, 2, 2)


def test_libraries_of_unlike_spaces_are_refused() -> None:
    message = "libraries of 2 and of 3 coordinates cannot be combined"
    with pytest.raises(OptionError, match=message):
        Polynomials(2, 1) + Trigonometric(3, 1)
    with pytest.raises(OptionError, match=message):
        Polynomials(2, 1) * Trigonometric(3, 1)
