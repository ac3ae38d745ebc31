from __future__ import annotations

import pytest
import torch

from symdisc.errors import DataError
from symdisc.fields.action import tangents
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.representations import Representation
from symdisc_vector_field.extended import Extended, Output

RNG = torch.Generator().manual_seed(0)


def _rand(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=RNG, dtype=torch.float64)


@pytest.mark.parametrize("form", ["V2", "3*V2 + 1*S", "G4x5", "2*G4x5 + 2*S"])
def test_rows_times_unknowns_are_the_change_along_the_field(form: str) -> None:
    representation = Representation.parse(form)
    functions = library("polynomial(2)", 2)
    extended = Extended(functions, representation, None, "as-data", 3)
    x, jacobian = _rand(6, representation.size), _rand(6, 3, representation.size)
    unknowns = _rand(extended.n_unknowns, 2)
    fields, matrices = extended.coefficients(unknowns)
    assert matrices is None
    moved = tangents(VectorFields(functions, fields), x, representation)
    expected = torch.einsum("ncd,nkd->nck", jacobian, moved)
    found = extended.rows(x, jacobian, _rand(6, 3)) @ unknowns
    torch.testing.assert_close(found, expected)
    scales = torch.rand(representation.size, generator=RNG).double() + 0.5
    weights = torch.rand(6, generator=RNG).double()
    sizes = ((moved / scales).square().sum(2) * weights[:, None]).sum(0)
    form_value = (unknowns * (extended.sizes(x, scales, weights) @ unknowns)).sum(0)
    torch.testing.assert_close(form_value, sizes)


def test_values_that_move_along_the_same_field() -> None:
    form = Representation.parse("V2")
    target = Representation.parse("2*V2 + 1*S")
    functions = library("affine", 2)
    extended = Extended(functions, form, target, "as-data", 5)
    assert extended.moves_values
    x, jacobian, values = _rand(6, 2), _rand(6, 5, 2), _rand(6, 5)
    unknowns = _rand(extended.n_unknowns, 1)
    field = VectorFields(functions, extended.coefficients(unknowns)[0])
    expected = torch.einsum("ncd,nkd->nck", jacobian, field.values(x))
    expected = expected - tangents(field, values, target).mT
    torch.testing.assert_close(extended.rows(x, jacobian, values) @ unknowns, expected)


@pytest.mark.parametrize(("output", "c"), [("free", 3), ("tensor", 4)])
def test_values_that_move_by_a_matrix_of_their_own(output: Output, c: int) -> None:
    form, functions = Representation.vector(2), library("linear", 2)
    extended = Extended(functions, form, None, output, c)
    x, jacobian, values = _rand(6, 2), _rand(6, c, 2), _rand(6, c)
    unknowns = _rand(extended.n_unknowns, 2)
    fields, matrices = extended.coefficients(unknowns)
    assert matrices is not None
    moved = VectorFields(functions, fields).values(x)
    expected = torch.einsum("ncd,nkd->nck", jacobian, moved)
    expected = expected - torch.einsum("kcd,nd->nck", matrices, values)
    torch.testing.assert_close(extended.rows(x, jacobian, values) @ unknowns, expected)
    if output == "tensor":
        side = unknowns[extended.n_field :, 0].reshape(2, 2)
        tensor = values[0].reshape(2, 2)
        turned = (matrices[0] @ values[0]).reshape(2, 2)
        torch.testing.assert_close(turned, side @ tensor + tensor @ side.T)


def test_what_does_not_fit_is_refused() -> None:
    form, functions = Representation.vector(2), library("linear", 2)
    with pytest.raises(DataError, match="3 values are none"):
        Extended(functions, form, None, "tensor", 3).n_unknowns  # noqa: B018
    extended = Extended(functions, form, Representation.vector(3), "as-data", 3)
    with pytest.raises(DataError, match=r"targets transform as 'V3'.*--set method.output=free"):
        extended.rows(_rand(2, 2), _rand(2, 3, 2), _rand(2, 3))
