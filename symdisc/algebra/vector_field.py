"""Generators as vector fields of sympy: X = Σ_i (L x)_i ∂/∂x_i."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

if TYPE_CHECKING:
    import sympy

MOST_DIGITS = 15
"""Decimals of a coefficient."""


def vector_fields(
    generators: Tensor,
    names: Sequence[str],
    digits: int,
    centre: Sequence[float] | None = None,
    *,
    homogeneous: bool = False,
) -> list[sympy.Expr]:
    """The fields along which points move.

    Args:
        generators: ``(k, n, n)``.
        names: Names of the n coordinates.
        digits: Coefficients are rounded to so many decimals; those that become zero are left out.
        centre: Point about which the group acts, ``(n,)``; the origin by default.
        homogeneous: Whether the last coordinate is the constant 1, which does not move.

    Returns:
        k expressions in the coordinates and base vectors of one coordinate system of
        ``sympy.diffgeom``; ``sympy.latex`` prints them, and a field X acts on a function f of
        the coordinates as ``X.rcall(f)``.
    """
    import sympy
    from sympy.diffgeom import CoordSystem, Manifold, Patch

    moving = len(names) - homogeneous
    patch = Patch("U", Manifold("M", moving))
    system = CoordSystem("x", patch, [sympy.Symbol(name, real=True) for name in names[:moving]])
    shifts = [0.0] * moving if centre is None else [round(float(c), digits) for c in centre]
    functions = zip(system.coord_functions(), shifts[:moving], strict=True)
    values: list[Any] = [function - _number(shift) for function, shift in functions]
    values += [sympy.Integer(1)] * homogeneous
    return [
        sympy.Add(
            *(
                _number(round(float(generator[i, j]), digits)) * values[j] * base
                for i, base in enumerate(system.base_vectors())
                for j in range(len(names))
            )
        )
        for generator in generators
    ]


def _number(value: float) -> Any:
    """An exact whole number where it is one."""
    import sympy

    return sympy.Integer(int(value)) if value == int(value) else sympy.Float(str(value))
