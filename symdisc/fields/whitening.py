"""Coordinates in which a quadratic form is the identity."""

from __future__ import annotations

import torch
from torch import Tensor

NULL = 1e-12
"""Eigenvalues below this share of the largest one count as zero [1]."""


def whitened(form: Tensor) -> Tensor:
    """W with Wᵀ G W = 1, without the directions in which G vanishes.

    The form is brought to a unit diagonal first, so that units do not decide what vanishes.

    Args:
        form: G, symmetric and positive semidefinite, ``(m, m)`` float64.

    Returns:
        ``(m, r)`` with r the rank of G.
    """
    diagonal = form.diagonal().clamp_min(0).sqrt()
    scales = torch.where(diagonal > 0, 1 / torch.where(diagonal > 0, diagonal, 1.0), 0.0)
    values, vectors = torch.linalg.eigh(form * scales[:, None] * scales)
    kept = values > NULL * values[-1].clamp_min(1e-300)
    found: Tensor = scales[:, None] * vectors[:, kept] / values[kept].sqrt()
    return found
