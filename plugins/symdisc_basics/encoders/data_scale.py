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
        channels: How many runs of equally many coordinates have one scale each. Means are those
            of coordinates: what all pictures show is no part of how they vary.
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
        mean = x.mean(-2, keepdim=True)
        each = (x - mean).reshape(*x.shape[:-1], self.channels, -1)
        deviation = each.square().mean((-3, -1), keepdim=True).sqrt()
        largest = mean.reshape(*deviation.shape[:-2], self.channels, -1).abs().amax(-1, True)
        varies = deviation > _CONSTANT * largest
        scale = torch.where(varies, deviation, torch.ones_like(deviation))
        self.mean.copy_(mean)
        self.scale.copy_(scale.expand(*scale.shape[:-1], each.shape[-1]).flatten(-2))
        return self.scale.clone()

    def standardise(self, x: Tensor) -> Tensor:
        """From data units ``(..., B, size)`` to numbers of order one."""
        return (x - self.mean) / self.scale

    def restore(self, x: Tensor) -> Tensor:
        """The inverse of :meth:`standardise`."""
        return torch.addcmul(self.mean, x, self.scale)
