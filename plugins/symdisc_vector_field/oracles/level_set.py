"""Equations of the surface on which the data lie."""

from __future__ import annotations

from typing import ClassVar, Literal, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import OptionError
from symdisc.fields.library import Library
from symdisc.fields.reading import library
from symdisc.interfaces import Oracle
from symdisc.options import Field, Options
from symdisc_vector_field.chunks import chunks
from symdisc_vector_field.oracles.scaling import Scaling
from symdisc_vector_field.stiefel import smallest_absolute


class LevelSetOptions(Options):
    """Options of ``level-set``."""

    functions: str = Field("polynomial(2)", description="Library that the equations are sums in")
    components: int = Field(1, ge=1, description="Number of equations [1]")
    size: Literal["squares", "absolute"] = Field(
        "squares", description="Whether mean squares or mean absolute values are made small"
    )


@final
class LevelSet(Oracle):
    """F(x) = Wᵀφ(x) with Wᵀ W = 1, as near to 0 on the data as can be.

    The columns of W lie on the Stiefel manifold; for squares they are the last right singular
    vectors of the functions on the data (each scaled to a mean square of 1). Targets are not used.

    Reference:
        Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024.
    """

    Options: ClassVar[type[Options]] = LevelSetOptions
    quick: ClassVar[bool] = True

    def __init__(self, options: LevelSetOptions) -> None:
        self._options = options

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if len(samples) else "there are no rows"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`."""
        self._scaling = Scaling.of(x)
        self._library: Library = library(self._options.functions, x.shape[1])
        self.degree = getattr(self._library, "degree", None)
        count = len(self._library)
        if self._options.components >= count:
            raise OptionError(
                f"oracle.components = {self._options.components}: there are {count} functions in "
                f"{self._options.functions!r}, so there can be at most {count - 1} equations"
            )
        square = torch.zeros(count, count, dtype=torch.float64, device=x.device)
        for rows in chunks(len(x), count):
            functions = self._library.values(self._scaling.apply(x[rows]))
            square += functions.T @ functions
        scales = (square.diagonal() / len(x)).sqrt()
        scales = torch.where(scales > 0, scales, 1.0)
        _, vectors = torch.linalg.eigh(square / scales[:, None] / scales)
        weights = vectors[:, : self._options.components]
        if self._options.size == "absolute":
            table = self._library.values(self._scaling.apply(x)) / scales
            weights = smallest_absolute(table, weights)
        self._weights: Tensor = weights / scales[:, None]

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return self._library.values(self._scaling.apply(x)) @ self._weights

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        slopes = self._library.jacobian(self._scaling.apply(x))
        turned: Tensor = (slopes.mT @ self._weights).mT / self._scaling.scale
        return turned
