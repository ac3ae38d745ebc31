"""What every library promises: derivatives, symbols and its plain form."""

from __future__ import annotations

import json

import pytest
import sympy
import torch
from torch import Tensor

from symdisc.fields.expressions import Expressions
from symdisc.fields.library import Spec
from symdisc.fields.reading import library

A, B = sympy.symbols("a b", real=True)
WRITTEN = Expressions(
    [A * sympy.exp(-B), sympy.sin(A) / sympy.sqrt(B**2 + 1), sympy.pi * A, sympy.Rational(3, 2)],
    [A, B],
).spec
SPECS: list[Spec] = [
    "linear",
    "affine",
    "polynomial(3)",
    "polynomial(3, 2)",
    "trigonometric(2)",
    "exponential",
    "radial(0.5, 1.0)",
    "polynomial(2) + trigonometric(1)",
    "affine * (linear + radial(1.0))",
    WRITTEN,
    {"sum": ["affine", WRITTEN]},
    {"product": ["linear", WRITTEN]},
]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_derivatives_are_those_of_the_values(spec: Spec, points: Tensor) -> None:
    functions = library(spec, 2)
    expected = torch.func.vmap(torch.func.jacrev(functions.values))(points)
    torch.testing.assert_close(functions.jacobian(points), expected)
    assert functions.jacobian(points[:0]).shape == (0, len(functions), 2)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_symbols_have_the_same_values(spec: Spec, points: Tensor) -> None:
    functions = library(spec, 2)
    symbolic = functions.expressions([A, B])
    assert len(symbolic) == len(functions) == len(functions.degrees) == len(set(symbolic))
    numbers = {A: float(points[0, 0]), B: float(points[0, 1])}
    expected = [float(function.evalf(subs=numbers)) for function in symbolic]
    assert functions.values(points)[0].tolist() == pytest.approx(expected)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_plain_values_make_the_same_library_again(spec: Spec, points: Tensor) -> None:
    functions = library(spec, 2)
    again = library(json.loads(json.dumps(functions.spec)), 2)
    assert torch.equal(again.values(points), functions.values(points))
    assert again.degrees == functions.degrees
