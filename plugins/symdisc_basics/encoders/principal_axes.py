"""The directions in which data vary most."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

_SMALLEST = 1e-6
"""Deviations below this share of the largest one count as none."""


@final
class PrincipalAxes(nn.Module):
    """The leading principal axes of data, and the standard deviations along them.

    The buffers ``axes`` ``(size, count)``, orthonormal columns, and ``deviations``
    ``(1, count)`` change by :meth:`fit` alone; before it, the axes are the first coordinates.

    Args:
        size: Coordinates of a data point.
        count: Number of axes; those beyond ``size`` are zero.
    """

    axes: Tensor
    deviations: Tensor

    def __init__(self, size: int, count: int) -> None:
        super().__init__()
        self.register_buffer("axes", torch.eye(size, count))
        self.register_buffer("deviations", torch.ones(1, count))

    @torch.no_grad()
    def fit(self, x: Tensor) -> None:
        """Take the axes from rows ``(..., B, size)``, which have mean 0; signs are the same always.

        Axes that the rows do not determine (fewer rows than axes, or no variance) are zero.
        """
        axes, deviations = self._found(x)
        self.axes.copy_(axes)
        self.deviations.copy_(deviations)

    def _found(self, x: Tensor) -> tuple[Tensor, Tensor]:
        rows = x.double()
        count, n = self.axes.shape[-1], rows.shape[-2]
        if n < rows.shape[-1]:  # the smaller of two matrices with the same spectrum
            squares, left = torch.linalg.eigh(rows @ rows.mT / n)
            raw = rows.mT @ left
        else:
            squares, raw = torch.linalg.eigh(rows.mT @ rows / n)
        deviations = squares.clamp(min=0).sqrt().flip(-1)[..., None, :count]
        raw = raw.flip(-1)[..., :count]
        counts = deviations > _SMALLEST * deviations[..., :1]
        length = torch.linalg.vector_norm(raw, dim=-2, keepdim=True)
        axes = torch.where(counts, raw / length.clamp(min=1e-300), 0.0)
        largest = axes.gather(-2, axes.abs().argmax(-2, keepdim=True))
        axes = torch.where(largest < 0, -axes, axes)
        missing = (0, count - axes.shape[-1])
        fitted = torch.where(counts, deviations, 1.0)
        return (
            torch.nn.functional.pad(axes, missing).to(x.dtype),
            torch.nn.functional.pad(fitted, missing, value=1.0).to(x.dtype),
        )

    def scores(self, x: Tensor) -> Tensor:
        """Coordinates of data ``(..., B, size)`` along the axes, ``(..., B, count)``."""
        return x @ self.axes

    def restore(self, scores: Tensor) -> Tensor:
        """The data points ``(..., B, size)`` with these scores and nothing beside the axes."""
        return scores @ self.axes.mT
