"""Standardisation of data inside an encoder."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

_CONSTANT = 1e-6
"""Coordinates that vary by less than this share of their size are taken for constant."""


@final
class DataScale(nn.Module):
    """Centre and scale of the data: networks see numbers of order one.

    The buffers ``mean`` and ``scale`` ``(1, size)``, in the units of the data, change by
    :meth:`fit` alone; before it, the data stay as they are.

    Args:
        size: Coordinates of a state.
        channels: How many runs of equally many coordinates have one mean and one scale each.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, size: int, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.register_buffer("mean", torch.zeros(1, size))
        self.register_buffer("scale", torch.ones(1, size))

    @torch.no_grad()
    def fit(self, x: Tensor) -> Tensor:
        """Take mean and standard deviation from the rows ``(..., B, size)``; return the latter."""
        each = x.reshape(*x.shape[:-1], self.channels, -1)
        mean = each.mean((-3, -1), keepdim=True)
        deviation = each.std((-3, -1), correction=0, keepdim=True)
        varies = deviation > _CONSTANT * mean.abs()
        scale = torch.where(varies, deviation, torch.ones_like(deviation))
        for buffer, values in ((self.mean, mean), (self.scale, scale)):
            buffer.copy_(values.expand(*values.shape[:-1], each.shape[-1]).flatten(-2))
        return self.scale.clone()

    def standardise(self, x: Tensor) -> Tensor:
        """From data units ``(..., B, size)`` to numbers of order one."""
        return (x - self.mean) / self.scale

    def restore(self, x: Tensor) -> Tensor:
        """The inverse of :meth:`standardise`."""
        return torch.addcmul(self.mean, x, self.scale)
