"""Functions that fields leave unchanged: X_l(ψ) = 0 for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.library import Library
from symdisc.fields.vector_fields import VectorFields, number
from symdisc.fields.whitening import whitened

if TYPE_CHECKING:
    import sympy

CHANGE = 0.05
"""Root mean square change along the fields, over that of random functions, below which a function
counts as unchanged [1]."""

POINTS = 20_000
"""Most points at which functions are compared."""


@dataclass(frozen=True, eq=False)
class Invariants:
    """p functions ψ_a = Σ_j weights[a, j] φ_j that vary over the data but not along the fields.

    Attributes:
        library: The functions φ_j, m of them.
        weights: ``(p, m)`` float64; the functions have variance 1 and are uncorrelated on the
            data, those that change least first.
        changes: Of each of all independent functions, ascending: its root mean square change along
            the fields over the median one [1]; the first p are below ``CHANGE``.
    """

    library: Library
    weights: Tensor
    changes: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.weights)

    def values(self, x: Tensor) -> Tensor:
        """The functions at points ``(..., d)``: ``(..., p)``."""
        return self.library.values(x) @ self.weights.T.to(x)

    def expressions(self, symbols: list[sympy.Symbol], digits: int = 2) -> list[sympy.Expr]:
        """The functions in symbols, each scaled so that its largest coefficient is 1."""
        import sympy

        functions = self.library.expressions(symbols)
        found = []
        for row in self.weights.tolist():
            terms = [(w, f) for w, f in zip(row, functions, strict=True) if not f.is_number]
            largest = _leading([w for w, _ in terms])
            shares = [(round(w / largest, digits), f) for w, f in terms]
            found.append(sympy.Add(*(number(share, digits) * f for share, f in shares)))
        return found


def _leading(weights: list[float]) -> float:
    """The last weight that is nearly as large as the largest one: that of the highest degree."""
    limit = 0.9 * max(map(abs, weights))
    return [weight for weight in weights if abs(weight) >= limit][-1]


def invariants(fields: VectorFields, library: Library, points: Tensor) -> Invariants:
    """Functions of a library that the fields leave unchanged.

    Of all ψ with variance 1 on the points those with the smallest mean square of X_l(ψ) are taken:
    a generalised eigenvalue problem, whose solutions come with the least change first. The
    fields are scaled to a mean square of 1.

    Args:
        fields: X_1 … X_k, none of them zero at all points.
        library: Functions φ_j to put ψ together from.
        points: ``(P, d)`` float64.

    Raises:
        DataError: There are no fields or points, one field is zero, or sizes do not fit.

    Reference:
        Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024,
        section on invariant features.
    """
    if len(fields) == 0:
        raise DataError("no field was found, so every function is an invariant of none")
    if fields.size != library.size:
        raise DataError(
            f"fields move {fields.size} coordinates, functions are of {library.size}; both need "
            "the same number"
        )
    if len(points) < 2:
        raise DataError(f"functions are compared at points, at least 2; got {len(points)}")
    x = points[:: max(1, len(points) // POINTS)]
    functions = library.values(x)
    centred = functions - functions.mean(0)
    basis = whitened(centred.T @ centred / len(x))
    moves = fields.values(x)
    sizes = moves.square().sum(-1).mean(0).sqrt()
    if not bool((sizes > 0).all()):
        raise DataError("a field that is zero at all points leaves every function unchanged")
    moves = moves / sizes[:, None]
    slopes = torch.einsum("pmi,pki->kpm", library.jacobian(x), moves) @ basis
    flat = slopes.flatten(0, 1)
    squares, directions = torch.linalg.eigh(flat.T @ flat / len(x))
    changes = squares.clamp_min(0).sqrt()
    changes = changes / changes[len(changes) // 2 :].median().clamp_min(1e-300)
    kept = changes < CHANGE
    weights = (basis @ directions).T
    return Invariants(library, weights[kept], tuple(changes.tolist()))
