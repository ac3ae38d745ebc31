"""Polynomial regression."""

from __future__ import annotations

from typing import ClassVar, final

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from symdisc.data.samples import Samples
from symdisc.fields.polynomials import Polynomials, n_monomials
from symdisc.interfaces import Oracle
from symdisc.options import Field, Options
from symdisc_vector_field.chunks import chunks
from symdisc_vector_field.oracles.scaling import Scaling

HIGHEST = 6
"""Highest degree that is tried where none is given."""


class PolynomialOptions(Options):
    """Options of ``polynomial``."""

    fit_degree: int | None = Field(
        None, ge=1, description="Degree of the polynomial; null: that which predicts best [1]"
    )
    ridge: float = Field(
        0.0, ge=0, description="Penalty on squared weights of scaled monomials [1]"
    )


@final
class Polynomial(Oracle):
    """The polynomial of least squared error; of class labels, one for each class.

    Normal equations are added up in float64 over chunks of rows, so that memory does not grow
    with their number. Coordinates are centred and scaled before. Where no degree is given, the
    first fit chooses the one with the smallest error on a fifth of the rows.
    """

    Options: ClassVar[type[Options]] = PolynomialOptions
    quick: ClassVar[bool] = True

    def __init__(self, options: PolynomialOptions) -> None:
        self._options = options
        self.degree = options.fit_degree

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if samples.targets is not None or samples.steps > 1 else "there are no targets"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`."""
        if y is None:
            raise ValueError("a regression needs targets")
        values = y if y.is_floating_point() else one_hot(y).to(x.dtype)
        if self.degree is None:
            self.degree = self._chosen(x, values, rng)
        self._fit(x, values, self.degree)

    def _fit(self, x: Tensor, values: Tensor, degree: int) -> None:
        self._scaling = Scaling.of(x)
        self._library = Polynomials(x.shape[1], degree)
        count = len(self._library)
        square = torch.zeros(count, count, dtype=torch.float64, device=x.device)
        mixed = torch.zeros(count, values.shape[1], dtype=torch.float64, device=x.device)
        for rows in chunks(len(x), count):
            functions = self._library.values(self._scaling.apply(x[rows]))
            square += functions.T @ functions
            mixed += functions.T @ values[rows].double()
        self._weights = self._solved(square, mixed, len(x))
        self._slopes = self._library.derivatives(self._weights)

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return self._library.values(self._scaling.apply(x)) @ self._weights

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        functions = self._library.values(self._scaling.apply(x))
        outputs, size = self._slopes.shape[1:]
        slopes = functions @ self._slopes.flatten(1)
        return slopes.reshape(-1, outputs, size) / self._scaling.scale

    def _chosen(self, x: Tensor, values: Tensor, rng: torch.Generator) -> int:
        """The degree with the smallest squared error, of values of variance 1, on a fifth."""
        order = torch.randperm(len(x), generator=rng, device=rng.device).to(x.device)
        apart, rest = order[: len(x) // 5], order[len(x) // 5 :]
        scales = Scaling.of(values)
        errors = []
        for degree in range(1, HIGHEST + 1):
            if degree > 1 and n_monomials(x.shape[1], degree) > len(rest) / 5:
                break
            self._fit(x[rest], values[rest], degree)
            error = (self.value(x[apart].double()) - values[apart]) / scales.scale
            errors.append(float(error.square().mean()))
        return 1 + errors.index(min(errors))

    def _solved(self, square: Tensor, mixed: Tensor, n_rows: int) -> Tensor:
        scales = square.diagonal().sqrt()
        scales = torch.where(scales > 0, scales, 1.0)
        scaled = square / scales[:, None] / scales
        scaled.diagonal().add_(self._options.ridge)
        # Monomials that the data cannot tell apart share their weight.
        inverse = torch.linalg.pinv(scaled, rtol=1e-12, hermitian=True)
        weights: Tensor = inverse @ (mixed / scales[:, None])
        return weights / scales[:, None]
