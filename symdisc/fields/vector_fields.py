"""Vector fields X = Σ_i a_i(x) ∂/∂x_i whose components are sums of given functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from symdisc.algebra.sparse import sparse_basis
from symdisc.errors import DataError
from symdisc.fields.library import Library
from symdisc.fields.polynomials import Polynomials

if TYPE_CHECKING:
    import sympy

MOST_DIGITS = 15
"""Decimals of a coefficient."""


@dataclass(frozen=True, eq=False)
class VectorFields:
    """k vector fields on R^d, X_l = Σ_ij coefficients[l, j, i] φ_j(x) ∂/∂x_i.

    Attributes:
        library: The functions φ_j, m of them.
        coefficients: ``(k, m, d)`` float64.
        names: Names of the coordinates; ``()``: x1, x2, …

    Raises:
        DataError: Shapes or numbers of names do not fit, or a coefficient is not finite.
    """

    library: Library
    coefficients: Tensor
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        expected = (len(self.library), self.library.size)
        if self.coefficients.ndim != 3 or tuple(self.coefficients.shape[1:]) != expected:
            raise DataError(
                f"coefficients have shape {tuple(self.coefficients.shape)}; fields in this library "
                f"need (k, {expected[0]}, {expected[1]})"
            )
        if not bool(self.coefficients.isfinite().all()):
            raise DataError("coefficients of fields must be finite; some are NaN or infinite")
        if self.names and len(self.names) != self.size:
            raise DataError(f"{len(self.names)} names for {self.size} coordinates: {self.names}")

    def __len__(self) -> int:
        return len(self.coefficients)

    @property
    def size(self) -> int:
        """The number d of coordinates."""
        return self.library.size

    def values(self, x: Tensor) -> Tensor:
        """The fields at points ``(..., d)`` float64: ``(..., k, d)``."""
        self._check_points(x)
        functions = self.library.values(x)
        return torch.einsum("...m,kmd->...kd", functions, self.coefficients.to(x))

    def jacobian(self, x: Tensor) -> Tensor:
        """Derivatives ``[..., l, i, j]`` of component i along coordinate j: ``(..., k, d, d)``."""
        self._check_points(x)
        slopes = self.library.jacobian(x)
        return torch.einsum("...mj,kmi->...kij", slopes, self.coefficients.to(x))

    def along(self, weights: Tensor) -> VectorFields:
        """Sums Σ_l weights[a, l] X_l, ``weights`` being ``(a, k)``."""
        mixed = torch.einsum("ak,kmd->amd", weights.to(self.coefficients), self.coefficients)
        return replace(self, coefficients=mixed)

    def sparse(self) -> VectorFields:
        """A basis of the same span whose coefficients are large or small, orthonormal in them.

        See :func:`symdisc.algebra.sparse.sparse_basis`.
        """
        rows = self.coefficients.flatten(1)
        orthonormal = torch.linalg.qr(rows.T)[0].T.reshape(self.coefficients.shape)
        found = torch.from_numpy(sparse_basis(orthonormal.numpy()))
        return replace(self, coefficients=found)

    @classmethod
    def of_matrices(cls, matrices: Tensor, *, homogeneous: bool = False) -> VectorFields:
        """Linear fields (L x)·∂ of matrices ``(k, d, d)``.

        Args:
            matrices: L; where they are homogeneous, [[A, b], [0, 0]] of (A x + b)·∂, which are
                ``(k, d + 1, d + 1)``.
            homogeneous: Whether they are.
        """
        rows = matrices.double().mT
        if not homogeneous:
            return cls(Polynomials(matrices.shape[-1], 1, lowest=1), rows)
        moved = torch.cat([rows[:, -1:], rows[:, :-1]], dim=1)[..., :-1]
        return cls(Polynomials(matrices.shape[-1] - 1, 1), moved)

    def affine_matrices(self) -> Tensor | None:
        """Matrices [[A, b], [0, 0]] with X = (A x + b)·∂, ``(k, d + 1, d + 1)``.

        ``None`` where a field is not affine, or the library is not one of polynomials.
        """
        if not isinstance(self.library, Polynomials):
            return None
        degrees = torch.tensor(self.library.degrees)
        if bool((self.coefficients[:, degrees > 1] != 0).any()):
            return None
        d = self.size
        matrices = self.coefficients.new_zeros(len(self), d + 1, d + 1)
        for j in torch.nonzero(degrees <= 1).flatten().tolist():
            column = int(self.library.exponents[j].argmax()) if degrees[j] == 1 else d
            matrices[:, :d, column] = self.coefficients[:, j]
        return matrices

    def components(self, digits: int = 2) -> list[list[sympy.Expr]]:
        """The components a_i(x) of each field, as expressions of sympy.

        Args:
            digits: Decimals of the coefficients; those that round to zero are left out.

        Raises:
            DataError: ``digits`` is no whole number from 0 to 15.
        """
        import sympy

        _check_digits(digits)
        functions = self.library.expressions(self.symbols)
        return [
            [
                sympy.Add(
                    *(number(float(c), digits) * f for c, f in zip(row, functions, strict=True))
                )
                for row in field.T
            ]
            for field in self.coefficients
        ]

    def symbolic(self, digits: int = 2) -> list[sympy.Expr]:
        """The fields in the base vectors of a coordinate system of ``sympy.diffgeom``.

        A field X acts on a function f of the coordinates as ``X.rcall(f)``.

        Args:
            digits: As for :meth:`components`.
        """
        import sympy
        from sympy.diffgeom import CoordSystem, Manifold, Patch

        system = CoordSystem("x", Patch("U", Manifold("M", self.size)), self.symbols)
        functions = dict(zip(self.symbols, system.coord_functions(), strict=True))
        bases = system.base_vectors()
        return [
            sympy.Add(*(a.xreplace(functions) * base for a, base in zip(row, bases, strict=True)))
            for row in self.components(digits)
        ]

    def latex(self, digits: int = 2) -> list[str]:
        """Each field as LaTeX, a sum of components in front of ∂ by each coordinate."""
        import sympy

        texts = []
        for row in self.components(digits):
            parts = [
                f"\\left({sympy.latex(a)}\\right) \\partial_{{{sympy.latex(symbol)}}}"
                for a, symbol in zip(row, self.symbols, strict=True)
                if a != 0
            ]
            texts.append(" + ".join(parts) or "0")
        return texts

    def text(self, digits: int = 2) -> list[str]:
        """Each field as plain text, ``(-y) ∂/∂x + (x) ∂/∂y``."""
        import sympy

        texts = []
        for row in self.components(digits):
            parts = [
                f"({sympy.sstr(a, full_prec=False)}) ∂/∂{symbol}"
                for a, symbol in zip(row, self.symbols, strict=True)
                if a != 0
            ]
            texts.append(" + ".join(parts) or "0")
        return texts

    def _check_points(self, x: Tensor) -> None:
        if x.shape[-1:] != (self.size,):
            raise DataError(
                f"points have shape {tuple(x.shape)}; fields on {self.size} coordinates need "
                f"(..., {self.size})"
            )

    @property
    def symbols(self) -> list[Any]:
        """The symbols of sympy that stand for the coordinates."""
        import sympy

        names: Sequence[str] = self.names or [f"x{i + 1}" for i in range(self.size)]
        return [sympy.Symbol(name, real=True) for name in names]


def number(value: float, digits: int) -> Any:
    """A number of sympy, rounded; an exact whole number where it is one."""
    import sympy

    rounded = round(value, digits)
    return sympy.Integer(int(rounded)) if rounded == int(rounded) else sympy.Float(str(rounded))


def _check_digits(digits: int) -> None:
    if not isinstance(digits, int) or not 0 <= digits <= MOST_DIGITS:
        raise DataError(f"digits must be a whole number from 0 to {MOST_DIGITS}; got {digits}")
