"""The part of generators that data determine."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.algebra.determined import determined_part, determined_projectors, n_determined

BLOCKS = torch.block_diag(*[torch.ones(2, 2)] * 2)  # type: ignore[no-untyped-call]
TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def opposite(n: int = 50) -> Tensor:
    """Vectors (q, −q), which span two of four dimensions."""
    q = torch.randn(n, 2, generator=rng(), dtype=torch.float64)
    return torch.cat([q, -q], dim=1)


def part_of(generators: Tensor, mask: Tensor, vectors: Tensor) -> Tensor:
    return determined_part(generators, determined_projectors(mask, vectors))


def test_data_that_span_their_space_determine_everything() -> None:
    vectors = torch.randn(30, 4, generator=rng(), dtype=torch.float64)
    generators = torch.randn(3, 2, 4, 4, generator=rng(1), dtype=torch.float64)
    projectors = determined_projectors(torch.ones(4, 4), vectors)
    torch.testing.assert_close(determined_part(generators, projectors), generators)
    assert n_determined(projectors) == 16


def test_generators_that_do_the_same_to_the_data_become_the_same() -> None:
    vectors, mask = opposite(), torch.ones(4, 4)
    truth = torch.block_diag(TURN, TURN)  # type: ignore[no-untyped-call]
    # (a b) acts on (q, −q) as a − b, whatever a + b is.
    anything = torch.randn(4, 2, generator=rng(2), dtype=torch.float64)
    other = truth + torch.cat([anything, anything], dim=1)
    torch.testing.assert_close(other @ vectors.T, truth @ vectors.T)
    found = part_of(torch.stack([truth, other]), mask, vectors)
    torch.testing.assert_close(found[0], found[1])
    torch.testing.assert_close(found @ vectors.T, torch.stack([truth, truth]) @ vectors.T)
    expected = torch.cat([torch.cat([TURN, -TURN], 1), torch.cat([-TURN, TURN], 1)]) / 2
    torch.testing.assert_close(found[0], expected)
    assert n_determined(determined_projectors(mask, vectors)) == 8


def test_blocks_that_the_data_fill_are_determined_one_by_one() -> None:
    vectors = opposite()
    generators = torch.randn(5, 4, 4, generator=rng(3), dtype=torch.float64) * BLOCKS
    torch.testing.assert_close(part_of(generators, BLOCKS, vectors), generators)
    assert n_determined(determined_projectors(BLOCKS, vectors)) == 8


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_units_do_not_decide_what_is_determined(unit: float) -> None:
    vectors = torch.randn(40, 3, generator=rng(), dtype=torch.float64)
    vectors[:, 1] *= unit
    projectors = determined_projectors(torch.ones(3, 3), vectors)
    torch.testing.assert_close(projectors, torch.eye(3).double().expand(3, 3, 3))


def test_coordinates_that_are_always_zero_are_not_determined() -> None:
    vectors = torch.randn(40, 3, generator=rng(), dtype=torch.float64)
    vectors[:, 2] = 0
    projectors = determined_projectors(torch.ones(3, 3), vectors)
    torch.testing.assert_close(
        projectors, torch.diag(torch.tensor([1.0, 1, 0])).double().expand(3, 3, 3)
    )
    assert n_determined(determined_projectors(torch.ones(3, 3), 0 * vectors)) == 0


def test_rows_without_free_entries() -> None:
    mask = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    vectors = torch.randn(10, 2, generator=rng(), dtype=torch.float64)
    projectors = determined_projectors(mask, vectors)
    assert projectors[1].abs().max() == 0
    assert n_determined(projectors) == 2
