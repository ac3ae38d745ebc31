from __future__ import annotations

from typing import Any

import pytest

from symdisc.errors import OptionError
from symdisc.fields.reading import library


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("polinomial(2)", r"'polinomial\(2\)' in library 'polinomial\(2\)' is not known.*Did you"),
        ("polynomial(2.5)", "give whole numbers"),
        ("polynomial()", "wrong number of numbers"),
        ("affine -", "cannot be read; write for instance 'affine'"),
        ("affine - linear", "'affine - linear' in library 'affine - linear' is not known"),
        ("__import__('os').getcwd()", "is not known; known: linear, affine"),
        ("polynomial(degree=2)", "is not known"),
        ("trigonometric(0)", "the order must be at least 1"),
        ("radial()", r"radial\(\): give positive widths"),
        ("radial(1, -2)", r"radial\(1, -2\)|is not known"),
        (3, "3 is no library of functions; write for instance 'affine'"),
        ({"sum": ["affine"]}, "it needs 'symbols' and 'functions'"),
        ({"symbols": "xy", "functions": []}, "'symbols' must be a list of names"),
        ({"symbols": ["x"], "functions": [["Symbol", "x"]]}, "is one of 1 coordinates .* have 2"),
        ({"symbols": ["x", "y"], "functions": [["Symbol", "z"]]}, "no expression .KeyError"),
        ({"symbols": ["x", "y"], "functions": [["system", "ls"]]}, "operation 'system' cannot"),
        ({"symbols": ["x", "y"], "functions": [["sin", "x"]]}, "'x' is no expression"),
    ],
)
def test_what_is_no_library_is_refused(spec: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        library(spec, 2)


def test_products_bind_before_sums() -> None:
    assert len(library("affine + linear * trigonometric(1)", 2)) == 3 + 2 * 4
    assert len(library("(affine + trigonometric(1)) * linear", 2)) == 5 + 8
