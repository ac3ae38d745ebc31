"""Vectors and matrices in lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch


@pytest.mark.parametrize("n", [1, 2, 3])
def test_products_sums_and_norms(n: int, interpreted: Callable[..., Any]) -> None:
    a, b = torch.randn(2, 5, n, n, generator=torch.Generator().manual_seed(n))
    found = interpreted("lane_products", a, b)
    expected = (a @ b).mT + 2 * b + 3 * torch.eye(n)
    torch.testing.assert_close(found[:, :-1], expected.reshape(5, -1))
    torch.testing.assert_close(found[:, -1], torch.linalg.matrix_norm(a, 1))


@pytest.mark.parametrize("place", [0, 1])
def test_norm_lets_nan_through_in_every_column(place: int, interpreted: Callable[..., Any]) -> None:
    a = torch.ones(3, 2, 2)
    a[1, 0, place] = torch.nan
    norms = interpreted("lane_products", a, a)[:, -1]
    assert norms.isnan().tolist() == [False, True, False]
