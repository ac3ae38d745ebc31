"""Generators as vector fields of sympy: X = Σ_i (L x)_i ∂/∂x_i."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

if TYPE_CHECKING:
    import sympy


def vector_fields(
    generators: Tensor,
    names: Sequence[str],
    digits: int,
    centre: Sequence[float] | None = None,
) -> list[sympy.Expr]:
    """The fields along which points move.

    Args:
        generators: ``(k, n, n)``.
        names: Names of the n coordinates; one called "1" is the constant 1 and does not move.
        digits: Coefficients are rounded to so many decimals; those that become zero are left out.
        centre: Point about which the group acts, ``(n,)``; the origin by default.

    Returns:
        k expressions in the coordinates and base vectors of one coordinate system of
        ``sympy.diffgeom``; ``sympy.latex`` prints them, and a field X acts on a function f of
        the coordinates as ``X.rcall(f)``.
    """
    import sympy
    from sympy.diffgeom import CoordSystem, Manifold, Patch

    moving = [i for i, name in enumerate(names) if name != "1"]
    patch = Patch("U", Manifold("M", len(moving)))
    symbols = [sympy.Symbol(names[i], real=True) for i in moving]
    system = CoordSystem("x", patch, symbols)
    values: list[Any] = [sympy.Integer(1)] * len(names)
    for place, i in enumerate(moving):
        shift = 0.0 if centre is None else round(float(centre[i]), digits)
        values[i] = system.coord_functions()[place] - _number(shift)
    return [
        sympy.Add(
            *(
                _number(round(float(generator[i, j]), digits)) * values[j] * base
                for i, base in zip(moving, system.base_vectors(), strict=True)
                for j in range(len(names))
            )
        )
        for generator in generators
    ]


def _number(value: float) -> Any:
    """An exact whole number where it is one."""
    import sympy

    return sympy.Integer(int(value)) if value == int(value) else sympy.Float(str(value))
