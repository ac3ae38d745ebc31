"""How affine matrices move images.

A matrix g moves the points (x, y, 1) of the plane and carries the image along: the moved image
at p is the image at g⁻¹p. The origin is the centre of the image, x points to the right and y
down. The longer side reaches from −1 to 1, measured to the outer edges of its pixels, so that
both directions have one unit and a rotation by a matrix is one of the picture. Values between
pixels are interpolated bilinearly; what comes in from outside is 0. Several moves in a row
should be composed as matrices, so that the image is resampled once.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import grid_sample


def warp(inverses: Tensor, images: Tensor) -> Tensor:
    """Move each image by the inverse of a matrix.

    Args:
        inverses: g⁻¹, ``(B, 3, 3)`` with last row (0, 0, 1), which is taken as given.
        images: ``(B, channels, rows, columns)``.

    Returns:
        The moved images in the shape of ``images``, differentiable in both arguments.
    """
    rows, columns = images.shape[-2:]
    points = pixels(rows, columns, inverses)
    return resampled(images, torch.einsum("bij,hwj->bhwi", inverses[:, :2], points))


def resampled(images: Tensor, places: Tensor) -> Tensor:
    """Images whose value at a pixel is that of the given ones at its place.

    Args:
        images: ``(B, channels, rows, columns)``.
        places: (x, y) of each pixel, ``(B, rows, columns, 2)``.

    Returns:
        ``(B, channels, rows, columns)``, differentiable in both arguments.
    """
    rows, columns = images.shape[-2:]
    # grid_sample measures each side from −1 to 1, whatever its length.
    longest = max(rows, columns)
    sides = places.new_tensor([longest / columns, longest / rows])
    return grid_sample(images, places * sides, mode="bilinear", align_corners=False)


def pixels(rows: int, columns: int, like: Tensor) -> Tensor:
    """Centres of the pixels (x, y, 1), ``(rows, columns, 3)``, of the type of ``like``."""
    longest = max(rows, columns)
    x = (2 * torch.arange(columns, dtype=like.dtype, device=like.device) + 1 - columns) / longest
    y = (2 * torch.arange(rows, dtype=like.dtype, device=like.device) + 1 - rows) / longest
    across, down = x.expand(rows, columns), y[:, None].expand(rows, columns)
    return torch.stack([across, down, torch.ones_like(across)], dim=-1)
