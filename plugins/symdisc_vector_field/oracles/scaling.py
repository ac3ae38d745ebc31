"""Points and values brought to the same size before something is fitted to them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Scaling:
    """x ↦ (x − centre) / scale, coordinate by coordinate.

    Attributes:
        centre: ``(d,)`` float64.
        scale: ``(d,)`` float64, positive.
    """

    centre: Tensor
    scale: Tensor

    @classmethod
    def of(cls, x: Tensor) -> Scaling:
        """That of points ``(N, d)``: mean 0 and variance 1, where they vary."""
        # Sums in float64 without a copy of all points.
        centre = x.mean(0, dtype=torch.float64)
        spread = x.std(0, correction=0).double()
        return cls(centre, torch.where(spread > 0, spread, 1.0))

    def apply(self, x: Tensor) -> Tensor:
        """Scaled points ``(..., d)`` float64."""
        return (x.double() - self.centre) / self.scale
