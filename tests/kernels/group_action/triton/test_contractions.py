"""Tiles parted into lanes and joined again; the sums are tested through the kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch


@pytest.mark.parametrize(("columns", "used"), [(16, 16), (16, 9), (64, 49), (64, 64)])
def test_parted_and_joined_tile_is_the_same(
    columns: int, used: int, interpreted: Callable[..., Any]
) -> None:
    tile = torch.arange(4.0 * columns).reshape(4, columns)
    expected = tile.clone()
    expected[:, used:] = 0
    assert torch.equal(interpreted("round_trip", tile, used), expected)


@pytest.mark.parametrize("n", [3, 7, 9])
@pytest.mark.parametrize("k", [1, 16, 17, 35])
def test_any_number_of_generators(
    n: int,
    k: int,
    interpreted: Callable[..., Any],
    problem: Callable[..., Any],
    gradients: Callable[..., Any],
    assert_close: Callable[..., None],
) -> None:
    given = problem(n, k, 1, torch.full((5,), 0.5), torch.float32)
    found = (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))
    assert_close(found, gradients(*given))
