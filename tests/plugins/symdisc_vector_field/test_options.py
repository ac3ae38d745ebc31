from __future__ import annotations

import pytest
import sympy

from symdisc.errors import OptionError
from symdisc.fields.expressions import Expressions
from symdisc.options import parse_options
from symdisc_vector_field.options import VectorFieldOptions


def test_a_library_becomes_plain_values() -> None:
    x, y = sympy.symbols("x y", real=True)
    written = Expressions([x, y * sympy.sin(x)], [x, y])
    options = parse_options(VectorFieldOptions, {"library": written}, "method")
    assert options.library == written.spec
    again = parse_options(VectorFieldOptions, {"library": options.library}, "method")
    assert again == options


@pytest.mark.parametrize(
    ("library", "message"),
    [
        ("linaer", "'linaer' in library 'linaer' is not known.*Did you mean 'linear'"),
        ({"symbols": ["x"], "functions": [["ls"]]}, "operation 'ls' cannot be used"),
    ],
)
def test_what_is_no_library_is_told(library: object, message: str) -> None:
    with pytest.raises(OptionError, match=f"option 'method.library' = .*{message}"):
        parse_options(VectorFieldOptions, {"library": library}, "method")
