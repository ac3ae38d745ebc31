"""Normalisation of latent coordinates by statistics that only an explicit call changes."""

from __future__ import annotations

from typing import Literal, TypeAlias, final

import torch
from torch import Tensor, nn

Normalise: TypeAlias = Literal["none", "centre", "whiten"]

_FLOOR = 1e-6
"""Smallest variance, as a share of the largest one, by which is divided."""


@final
class LatentScale(nn.Module):
    """Latent coordinates about their mean, or with covariance 1, in a way that can be undone.

    Whitening multiplies by the symmetric inverse root of the covariance: of all whitening maps
    it moves points least, so that coordinates do not turn while the statistics change.

    The buffers are the running statistics ``mean`` ``(1, size)`` and ``covariance``
    ``(size, size)`` and the roots ``whitener`` and ``unwhitener``; ``"centre"`` has the first
    only, ``"none"`` has none. Gradients take them for constants.
    """

    mean: Tensor
    covariance: Tensor
    whitener: Tensor
    unwhitener: Tensor

    def __init__(self, size: int, how: Normalise) -> None:
        super().__init__()
        self.how = how
        if how != "none":
            self.register_buffer("mean", torch.zeros(1, size))
        if how == "whiten":
            for name in ("covariance", "whitener", "unwhitener"):
                self.register_buffer(name, torch.eye(size))

    @torch.no_grad()
    def update(self, z: Tensor, share: Tensor) -> None:
        """Move the statistics towards those of these rows.

        Args:
            z: Latent points before normalisation ``(..., B, size)``.
            share: How far, from 0 to 1: ``()`` or ``(E,)``.
        """
        if self.how == "none":
            return
        step = share[..., None, None]
        mean = z.mean(-2, keepdim=True)
        self.mean.lerp_(mean, step)
        if self.how == "whiten":
            about = z - mean
            self.covariance.lerp_(about.mT @ about / z.shape[-2], step)
            self._take_roots()

    def _take_roots(self) -> None:
        values, vectors = torch.linalg.eigh(self.covariance.double())
        largest = values[..., -1:].clamp(min=torch.finfo(self.covariance.dtype).tiny)
        roots = torch.maximum(values, _FLOOR * largest).sqrt()[..., None, :]
        self.whitener.copy_(vectors / roots @ vectors.mT)
        self.unwhitener.copy_(vectors * roots @ vectors.mT)

    def normalise(self, z: Tensor) -> Tensor:
        """Normalised latent points ``(..., B, size)``."""
        if self.how == "none":
            return z
        about = z - self.mean
        return about @ self.whitener if self.how == "whiten" else about

    def restore(self, z: Tensor) -> Tensor:
        """The inverse of :meth:`normalise`."""
        if self.how == "none":
            return z
        return self.mean + (z @ self.unwhitener if self.how == "whiten" else z)
