"""Scales of states."""

from __future__ import annotations

import torch

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.block_scales import mask_blocks, state_scales


def test_blocks_are_what_a_mask_links() -> None:
    mask = torch.zeros(5, 5)
    mask[0, 3] = mask[3, 2] = mask[1, 1] = 1
    assert [block.tolist() for block in mask_blocks(mask)] == [[0, 2, 3], [1], [4]]


def test_a_full_mask_is_one_block() -> None:
    assert [block.tolist() for block in mask_blocks(torch.ones(3, 3))] == [[0, 1, 2]]


def test_coordinates_of_a_block_share_a_scale_and_scalars_have_their_own() -> None:
    rng = torch.Generator().manual_seed(0)
    spread = torch.tensor([3.0, 4.0, 0.1, 3.0, 4.0, 0.1, 50.0, 0.0])
    states = torch.randn(20_000, 2, 8, generator=rng) * spread + 7
    samples = Samples(states, torch.arange(20_000), Representation(2, 3, 2))
    blocks = (torch.tensor([0, 1]), torch.tensor([2]))
    scales = state_scales(samples, blocks)
    linked = 12.5**0.5
    expected = torch.tensor([linked, linked, 0.1, linked, linked, 0.1, 50.0, 1.0])
    torch.testing.assert_close(scales, expected, rtol=0.02, atol=0)


def test_without_scalars() -> None:
    samples = Samples(torch.eye(2)[:, None], torch.arange(2), Representation(1, 2))
    assert state_scales(samples, (torch.tensor([0, 1]),)).tolist() == [0.5, 0.5]
