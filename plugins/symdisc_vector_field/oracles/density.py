"""Kernel estimate of the density of the data."""

from __future__ import annotations

from typing import ClassVar, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import Oracle
from symdisc.options import Field, Options
from symdisc_vector_field.chunks import chunks
from symdisc_vector_field.oracles.scaling import Scaling


class DensityOptions(Options):
    """Options of ``density``."""

    bandwidth: float = Field(
        1.0, gt=0, description="Width of the kernels over that of Scott's rule [1]"
    )
    max_rows: int = Field(4_000, ge=2, description="Most rows that carry a kernel [1]")


@final
class Density(Oracle):
    """Gaussian kernels on the rows, in coordinates scaled to variance 1; its largest value is 1.

    Their width follows Scott (Multivariate Density Estimation, 1992): N^(−1/(d+4)). Any density
    of several coordinates has fields along which it stays the same; a report says so.
    """

    Options: ClassVar[type[Options]] = DensityOptions
    quick: ClassVar[bool] = True

    def __init__(self, options: DensityOptions) -> None:
        self._options = options

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if len(samples) else "there are no rows"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`."""
        order = torch.randperm(len(x), generator=rng, device=rng.device).to(x.device)
        kept = x[order[: self._options.max_rows]]
        self._scaling = Scaling.of(kept)
        self._points = self._scaling.apply(kept)
        count, size = self._points.shape
        self._width = self._options.bandwidth * count ** (-1 / (size + 4))
        self._largest = 1.0
        self._largest = float(self.value(kept.double()).max())

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        parts = [self._kernels(x[rows]).mean(1, keepdim=True) for rows in self._chunks(x)]
        return torch.cat(parts) if parts else x.new_zeros(0, 1)

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        parts = [self._slopes(x[rows]) for rows in self._chunks(x)]
        return torch.cat(parts) if parts else x.new_zeros(0, 1, x.shape[1])

    def _slopes(self, x: Tensor) -> Tensor:
        kernels, scaled = self._kernels(x), self._scaling.apply(x)
        pulled = kernels @ self._points - kernels.sum(1, keepdim=True) * scaled
        slopes: Tensor = pulled / (len(self._points) * self._width**2) / self._scaling.scale
        return slopes[:, None]

    def _kernels(self, x: Tensor) -> Tensor:
        distances: Tensor = torch.cdist(self._scaling.apply(x), self._points)
        kernels: Tensor = torch.exp(-distances.square() / (2 * self._width**2)) / self._largest
        return kernels

    def _chunks(self, x: Tensor) -> list[slice]:
        return list(chunks(len(x), len(self._points)))
