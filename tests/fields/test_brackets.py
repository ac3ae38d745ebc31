from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.brackets import bracket, closure
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields


def _rotations() -> VectorFields:
    """Turns of space about its axes."""
    fields = torch.zeros(3, 3, 3, dtype=torch.float64)
    for axis in range(3):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        fields[axis, second, first], fields[axis, first, second] = -1, 1
    return VectorFields(library("linear", 3), fields)


def test_brackets_of_rotations_are_rotations() -> None:
    rotations = _rotations()
    points = torch.randn(100, 3, dtype=torch.float64)
    brackets = bracket(rotations, rotations)
    expected = -rotations.values(points)[:, 2]
    torch.testing.assert_close(brackets.values(points)[:, 1], expected)
    found = closure(rotations, points)
    assert found.residual < 1e-12
    assert found.constants[0, 1].tolist() == pytest.approx([0, 0, -1], abs=1e-12)


def test_fields_that_span_no_algebra(
    turn: VectorFields, cusp: VectorFields, points: Tensor
) -> None:
    both = VectorFields(turn.library, torch.cat([turn.coefficients, cusp.coefficients]))
    assert closure(both, points).residual > 0.1
    assert closure(turn, points).residual == 0
    (text,) = bracket(turn, cusp).text()
    assert text == "(3*x**2 + 2*x) ∂/∂x + (-6*x*y - 2*y) ∂/∂y"


def test_fields_on_different_spaces_have_no_brackets(turn: VectorFields) -> None:
    space = VectorFields.of_matrices(torch.eye(3)[None])
    with pytest.raises(DataError, match="fields on 2 and on 3 coordinates have no brackets"):
        bracket(turn, space)
