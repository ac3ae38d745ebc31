"""The action in sub-steps in the tile layout; the rest is tested through the kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_two_steps_of_the_taylor_polynomial(
    dtype: torch.dtype, interpreted: Callable[..., Any]
) -> None:
    rng = torch.Generator().manual_seed(1)
    a = torch.randn(5, 3, 3, generator=rng, dtype=dtype) / 4
    x = torch.randn(5, 3, generator=rng, dtype=dtype)
    expected = x
    for _ in range(2):
        term = expected
        for j in range(1, 9):
            term = torch.einsum("bij,bj->bi", a, term) / j
            expected = expected + term
    found = interpreted("two_taylor_steps", "tile", a, x)
    tolerance = 4 * torch.finfo(dtype).eps
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=tolerance)
