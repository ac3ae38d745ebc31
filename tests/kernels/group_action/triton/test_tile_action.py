"""The action and its adjoint in tiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

Call = Callable[..., Any]
_CASES = [(n, torch.float32) for n in range(9, 17)] + [(n, torch.float64) for n in (5, 8, 9, 16)]


@pytest.mark.parametrize("norms", [(0.4, 0.2), (0.5, 50.0)], ids=["action", "squaring"])
@pytest.mark.parametrize(("n", "dtype"), _CASES)
def test_action_and_gradients(
    n: int,
    dtype: torch.dtype,
    norms: tuple[float, float],
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    # Two components; two tiles with a rest.
    given = problem(n, 2, 2, torch.tensor(norms * 9), dtype)
    found = (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))
    assert_close(found, gradients(*given), gradients(*given, dtype))


@pytest.mark.parametrize("n", [9, 16])
def test_several_steps_and_blocks(
    n: int, interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    # Norms that take steps, in two tiles with a rest.
    norm = 3.5 if n == 9 else 4.3
    given = problem(n, 3, 1, torch.full((19,), norm), torch.float32)
    found = (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))
    assert_close(found, gradients(*given))


@pytest.mark.parametrize("value", [torch.nan, torch.inf, 3e38])
@pytest.mark.parametrize("n", [9])
def test_impossible_element_spoils_itself_only(
    n: int, value: float, interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    given = problem(n, 2, 1, torch.full((6,), 0.7), torch.float32)
    given[0][3, 1] = value
    y = interpreted("group_action", *given[:3])
    gz, generator_gradient, gx = interpreted("group_action_backward", *given)
    others = [0, 1, 2, 4, 5]
    for spoilt in (y, gz, gx):
        assert spoilt[3].isnan().all()
        assert spoilt[others].isfinite().all()
    assert generator_gradient.isnan().all()
    kept = [given[0][others], given[1], given[2][others], given[3][others]]
    exact = gradients(*kept)
    assert_close((y[others], gz[others], gx[others]), (exact[0], exact[1], exact[3]))
