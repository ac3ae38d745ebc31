"""What seeds with generators to spare have in common."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.algebra.common import find_common
from symdisc.algebra.known import known_algebra
from symdisc.algebra.spans import largest_angle
from symdisc.errors import TrainingError


def seeds_with(
    truth: Tensor, n_seeds: int, surplus: int, noise: float = 0.01, seed: int = 0
) -> Tensor:
    """Seeds that found the truth, in bases of their own, and something else besides."""
    rng = torch.Generator().manual_seed(seed)
    n, k = truth.shape[-1], len(truth) + surplus
    found = []
    for _ in range(n_seeds):
        other = torch.randn(surplus, n, n, generator=rng, dtype=torch.float64)
        both = torch.cat([truth.double(), other]).flatten(1)
        both = both / both.norm(dim=1, keepdim=True)
        basis, _ = torch.linalg.qr(torch.randn(k, k, generator=rng, dtype=torch.float64))
        mixed = basis @ both
        mixed = mixed + noise * torch.randn(mixed.shape, generator=rng, dtype=torch.float64)
        found.append(mixed.reshape(k, n, n))
    return torch.stack(found)


SO3 = torch.tensor(known_algebra("so(3)"))
LORENTZ = torch.tensor(known_algebra("so(1,3)"))


@pytest.mark.parametrize(
    ("truth", "surplus"), [(SO3, 1), (SO3, 2), (LORENTZ, 1), (LORENTZ, 3), (SO3[:1], 3)]
)
def test_the_common_span_is_found_with_its_dimension(truth: Tensor, surplus: int) -> None:
    consensus = find_common(seeds_with(truth, 8, surplus))
    assert len(consensus.generators) == len(truth)
    assert largest_angle(truth.double(), consensus.generators) < 3
    assert consensus.has_consensus
    assert consensus.agreement == 1
    assert max(consensus.angles) < 10


def test_without_surplus_it_is_the_span_itself() -> None:
    consensus = find_common(seeds_with(SO3, 6, 0))
    assert len(consensus.generators) == 3


def test_seeds_that_found_something_else_are_told_and_do_not_count() -> None:
    seeds = seeds_with(SO3, 8, 1)
    seeds[2] = torch.randn(4, 3, 3, generator=torch.Generator().manual_seed(9)).double()
    seeds[5] = math.nan
    consensus = find_common(seeds)
    assert consensus.members == (True, True, False, True, True, False, True, True)
    assert consensus.has_consensus
    assert len(consensus.generators) == 3
    assert list(consensus.failed) == [5]
    assert math.isnan(consensus.angles[5])


@pytest.mark.parametrize(("n", "k"), [(3, 2), (3, 3), (4, 5), (8, 7)])
def test_seeds_that_have_nothing_in_common(n: int, k: int) -> None:
    claimed = 0
    for seed in range(10):
        rng = torch.Generator().manual_seed(seed)
        seeds = torch.randn(12, k, n, n, generator=rng, dtype=torch.float64)
        consensus = find_common(seeds)
        assert len(consensus.generators) == 1 or consensus.has_consensus
        claimed += consensus.has_consensus
    assert claimed == 0


def test_no_usable_seed() -> None:
    message = "no seed ended with usable generators .member 0: generators are not finite"
    with pytest.raises(TrainingError, match=message):
        find_common(torch.full((2, 1, 2, 2), math.nan))
