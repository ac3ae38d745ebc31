"""How different two laws are, told by samples, without a discriminator."""

from __future__ import annotations

import torch
from torch import Tensor


def energy_distance(first: Tensor, second: Tensor) -> Tensor:
    """2 E‖X − Y‖ − E‖X − X'‖ − E‖Y − Y'‖ over pairs of different rows; ``(E, B, d)`` to ``(E,)``.

    Zero for samples of one law and positive otherwise, up to chance (Székely, Rizzo: J. Stat.
    Plann. Inference 143 (2013) 1249). Rows of the same number may depend on each other: such
    pairs are left out of all three means.
    """
    return 2 * _mean(first, second) - _mean(first, first) - _mean(second, second)


def _mean(first: Tensor, second: Tensor) -> Tensor:
    distances = torch.cdist(first, second)
    n = distances.shape[-1]
    own = distances.diagonal(dim1=-2, dim2=-1).sum(-1)
    return (distances.sum((-2, -1)) - own) / (n * (n - 1))
