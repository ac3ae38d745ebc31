"""The lengths of Taylor series, and that they are those of the CPU kernel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

import symdisc_kernels
from symdisc_kernels.benchmark.series import DEGREES, plan

HEADER = Path(symdisc_kernels.__file__).parent / "group_action" / "cpu" / "source" / "series.h"


@pytest.mark.parametrize(("scalar", "dtype"), [("float", torch.float32), ("double", torch.float64)])
def test_the_thresholds_are_those_of_the_cpu_kernel(scalar: str, dtype: torch.dtype) -> None:
    table = HEADER.read_text().partition(f"struct Series<{scalar}>")[2].partition("};\n")[0]
    theirs = {int(m): float(t) for m, t in re.findall(r"\{(\d+), ([\d.e-]+)\}", table)}
    ours = dict(DEGREES[dtype])
    assert list(ours) == list(theirs)
    assert list(ours.values()) == pytest.approx(list(theirs.values()), rel=1e-2)


@pytest.mark.parametrize(
    ("norm", "dtype", "expected"),
    [
        (0.0, torch.float32, (3, 1)),
        (0.4, torch.float32, (7, 1)),
        (1.4, torch.float32, (12, 1)),
        (4.0, torch.float32, (16, 2)),
        (1.0, torch.float64, (18, 1)),
        (100.0, torch.float64, (22, 56)),
    ],
)
def test_the_fewest_products(norm: float, dtype: torch.dtype, expected: tuple[int, int]) -> None:
    found = plan(norm, dtype)
    least = min(m * max(1, -(-norm // t)) for m, t in DEGREES[dtype])
    assert found[0] * found[1] == least
    if norm < 50:
        assert found == expected


@pytest.mark.parametrize("dtype", DEGREES)
def test_a_plan_is_always_within_its_threshold(dtype: torch.dtype) -> None:
    for norm in (1e-3, 0.3, 2.0, 17.0, 80.0):
        terms, steps = plan(norm, dtype)
        assert norm / steps <= dict(DEGREES[dtype])[terms] * (1 + 1e-12)
