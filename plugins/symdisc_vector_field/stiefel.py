"""Mean absolute values made small over matrices with orthonormal columns."""

from __future__ import annotations

import torch
from torch import Tensor

STEPS = 500
RATE = 0.1


def smallest_absolute(table: Tensor, start: Tensor, steps: int = STEPS) -> Tensor:
    """V with Vᵀ V = 1 that makes mean|table · V| small, a local optimum.

    Riemannian Adagrad: the gradient is projected to the tangent space of the Stiefel manifold,
    divided by the root of the sum of its squared norms, and the step is taken back to the manifold
    by a QR decomposition. The best of all steps is kept.

    Args:
        table: ``(N, p)`` float64.
        start: ``(p, r)`` with orthonormal columns.
        steps: How many steps.

    Returns:
        ``(p, r)``.

    Reference:
        Absil, Mahony, Sepulchre: Optimization Algorithms on Matrix Manifolds, 2008; the use here
        follows Shaw, Magner, Moon, NeurIPS 2024.
    """
    found, best = start, float("inf")
    place, total = start, 0.0
    for _ in range(steps):
        product = table @ place
        value = float(product.abs().mean())
        if value < best:
            found, best = place, value
        gradient = table.T @ product.sign() / product.numel()
        inner = place.T @ gradient
        tangent = gradient - place @ (inner + inner.T) / 2
        total += float(tangent.square().sum())
        if total == 0:
            break
        place = _orthonormal(place - RATE * tangent / total**0.5)
    return found


def _orthonormal(matrix: Tensor) -> Tensor:
    columns, triangle = torch.linalg.qr(matrix)
    signs = triangle.diagonal().sign()
    turned: Tensor = columns * torch.where(signs == 0, 1.0, signs)
    return turned
