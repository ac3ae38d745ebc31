"""The later stages of the generator gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch


# From 129 parts on, groups of them are summed first.
@pytest.mark.parametrize("parts", [2, 16, 37, 129, 300])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_parts_are_summed(parts: int, dtype: torch.dtype, interpreted: Callable[..., Any]) -> None:
    computed = torch.float64 if dtype == torch.float64 else torch.float32
    rng = torch.Generator().manual_seed(parts)
    # More entries than one program adds, and not a multiple of them.
    values = torch.randn(2, parts, 3 * 25, generator=rng, dtype=torch.float64).to(computed)
    found = interpreted("sum_of_parts", values, (2, 3, 5, 5), dtype)
    exact = values.double().sum(1).reshape(2, 3, 5, 5)
    assert found.dtype == dtype
    torch.testing.assert_close(
        found.double(), exact, rtol=0, atol=(20 + parts) * torch.finfo(dtype).eps
    )


def test_one_part_of_a_half_type_is_rounded(interpreted: Callable[..., Any]) -> None:
    values = torch.full((1, 1, 4), 1 / 3)
    found = interpreted("sum_of_parts", values, (1, 1, 2, 2), torch.float16)
    assert torch.equal(found, torch.full((1, 1, 2, 2), 1 / 3, dtype=torch.float16))
