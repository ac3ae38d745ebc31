from __future__ import annotations

import pytest

from symdisc.fields.reading import library
from symdisc.representations import Representation
from symdisc_vector_field.construction import by_construction
from symdisc_vector_field.extended import Extended, Output
from symdisc_vector_field.oracles.density import Density, DensityOptions
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions


@pytest.mark.parametrize(
    ("form", "spec", "degree", "c", "output", "holds"),
    [
        ("V2", "polynomial(2)", 3, 1, "as-data", True),
        ("V2", "affine", 2, 1, "as-data", True),
        ("V2", "affine", 3, 1, "as-data", False),
        ("V2", "linear", 2, 1, "as-data", False),
        ("V2", "linear", 1, 1, "as-data", True),
        ("V3", "linear", 1, 2, "as-data", True),
        ("V3", "affine", 4, 1, "as-data", False),
        ("V3", "affine", 2, 1, "as-data", True),
        ("V3", "polynomial(2)", 2, 2, "as-data", True),
        ("V3", "affine", 2, 2, "as-data", False),
        ("V2", "affine", 2, 2, "as-data", False),
        ("2*V2", "affine", 2, 1, "as-data", False),
        ("V2", "affine", 2, 1, "free", False),
        ("V2", "polynomial(2) + trigonometric(1)", 3, 1, "as-data", True),
    ],
)
def test_polynomials(
    form: str, spec: str, degree: int, c: int, output: Output, holds: bool
) -> None:
    parsed = Representation.parse(form)
    extended = Extended(library(spec, parsed.dimension), parsed, None, output, c)
    said = by_construction(extended, Polynomial(PolynomialOptions(fit_degree=degree)))
    assert bool(said) == holds
    if holds:
        assert said.startswith("This holds by construction: polynomials of degree")


def test_any_function_of_a_plane() -> None:
    density = Density(DensityOptions())
    plane = Extended(library("linear", 2), Representation.vector(2), None, "as-data", 1)
    assert by_construction(plane, density).startswith("In two dimensions this holds by construct")
    space = Extended(library("linear", 3), Representation.vector(3), None, "as-data", 1)
    assert by_construction(space, density) == ""


@pytest.mark.parametrize(("spec", "said"), [("polynomial(2)", True), ("affine", False)])
def test_a_rich_library_nearly_holds_the_field_of_any_polynomial_of_a_plane(
    spec: str, said: bool
) -> None:
    plane = Extended(library(spec, 2), Representation.vector(2), None, "as-data", 1)
    sentence = by_construction(plane, Polynomial(PolynomialOptions(fit_degree=4)))
    assert sentence.startswith("In two dimensions this holds by construction") == said
