"""Coordinates of latent space that a method may choose."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn


@final
class LatentFrame(nn.Module):
    """Latent rows z seen as (z − origin) matrix, at first as they are.

    The buffers ``origin`` ``(1, size)``, ``matrix`` and its inverse ``back`` ``(size, size)``
    change by :meth:`change` alone. Gradients take them for constants.
    """

    origin: Tensor
    matrix: Tensor
    back: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("origin", torch.zeros(1, size))
        for name in ("matrix", "back"):
            self.register_buffer(name, torch.eye(size))

    @torch.no_grad()
    def change(self, origin: Tensor, matrix: Tensor) -> None:
        """See what was seen as z as (z − origin) matrix from now on."""
        self.origin.add_(origin.to(self.back) @ self.back)
        new = self.matrix.double() @ matrix.double()
        self.matrix.copy_(new)
        self.back.copy_(torch.linalg.inv(new))

    def seen(self, z: Tensor) -> Tensor:
        """Rows ``(..., B, size)`` in the coordinates chosen."""
        return (z - self.origin) @ self.matrix

    def restore(self, z: Tensor) -> Tensor:
        """The inverse of :meth:`seen`."""
        return self.origin + z @ self.back
