"""Polynomials of any degree, the affine and the linear functions among them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, final

import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.library import Library, Spec

if TYPE_CHECKING:
    import sympy

MOST_FUNCTIONS = 20_000
"""Functions above which a library is refused: their products would not fit into memory."""


@final
class Polynomials(Library):
    """All monomials of d coordinates with degrees in a range, by degree.

    Args:
        size: The number d of coordinates.
        degree: The highest degree.
        lowest: The lowest degree; 1 leaves out the constant.

    Attributes:
        exponents: ``(m, d)`` whole numbers.

    Raises:
        OptionError: There are too many of them, or none.
    """

    def __init__(self, size: int, degree: int, lowest: int = 0) -> None:
        if not 0 <= lowest <= degree:
            raise OptionError(
                f"polynomials of degree {lowest} to {degree}: the degree must be at least "
                f"{max(lowest, 0)}, and the lowest degree at least 0"
            )
        self.size, self.degree, self.lowest = size, degree, lowest
        _check_count(size, degree)
        terms = _monomials(size, degree)
        self._first = next(i for i, term in enumerate(terms) if len(term) >= lowest)
        self.degrees = tuple(len(term) for term in terms[self._first :])
        number = {term: i for i, term in enumerate(terms)}
        # Each monomial is one before it times a coordinate.
        self._steps = [(number[term[:-1]], term[-1]) for term in terms[1:]]
        self.exponents = torch.tensor(
            [[term.count(i) for i in range(size)] for term in terms[self._first :]]
        ).reshape(len(self.degrees), size)
        self._lower = torch.tensor(
            [[_lower(number, term, i) for i in range(size)] for term in terms[self._first :]]
        ).reshape(len(self.degrees), size)

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        return self._all(x)[..., self._first :]

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        lower = self._lower.to(x.device)
        return self._all(x)[..., lower] * self.exponents.to(x)

    def derivatives(self, weights: Tensor) -> Tensor:
        """Weights of the derivatives of polynomials, in the same library with constants.

        Args:
            weights: ``(m, c)`` of c polynomials of this library, whose lowest degree is 0.

        Returns:
            ``(m, c, d)``: the derivative along coordinate i has the weights ``[..., i]``.
        """
        terms, outputs = weights.shape
        found = weights.new_zeros(terms, outputs, self.size)
        for i in range(self.size):
            times = self.exponents[:, i].to(weights)
            found[..., i].index_add_(0, self._lower[:, i], times[:, None] * weights)
        return found

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        import sympy

        return tuple(
            sympy.Mul(*(symbol**power for symbol, power in zip(symbols, row, strict=True)))
            for row in self.exponents.tolist()
        )

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        names = {(0, 1): "affine", (1, 1): "linear"}
        if (self.lowest, self.degree) in names:
            return names[self.lowest, self.degree]
        lowest = f", {self.lowest}" if self.lowest else ""
        return f"polynomial({self.degree}{lowest})"

    def _all(self, x: Tensor) -> Tensor:
        columns = [torch.ones_like(x[..., 0])]
        for earlier, coordinate in self._steps:
            columns.append(columns[earlier] * x[..., coordinate])
        return torch.stack(columns, dim=-1)


def _monomials(size: int, degree: int) -> list[tuple[int, ...]]:
    """Coordinates of each monomial in ascending order, by degree."""
    return [
        term
        for power in range(degree + 1)
        for term in itertools.combinations_with_replacement(range(size), power)
    ]


def _lower(number: dict[tuple[int, ...], int], term: tuple[int, ...], i: int) -> int:
    """Number of the monomial without one factor x_i; of any where there is no such factor."""
    if i not in term:
        return 0
    place = term.index(i)
    return number[term[:place] + term[place + 1 :]]


def n_monomials(size: int, degree: int) -> int:
    """Number of monomials of ``size`` coordinates up to a degree."""
    return math.comb(size + degree, degree)


def _check_count(size: int, degree: int) -> None:
    count = n_monomials(size, degree)
    if count > MOST_FUNCTIONS:
        raise OptionError(
            f"polynomials of {size} coordinates up to degree {degree} are {count:,} functions, "
            f"more than {MOST_FUNCTIONS:,}; take a lower degree or fewer coordinates"
        )
