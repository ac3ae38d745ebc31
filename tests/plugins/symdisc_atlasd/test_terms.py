from __future__ import annotations

import math

import torch

from symdisc_atlasd import terms

TURN = [[0.0, -1.0], [1.0, 0.0]]


def test_duplicates_overlap_wholly_and_orthogonal_ones_not_at_all() -> None:
    turn, stretch = torch.tensor(TURN), torch.eye(2)
    found = terms.overlap(
        torch.stack([torch.stack([turn, -3 * turn]), torch.stack([turn, stretch])])
    )
    torch.testing.assert_close(found, torch.tensor([1.0, 0.0]))


def test_every_pair_counts_once() -> None:
    assert terms.overlap(torch.ones(1, 3, 2, 2)).item() == 3


def test_entries_above_the_limit_gain_nothing() -> None:
    turn = torch.tensor(TURN)
    found = terms.smallness(torch.stack([0.5 * turn, turn, 7 * turn])[:, None], 1.0)
    expected = torch.tensor([-0.5, -1.0, -1.0]) * math.sqrt(2)
    torch.testing.assert_close(found, expected)


def test_a_zero_generator_has_finite_gradients() -> None:
    zero = torch.zeros(1, 1, 2, 2, requires_grad=True)
    (gradient,) = torch.autograd.grad(terms.smallness(zero, 1.0).sum(), zero)
    assert gradient.isfinite().all()
