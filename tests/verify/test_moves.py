"""Rows before and after moves, moved as matrices say and in learned coordinates."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily
from symdisc.representations import Representation
from symdisc.verify.latent_moves import LatentMoves, seen_pairs
from symdisc.verify.moves import SampleMoves

QUARTER = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
FAMILY = ElementFamily(torch.stack([QUARTER, torch.eye(2)])[:, None], torch.zeros(2))
ROWS, PICKS = torch.tensor([2, 0]), torch.zeros(2, 2, dtype=torch.int64)


def windows(targets: Tensor | None = None, form: Representation | None = None) -> Samples:
    states = torch.arange(18.0).reshape(3, 3, 2)
    return Samples(states, torch.arange(3), Representation.vector(2), targets, form)


def doubled(codes: Tensor) -> Tensor:
    return 2 * codes


def test_matrices_move_states_and_targets_that_transform() -> None:
    moves = SampleMoves(windows(torch.ones(3, 2), Representation.vector(2)), 0, FAMILY)
    states, targets = moves.moved(ROWS, PICKS)
    assert states.shape == (2, 2, 6)
    assert states[0, 1].tolist() == [-1, 0, -3, 2, -5, 4]
    assert torch.equal(states[1], moves.states[ROWS])
    assert targets[0].tolist() == [[-1, 1], [-1, 1]]
    assert not moves.dear


def test_class_labels_stay() -> None:
    moves = SampleMoves(windows(torch.tensor([0, 2, 1])), 3, FAMILY)
    assert moves.moved(ROWS, PICKS)[1][0].tolist() == [[0, 1, 0], [1, 0, 0]]


def test_a_window_goes_from_its_first_to_its_last_state() -> None:
    seen = seen_pairs(windows(), doubled)
    assert seen.states[:, 0].tolist() == [[0, 2], [12, 14], [24, 26]]
    assert seen.targets is not None
    assert seen.targets.tolist() == [[8, 8]] * 3


def test_both_ends_are_moved_alike_and_then_seen() -> None:
    """Seen through a bent decoder, the change is not that of the unmoved row, moved."""
    moves = LatentMoves(windows(), torch.square, 0, FAMILY)
    states, targets = moves.moved(ROWS, PICKS)
    assert states[0, 1].tolist() == [1, 0]
    assert targets[0, 1].tolist() == [25 - 1, 16 - 0]
    assert torch.equal(states[1], moves.states[ROWS])
    assert torch.equal(targets[1], moves.targets[ROWS])
    assert moves.dear


def test_targets_of_their_own_stay_as_they_are() -> None:
    labelled = windows(torch.tensor([0, 1, 1]))
    moves = LatentMoves(labelled, doubled, 2, FAMILY)
    assert moves.moved(ROWS, PICKS)[1].tolist() == [[[0, 1], [1, 0]]] * 2
    assert torch.equal(seen_pairs(labelled, doubled).labels, labelled.labels)  # type: ignore[arg-type]
