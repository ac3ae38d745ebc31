"""Brackets of vector fields, and the algebra that they span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.expressions import Expressions
from symdisc.fields.vector_fields import VectorFields

if TYPE_CHECKING:
    import sympy


def bracket(first: VectorFields, second: VectorFields) -> VectorFields:
    """The brackets [X_a, Y_b] as fields, exactly, in the order (a, b).

    Args:
        first: X_a, ``a`` fields on R^d.
        second: Y_b, ``b`` fields on the same space.

    Returns:
        ``a · b`` fields, in a library of all functions that stand in their components.

    Raises:
        DataError: They are on different numbers of coordinates.
    """
    if first.size != second.size:
        raise DataError(
            f"fields on {first.size} and on {second.size} coordinates have no brackets; both need "
            "the same number"
        )
    symbols = first.symbols
    exact = [[_exact(fields, i) for i in range(len(fields))] for fields in (first, second)]
    rows = [
        [_commutator(one, two, i, symbols) for i in range(len(symbols))]
        for one in exact[0]
        for two in exact[1]
    ]
    return _collected(rows, symbols, first.names)


def _commutator(one: list[Any], two: list[Any], i: int, symbols: list[Any]) -> Any:
    """Component i of the bracket of two fields with these components."""
    import sympy

    parts = (
        x * two[i].diff(symbol) - y * one[i].diff(symbol)
        for x, y, symbol in zip(one, two, symbols, strict=True)
    )
    return sympy.expand(sympy.Add(*parts))


def _exact(fields: VectorFields, number: int) -> list[Any]:
    import sympy

    functions = fields.library.expressions(fields.symbols)
    return [
        sympy.Add(*(sympy.Float(float(c)) * f for c, f in zip(column, functions, strict=True)))
        for column in fields.coefficients[number].T
    ]


def _collected(rows: list[list[sympy.Expr]], symbols: list[Any], names: Any) -> VectorFields:
    """Fields with these components, each a sum of numbers times functions."""
    functions: dict[sympy.Expr, dict[tuple[int, int], float]] = {}
    for number, row in enumerate(rows):
        for i, component in enumerate(row):
            for term in component.as_ordered_terms():
                factor, function = term.as_coeff_Mul()
                places = functions.setdefault(function, {})
                places[number, i] = places.get((number, i), 0.0) + float(factor)
    coefficients = torch.zeros(len(rows), len(functions), len(symbols), dtype=torch.float64)
    for j, places in enumerate(functions.values()):
        for (number, i), value in places.items():
            coefficients[number, j, i] = value
    return VectorFields(Expressions(list(functions), symbols), coefficients, names)


@dataclass(frozen=True, eq=False)
class Closure:
    """How nearly the brackets of k fields are sums of the fields again.

    Attributes:
        constants: c with [X_a, X_b] ≈ Σ_l c[a, b, l] X_l, ``(k, k, k)``.
        residual: Largest share of a bracket that is none of these sums: its size at the points
            relative to the size of [X_a, X_b] without cancellation, ‖DX_b X_a‖ + ‖DX_a X_b‖ [1].
    """

    constants: Tensor
    residual: float


def closure(fields: VectorFields, points: Tensor) -> Closure:
    """Structure constants by least squares at points.

    Args:
        fields: k fields that are linearly independent at the points.
        points: ``(P, d)`` float64.
    """
    k = len(fields)
    values, slopes = fields.values(points), fields.jacobian(points)
    moved = torch.einsum("pbij,paj->pabi", slopes, values)
    brackets = moved - moved.transpose(1, 2)
    columns = values.permute(0, 2, 1).reshape(-1, k)
    wanted = brackets.permute(0, 3, 1, 2).reshape(-1, k * k)
    found = torch.linalg.lstsq(columns, wanted, driver="gelsd").solution
    left = (wanted - columns @ found).square().sum(0).sqrt().reshape(k, k)
    sizes = moved.square().sum((0, 3)).sqrt()
    both = sizes + sizes.T
    shares = torch.where(both > 0, left / torch.where(both > 0, both, 1.0), 0.0)
    return Closure(found.T.reshape(k, k, k), float(shares.max()))
