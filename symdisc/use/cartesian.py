"""Equations of motion dz_i/dt = Σ_j ξ_ji φ_j(z), sparse, and such as a group allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.library import Library
from symdisc.fields.vector_fields import VectorFields
from symdisc.use.commuting import commuting
from symdisc.use.regression import NOTHING, sparse_coefficients
from symdisc.use.significant import combination

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False)
class Cartesian:
    """One vector field as an equation of motion.

    Attributes:
        field: F of dz/dt = F(z − c), a single field.
        centre: c, ``(d,)`` float64, from where the coordinates in F are counted.
    """

    field: VectorFields
    centre: Tensor

    def velocity(self, points: Tensor) -> Tensor:
        """dz/dt at points ``(..., d)`` float64: ``(..., d)``."""
        values: Tensor = self.field.values(points - self.centre)[..., 0, :]
        return values

    def equations(self, digits: int = 3) -> list[sympy.Eq]:
        """One equation a coordinate, in functions of t.

        Args:
            digits: Digits of each coefficient.
        """
        import sympy

        time = sympy.Symbol("t", real=True)
        symbols = self.field.symbols
        moving = [sympy.Function(symbol.name, real=True)(time) for symbol in symbols]
        told = dict(zip(symbols, moving, strict=True))
        return [
            sympy.Eq(sympy.Derivative(z, time), right.xreplace(told), evaluate=False)
            for z, right in zip(moving, self._sides(digits), strict=True)
        ]

    def lines(self, digits: int = 3) -> list[str]:
        """The equations as plain text, ``dx/dt = -0.5*y``."""
        import sympy

        texts = [sympy.sstr(right, full_prec=False) for right in self._sides(digits)]
        return [f"d{s}/dt = {text}" for s, text in zip(self.field.symbols, texts, strict=True)]

    def definitions(self) -> list[str]:
        """What the symbols mean, where that is not plain."""
        if not bool(self.centre.any()):
            return []
        values = ", ".join(f"{value:.4g}" for value in self.centre.tolist())
        names = ", ".join(str(symbol) for symbol in self.field.symbols)
        return [f"{names} are counted from the centre ({values})"]

    def _sides(self, digits: int) -> list[sympy.Expr]:
        functions = self.field.library.expressions(self.field.symbols)
        columns = self.field.coefficients[0].T.tolist()
        return [combination(column, functions, digits) for column in columns]


def fit_cartesian(
    points: Tensor,
    speeds: Tensor,
    functions: Library,
    threshold: float,
    names: tuple[str, ...],
    centre: Tensor,
    group: VectorFields | None,
    frame: Tensor | None = None,
) -> Cartesian:
    """Learn the equations.

    Args:
        points: ``(P, d)`` float64.
        speeds: Their velocities, ``(P, d)``.
        functions: The φ_j, of coordinates counted from the centre.
        threshold: Terms of less than this share of the velocity are left out [1].
        names: Names of the coordinates.
        centre: c, ``(d,)``.
        group: Fields that the equation has to commute with, in coordinates counted from the
            centre; ``None``: anything is allowed.
        frame: S, in whose coordinates S z the group is simplest; see :func:`commuting`.

    Raises:
        DataError: No function of the library commutes with the group.
        OptionError: There are too many unknowns.
    """
    counted = points - centre
    if group is None:
        columns = functions.values(counted)
        found = [sparse_coefficients(columns, speed, threshold) for speed in speeds.T]
        coefficients = torch.stack(found, dim=1)
    else:
        allowed = commuting(group, functions, counted, frame)
        if len(allowed) == 0:
            raise DataError(
                "no equation in this library is taken to itself by the group; take another "
                "library, for instance --degree 3, or leave the symmetry out with --symmetry none"
            )
        columns = allowed.values(counted).permute(0, 2, 1).reshape(-1, len(allowed))
        weights = sparse_coefficients(columns, speeds.reshape(-1), threshold)
        coefficients = torch.einsum("b,bmi->mi", weights, allowed.coefficients)
    terms = coefficients.abs() * functions.values(counted).square().mean(0).sqrt()[:, None]
    kept = terms > NOTHING * speeds.square().mean().sqrt()
    return Cartesian(VectorFields(functions, (coefficients * kept)[None], names), centre)
