from __future__ import annotations

import pytest
import torch

from symdisc_kernels import group_action
from symdisc_kernels.blocks import by_size, check_blocks, gather_generators, gather_points


def test_blocks_become_tuples() -> None:
    assert check_blocks([[0, 2], [1]], 4) == ((0, 2), (1,))
    assert check_blocks([], 4) == ()


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([[0], []], r"blocks \[\[0\], \[\]\] contain an empty group"),
        ([[0, 1], [1]], r"blocks \[\[0, 1\], \[1\]\] name a coordinate more than once"),
        ([[0, 4]], r"blocks \[\[0, 4\]\] name coordinates outside 0…3"),
        ([[-1, 0]], r"blocks \[\[-1, 0\]\] name coordinates outside 0…3"),
    ],
)
def test_wrong_blocks_are_refused(blocks: list[list[int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_blocks(blocks, 4)
    with pytest.raises(ValueError, match=message):
        group_action(torch.zeros(5, 1), torch.zeros(1, 4, 4), torch.zeros(5, 1, 4), blocks)


def test_blocks_are_grouped_by_size() -> None:
    assert by_size(((0, 1), (2,), (3, 4))) == {2: [(0, 1), (3, 4)], 1: [(2,)]}


def test_gathering_picks_rows_and_columns_of_each_block() -> None:
    index = torch.tensor([[0, 2], [3, 1]])
    generators = torch.arange(2 * 16).reshape(2, 4, 4)
    picked = gather_generators(generators, index)
    assert picked.shape == (2, 2, 2, 2)
    assert torch.equal(picked[1, 0], generators[0][[3, 1]][:, [3, 1]])
    points = torch.arange(5 * 3 * 4).reshape(5, 3, 4)
    taken = gather_points(points, index)
    assert taken.shape == (2, 5, 3, 2)
    assert torch.equal(taken[1], points[..., [3, 1]])
