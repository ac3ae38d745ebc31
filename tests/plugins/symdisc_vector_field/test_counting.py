from __future__ import annotations

import pytest
import sympy
import torch
from torch import Tensor

from symdisc.fields.domain import largest_field_angle
from symdisc.fields.expressions import Expressions
from symdisc.fields.library import Spec
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.representations import Representation
from symdisc_vector_field.counting import (
    GapRule,
    ShareRule,
    sparse_unknowns,
    without_copies,
)
from symdisc_vector_field.extended import Extended
from symdisc_vector_field.moments import Scales, moments
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions
from symdisc_vector_field.spectrum import Spectrum, spectrum

RNG = torch.Generator().manual_seed(0)
RULE = GapRule(3, 0.1)


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ([0.01, 0.02, 0.03, 0.5, 0.9], 3),
        ([0.1, 0.2, 0.3], 0),
        ([0.5, 1.0, 2.0], 0),
        ([0.04, 0.3, 0.9], 1),
        ([0.2, 0.9, 2.7], 0),
        ([1e-6, 1e-6], 2),
        ([1e-6, 1e-6, 1.4], 2),
    ],
)
def test_the_gap(values: list[float], count: int) -> None:
    assert RULE.count(Spectrum(torch.tensor(values).double(), torch.eye(1), 1.0)) == count


def test_values_that_are_small_by_accident_are_like_other_small_ones() -> None:
    found = Spectrum(torch.tensor([1e-6, 1e-3, 3e-3, 0.2]).double(), torch.eye(1), 1.0)
    assert RULE.count(found) == 1
    assert GapRule(3, 0.1, floor=0.005).count(found) == 3


def test_the_published_share() -> None:
    found = Spectrum(torch.tensor([0.1, 0.15, 0.75, 1.0]).double(), torch.eye(1), 1.0)
    assert ShareRule(0.1).count(found) == 2


def _solutions(y: Tensor, x: Tensor, spec: Spec, degree: int) -> tuple[VectorFields, int]:
    oracle = Polynomial(PolynomialOptions(fit_degree=degree))
    oracle.fit(x, y[:, None], RNG)
    size = x.shape[1]
    functions = library(spec, size)
    extended = Extended(functions, Representation.vector(size), None, "as-data", 1)
    sums = moments(extended, oracle, [x], Scales.of(oracle, x))
    every = spectrum(sums)
    count = RULE.count(every)
    solved = without_copies(sums, every, count, functions, x.double()[:500])
    return VectorFields(functions, extended.coefficients(sparse_unknowns(solved))[0]), count


@pytest.mark.parametrize(
    ("spec", "counted", "independent"),
    [("linear", 3, 3), ("affine", 3, 3), ("polynomial(2)", 11, 3)],
)
def test_rotations_are_counted_once(spec: str, counted: int, independent: int) -> None:
    x = torch.randn(2000, 3, generator=RNG)
    fields, count = _solutions(x.square().sum(1), x, spec, 2)
    assert (count, len(fields)) == (counted, independent)
    turn = torch.zeros(1, len(fields.library), 3, dtype=torch.float64)
    first = fields.library.degrees.index(1)
    turn[0, first, 1], turn[0, first + 1, 0] = 1, -1
    truth = VectorFields(fields.library, turn)
    assert largest_field_angle(truth, fields, x.double()) < 1e-3


def test_translations_are_found_before_their_products() -> None:
    x = torch.randn(2000, 2, generator=RNG)
    fields, count = _solutions(x[:, 0] ** 3, x, "polynomial(2)", 3)
    assert count == 6
    assert fields.text() == ["(1) ∂/∂x2"]


def test_a_cusp_and_its_copies() -> None:
    x = torch.randn(2000, 2, generator=RNG)
    fields, count = _solutions(x[:, 0] ** 3 - x[:, 1] ** 2, x, "polynomial(3)", 3)
    assert count == 3
    assert fields.text() == ["(0.67*x2) ∂/∂x1 + (x1**2) ∂/∂x2"]


def test_copies_among_functions_that_a_user_wrote() -> None:
    symbols = sympy.symbols("x y", real=True)
    a, b = symbols
    written = Expressions([a, b, a**2, a * b, b**2], symbols)
    x = torch.randn(2000, 2, generator=RNG)
    fields, count = _solutions(x.square().sum(1), x, written.spec, 2)
    assert (count, len(fields)) == (3, 1)


def test_copies_of_a_field_that_is_not_in_the_library_count_each() -> None:
    """x times a turn and y times a turn: without the turn itself neither is known as a copy."""
    x = torch.randn(2000, 2, generator=RNG)
    fields, count = _solutions(x.square().sum(1), x, "polynomial(2, 2)", 2)
    assert (count, len(fields)) == (2, 2)


def test_copies_are_recognised_up_to_a_high_degree() -> None:
    x = torch.randn(2000, 2, generator=RNG)
    fields, count = _solutions(x.square().sum(1), x, "polynomial(9)", 2)
    assert (count, len(fields)) == (45, 1)
