"""Work is counted by the formulas that the module states."""

from __future__ import annotations

import pytest
import torch

from symdisc_kernels.benchmark import Case
from symdisc_kernels.benchmark.work import Work, work_of

# Twelve terms in one sub-step in float32.
NORMS = torch.full((3,), 1.4)


@pytest.mark.parametrize(
    ("n", "k", "c", "forward", "both"),
    [
        (2, 1, 1, Work(160, 20), Work(672, 52)),
        (2, 4, 1, Work(184, 32), Work(768, 88)),
        (3, 3, 1, Work(360, 36), Work(1476, 96)),
        (3, 9, 1, Work(468, 60), Work(1908, 168)),
        (8, 28, 1, Work(5440, 176), Work(21696, 496)),
        (16, 3, 1, Work(8576, 140), Work(33664, 356)),
    ],
)
def test_work_of_the_action(n: int, k: int, c: int, forward: Work, both: Work) -> None:
    """Figures worked out apart from this code, for norms below 1.46."""
    case = Case(n, k, c)
    assert work_of(case, NORMS, "forward") == forward
    found = work_of(case, NORMS, "forward+backward")
    assert found.bytes == both.bytes
    assert found.operations == pytest.approx(both.operations, rel=0.02)


def test_large_norms_are_counted_by_squaring() -> None:
    # 18 squarings bring a norm of 100,000 below 0.58.
    n = 4
    matrices = (3 + 18) * n**3 + 10 * n**2
    expected = 2 * (4 * n**2 + matrices + n**2)
    assert work_of(Case(n), torch.tensor([1e5]), "forward").operations == expected


def test_every_sample_counts_with_its_own_norm() -> None:
    case = Case(4)
    low, high = torch.tensor([0.01]), torch.tensor([3.0])
    mixed = work_of(case, torch.cat([low, high]), "forward").operations
    alone = [work_of(case, norm, "forward").operations for norm in (low, high)]
    assert mixed == pytest.approx(sum(alone) / 2)
    assert alone[0] < mixed < alone[1]


def test_float64_takes_more_terms_and_twice_the_memory() -> None:
    narrow = work_of(Case(3), NORMS, "forward+backward")
    wide = work_of(Case(3, dtype=torch.float64), NORMS, "forward+backward")
    assert wide.bytes == 2 * narrow.bytes
    assert wide.operations > 1.2 * narrow.operations
