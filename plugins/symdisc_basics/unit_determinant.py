"""Matrices with |det| = 1, as a function of free matrices, and where a search for them starts."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.representations import Representation

NOISE = 0.1
"""Standard deviation of the noise on the entries of orthogonal matrices at the start [1]."""


def unit_determinant(matrices: Tensor, affine: bool = False) -> Tensor:
    """Matrices divided by |det|^(1/n), so that the determinant becomes ±1.

    The sign stays: no step that is small enough changes it, so that a search has to start on both
    sides. Affine maps of homogeneous coordinates keep a last row (0, …, 0, 1), and the other
    n − 1 rows are divided by |det|^(1/(n−1)).

    Args:
        matrices: ``(..., n, n)``, not singular; the last row of affine maps is not looked at.
        affine: Whether they are affine maps.
    """
    n = matrices.shape[-1]
    if not affine:
        return matrices * _shrinking(matrices, n)
    linear = matrices[..., :-1, :] * _shrinking(matrices[..., :-1, :-1], n - 1)
    last = torch.zeros_like(matrices[..., -1:, :])
    last[..., -1] = 1
    return torch.cat([linear, last], dim=-2)


def random_representatives(count: int, representation: Representation) -> Tensor:
    """Where a search for matrices that move states starts: random orthogonal ones with noise.

    Every second one has a negative determinant. Of images, points of the plane are turned and
    mirrored about the middle. Numbers come from torch's global stream.

    Args:
        count: How many, m.
        representation: What the matrices act on.

    Returns:
        ``(m, n, n)`` float32, of any determinant but zero.
    """
    n = representation.dimension
    turned = n if representation.grid is None else n - 1
    q, r = torch.linalg.qr(torch.randn(count, turned, turned))
    # Signs of R make Q evenly distributed (Mezzadri, Notices AMS 54 (2007) 592).
    q = q * r.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
    wanted = 1 - 2.0 * (torch.arange(count) % 2)
    q[..., 0] *= (torch.linalg.det(q).sign() * wanted)[:, None]
    found = torch.eye(n).repeat(count, 1, 1)
    found[:, :turned, :turned] = q + _small(NOISE * torch.randn_like(q))
    return found


def _small(noise: Tensor) -> Tensor:
    """Noise of a norm below 1/2, which cannot change the sign of an orthogonal determinant."""
    norms: Tensor = torch.linalg.matrix_norm(noise, ord=2)[..., None, None]
    return noise / (2 * norms).clamp_min(1)


def _shrinking(matrices: Tensor, n: int) -> Tensor:
    """|det|^(−1/n) of ``(..., n, n)`` as ``(..., 1, 1)``."""
    factors: Tensor = torch.exp(-torch.linalg.slogdet(matrices).logabsdet / n)[..., None, None]
    return factors
