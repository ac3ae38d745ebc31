"""Matrices with orthonormal columns, as a function of matrices without restrictions."""

from __future__ import annotations

import torch
from torch import Tensor


def orthonormal_columns(matrices: Tensor) -> Tensor:
    """Orthonormalise columns from left to right (Gram and Schmidt, by a QR decomposition).

    A matrix whose columns are orthonormal stays as it is. The signs are those of Gram and
    Schmidt, so that the result depends smoothly on the entries; a QR decomposition by itself
    flips columns.

    Args:
        matrices: ``(..., rows, columns)`` of full rank, no more columns than rows.
    """
    q, r = torch.linalg.qr(matrices)
    negative = r.diagonal(dim1=-2, dim2=-1) < 0
    return torch.where(negative.unsqueeze(-2), -q, q)
