"""Derivatives from the nearest rows, without any network."""

from __future__ import annotations

from typing import ClassVar, final

import torch
from scipy.spatial import cKDTree
from torch import Tensor
from torch.nn.functional import one_hot

from symdisc.data.samples import Samples
from symdisc.interfaces import Oracle
from symdisc.options import Field, Options
from symdisc_vector_field.chunks import chunks
from symdisc_vector_field.oracles.scaling import Scaling


class NeighboursOptions(Options):
    """Options of ``neighbours``."""

    neighbours: int | None = Field(
        None, ge=2, description="Rows that a plane is fitted to; null: 4 (d + 1) [1]"
    )


@final
class Neighbours(Oracle):
    """At each point a plane is fitted to the nearest rows, near ones counting more.

    Weights are 1 − (r / R)³ to the power of 3, where R is the distance of the farthest row. F is
    the plane's value and the derivatives are its slopes, which are not exactly those of F.

    Reference:
        Cleveland: Robust locally weighted regression, J. Am. Stat. Assoc. 74 (1979) 829; as an
        estimate of derivatives in Hu, Li, Lin: LieSD, Neural Networks 2025.
    """

    Options: ClassVar[type[Options]] = NeighboursOptions
    derivatives: ClassVar[str] = "slopes of planes through the nearest rows"

    def __init__(self, options: NeighboursOptions) -> None:
        self._options = options

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if samples.targets is not None or samples.steps > 1 else "there are no targets"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`."""
        if y is None:
            raise ValueError("planes need targets")
        self._scaling = Scaling.of(x)
        self._points = self._scaling.apply(x)
        self._values = (y if y.is_floating_point() else one_hot(y)).double()
        self._tree = cKDTree(self._points.cpu().numpy())
        wanted = self._options.neighbours or 4 * (x.shape[1] + 1)
        self._count = min(wanted, len(x))

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return self._planes(x)[:, 0]

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return self._planes(x)[:, 1:].mT / self._scaling.scale

    def _planes(self, x: Tensor) -> Tensor:
        """Value and slopes of the plane at each point, ``(N, 1 + d, c)``, in scaled coordinates."""
        parts = [self._fitted(x[rows]) for rows in chunks(len(x), self._count * x.shape[1])]
        empty = x.new_zeros(0, 1 + x.shape[1], self._values.shape[1])
        return torch.cat(parts) if parts else empty

    def _fitted(self, x: Tensor) -> Tensor:
        scaled = self._scaling.apply(x)
        distances, numbers = self._tree.query(scaled.cpu().numpy(), k=self._count)
        far = torch.from_numpy(distances).to(x)
        rows = torch.from_numpy(numbers).to(x.device)
        weights = (1 - (far / far[:, -1:].clamp_min(1e-300)).clamp_max(0.999) ** 3) ** 1.5
        offsets = self._points[rows] - scaled[:, None]
        rising = torch.cat([torch.ones_like(offsets[..., :1]), offsets], dim=-1)
        left, right = weights[..., None] * rising, weights[..., None] * self._values[rows]
        planes: Tensor = torch.linalg.pinv(left) @ right
        return planes
