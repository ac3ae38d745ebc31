"""Exponentials of given matrices and their adjoint in lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

Call = Callable[..., Any]
_CASES = [(n, dtype) for n in range(1, 5) for dtype in (torch.float32, torch.float64)]


@pytest.mark.parametrize(("n", "dtype"), _CASES)
def test_exponential_and_gradient(
    n: int, dtype: torch.dtype, interpreted: Call, matrix_gradients: Call, assert_close: Call
) -> None:
    rng = torch.Generator().manual_seed(n)
    a, gradient = torch.randn(2, 19, n, n, generator=rng, dtype=torch.float64).to(dtype)
    # Norms from far below 1 to 10.
    a *= torch.logspace(-4, 1, 19, dtype=dtype)[:, None, None] / a.abs().sum(-2).amax()
    found = interpreted("expm", a), interpreted("expm_backward", a, gradient)
    assert_close(found, matrix_gradients(a, gradient), matrix_gradients(a, gradient, dtype))


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_impossible_matrix_spoils_itself_only(value: float, interpreted: Call) -> None:
    a = torch.zeros(3, 3, 3)
    a[1, 0, 0] = value
    e = interpreted("expm", a)
    gradient = interpreted("expm_backward", a, torch.ones_like(a))
    for result in (e, gradient):
        assert result[1].isnan().all()
    assert torch.equal(e[[0, 2]], torch.eye(3).expand(2, 3, 3))
    torch.testing.assert_close(gradient[[0, 2]], torch.ones(2, 3, 3))
