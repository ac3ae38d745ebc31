"""Derivatives of functions of many points at once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

CHUNK = 1024
"""Points whose derivatives are computed together."""


def automatic(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Derivatives by ``torch.func``, in reverse mode.

    Args:
        function: Maps ``(B, d)`` to ``(B, c)``, each point by itself.
        x: ``(N, d)``.

    Returns:
        ``(N, c, d)``.
    """
    if len(x) == 0:
        return x.new_zeros(0, function(x).shape[1], x.shape[1])

    def one(point: Tensor) -> Tensor:
        return function(point[None])[0]

    every: Tensor = torch.func.vmap(torch.func.jacrev(one), chunk_size=CHUNK)(x)
    return every.detach()


def finite_differences(function: Callable[[Tensor], Tensor], x: Tensor, steps: Tensor) -> Tensor:
    """Central differences [F(x + s_i e_i) − F(x − s_i e_i)] / 2 s_i.

    Args:
        function: Maps ``(B, d)`` to ``(B, c)``.
        x: ``(N, d)``.
        steps: s, ``(d,)``, positive.

    Returns:
        ``(N, c, d)``.
    """
    columns = []
    for i, step in enumerate(steps):
        shift = torch.zeros_like(steps)
        shift[i] = step
        columns.append((function(x + shift) - function(x - shift)) / (2 * step))
    return torch.stack(columns, dim=-1)
