from __future__ import annotations

import pytest
import torch

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.representations import Representation

PLANE = Representation.vector(2)


def _samples(steps: int, targets: torch.Tensor | None = None, form: str | None = None) -> Samples:
    states = torch.randn(5, steps, 2)
    target = None if form is None else Representation.parse(form)
    return Samples(states, torch.arange(5), PLANE, targets, target)


def test_targets_that_move_and_that_stay() -> None:
    still = Pairs.of(_samples(1, torch.randn(5, 1), "S"))
    assert still.y_representation is None
    assert still.y is not None
    assert still.y.shape == (5, 1)
    moving = Pairs.of(_samples(1, torch.randn(5, 2), "V2"))
    assert moving.y_representation == PLANE


def test_windows_lead_to_their_last_state() -> None:
    samples = _samples(3)
    pairs = Pairs.of(samples)
    assert pairs.y is not None
    assert torch.equal(pairs.y, samples.states[:, 2])
    assert pairs.y_representation == PLANE
    assert len(pairs.at(torch.tensor([1, 3])).cpu()) == 2


def test_single_states_have_no_value() -> None:
    pairs = Pairs.of(_samples(1))
    assert pairs.y is None
    assert len(pairs.at(torch.tensor([0])).cpu()) == 1


def test_windows_with_targets_are_refused() -> None:
    with pytest.raises(DataError, match=r"windows of 2 states with targets.*--set data.window=1"):
        Pairs.of(_samples(2, torch.randn(5, 1), "S"))
