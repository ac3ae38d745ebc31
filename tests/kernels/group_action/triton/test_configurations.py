"""The table of launch settings."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from symdisc_kernels.group_action import triton as package
from symdisc_kernels.group_action.triton import launches
from symdisc_kernels.group_action.triton.configurations import (
    DTYPES,
    LARGEST_N,
    all_configurations,
    compute_dtype,
    configuration,
)

NAMES = {found.name for found in all_configurations()}


def test_names_are_unique() -> None:
    assert len(NAMES) == len(list(all_configurations()))


def test_every_launch_is_of_a_listed_configuration_and_all_are_launched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    launched = {}

    def record(chosen: Any, programs: int, arguments: Any, n: int | None) -> None:
        assert programs > 0
        launched[chosen.name] = chosen

    monkeypatch.setattr(launches, "_launch", record)
    for dtype in DTYPES:
        for n in range(1, LARGEST_N + 1):
            x = torch.zeros(200, 1, n, dtype=dtype)
            for k in (max(1, min(8, 32 // n**2)), 33):
                z, generators = torch.zeros(200, k, dtype=dtype), torch.zeros(k, n, n, dtype=dtype)
                package.group_action(z, generators, x)
                package.group_action_backward(z, generators, x, x)
            package.expm(generators)
            package.expm_backward(generators, generators)
    assert set(launched) == NAMES
    listed = {found.name: found for found in all_configurations()}
    assert listed == launched


@pytest.mark.parametrize("n", range(1, LARGEST_N + 1))
def test_layout_fits_the_matrix(n: int) -> None:
    for dtype in DTYPES:
        constants = configuration("adjoint", n, dtype).constants
        assert constants.get("n", n) == n
        assert constants.get("n") or constants["side"] >= n
        assert constants.get("columns", n * n) >= n * n


def test_half_types_are_computed_in_float32() -> None:
    computed = [compute_dtype(dtype) for dtype in DTYPES]
    assert computed == [torch.float32, torch.float64, torch.float32, torch.float32]
