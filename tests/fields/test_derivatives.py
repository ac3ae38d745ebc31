from __future__ import annotations

import torch
from torch import Tensor

from symdisc.fields.derivatives import automatic, finite_differences


def _function(x: Tensor) -> Tensor:
    return torch.stack([x[:, 0] ** 2 * x[:, 1], x[:, 1].sin()], dim=1)


def test_both_ways_agree(points: Tensor) -> None:
    exact = automatic(_function, points)
    assert exact.shape == (300, 2, 2)
    assert exact[:, 0, 1].allclose(points[:, 0] ** 2)
    steps = torch.tensor([1e-5, 1e-4], dtype=torch.float64)
    torch.testing.assert_close(
        finite_differences(_function, points, steps), exact, atol=1e-6, rtol=1e-6
    )
    assert automatic(_function, points[:0]).shape[0] == 0
