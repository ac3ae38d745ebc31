from __future__ import annotations

import pytest
import sympy
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.invariants import invariants
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields


def test_a_rotation_keeps_the_distance(turn: VectorFields, points: Tensor) -> None:
    found = invariants(turn, library("polynomial(2)", 2), points)
    x, y = sympy.symbols("x y", real=True)
    assert found.expressions([x, y]) == [x**2 + y**2]
    values = found.values(points)
    assert values.shape == (300, 1)
    assert values.std(0, correction=0).tolist() == pytest.approx([1])
    assert list(found.changes) == sorted(found.changes)
    assert len(found.changes) == 5


def test_a_cusp_keeps_a_cubic(cusp: VectorFields, points: Tensor) -> None:
    assert len(invariants(cusp, library("polynomial(2)", 2), points)) == 0
    found = invariants(cusp, library("polynomial(3)", 2), points)
    x, y = sympy.symbols("x y", real=True)
    assert found.expressions([x, y]) == [x**3 - y**2]
    values = found.values(points)[:, 0]
    cubic = points[:, 0] ** 3 - points[:, 1] ** 2
    assert torch.corrcoef(torch.stack([values, cubic]))[0, 1].abs() > 1 - 1e-6


def test_there_have_to_be_fields(turn: VectorFields, points: Tensor) -> None:
    with pytest.raises(DataError, match="no field was found"):
        invariants(turn.along(torch.zeros(0, 1)), library("affine", 2), points)


def test_fields_functions_and_points_must_fit(turn: VectorFields, points: Tensor) -> None:
    still = VectorFields(turn.library, torch.zeros_like(turn.coefficients))
    for fields, size, places, words in (
        (turn, 3, points, "fields move 2 coordinates, functions are of 3"),
        (turn, 2, points[:1], "functions are compared at points, at least 2; got 1"),
        (still, 2, points, "a field that is zero at all points leaves every function unchanged"),
    ):
        with pytest.raises(DataError, match=words):
            invariants(fields, library("affine", size), places)
