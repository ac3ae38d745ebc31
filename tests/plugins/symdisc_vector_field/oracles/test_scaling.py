from __future__ import annotations

import torch

from symdisc_vector_field.oracles.scaling import Scaling


def test_points_get_mean_0_and_variance_1() -> None:
    x = torch.randn(500, 3) * torch.tensor([1.0, 1e6, 0.0]) + 7
    scaled = Scaling.of(x).apply(x)
    assert scaled.mean(0).abs().max() < 1e-4
    assert (scaled.std(0, correction=0) - torch.tensor([1.0, 1.0, 0.0])).abs().max() < 1e-4
