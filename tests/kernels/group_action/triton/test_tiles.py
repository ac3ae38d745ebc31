"""Vectors and matrices as tiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch


@pytest.mark.parametrize(("n", "side"), [(5, 8), (8, 8), (9, 16), (16, 16)])
def test_products_and_norms(n: int, side: int, interpreted: Callable[..., Any]) -> None:
    a, b = torch.randn(2, 5, n, n, generator=torch.Generator().manual_seed(n))
    found, norms = interpreted("tile_products", a, b, side)
    torch.testing.assert_close(found, (a @ b).mT + 3 * torch.eye(n))
    torch.testing.assert_close(norms, torch.linalg.matrix_norm(a, 1))


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_norm_tells_what_is_not_finite(value: float, interpreted: Callable[..., Any]) -> None:
    a = torch.ones(3, 5, 5)
    a[1, 2, 3] = value
    _, norms = interpreted("tile_products", a, a, 8)
    assert norms.tolist() == [5.0, -1.0, 5.0]
