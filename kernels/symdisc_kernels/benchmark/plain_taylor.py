"""The action in plain torch: what a careful user would write without a kernel."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc_kernels.benchmark.series import plan


def taylor_action(coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
    """exp(Σ z L) x by a Taylor series in Horner form, one ``torch.baddbmm`` a term.

    One degree and one number of sub-steps, those of the largest norm, serve the whole batch.
    Gradients come from autograd. Al-Mohy & Higham, SIAM J. Sci. Comput. 33 (2011) 488.

    Args:
        coefficients: z, ``(B, k)``.
        generators: L, ``(k, n, n)``.
        points: x, ``(B, c, n)``.

    Returns:
        The moved points, ``(B, c, n)``.
    """
    k, n, _ = generators.shape
    exponents = (coefficients @ generators.reshape(k, n * n)).view(-1, n, n)
    norm = float(exponents.detach().abs().sum(1).amax())
    terms, steps = plan(norm, exponents.dtype)
    scaled = exponents / steps if steps > 1 else exponents
    moved = points.mT
    for _ in range(steps):
        start = moved
        for term in range(terms, 0, -1):
            moved = torch.baddbmm(start, scaled, moved, alpha=1 / term)
    return moved.mT
