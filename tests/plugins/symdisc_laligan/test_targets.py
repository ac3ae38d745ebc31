"""Targets of all kinds become numbers of order one."""

from __future__ import annotations

import torch

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_laligan.targets import TargetNumbers

STATES = torch.zeros(6, 1, 2)


def samples(targets: torch.Tensor | None) -> Samples:
    form = Representation.scalars(2) if targets is not None and targets.ndim == 2 else None
    return Samples(STATES, torch.arange(6), Representation.vector(2), targets, form)


def test_values_are_standardised_and_constants_stay_finite() -> None:
    values = torch.tensor([[0.0, 7.0], [10, 7], [20, 7], [30, 7], [40, 7], [50, 7]])
    numbers = TargetNumbers.fit(samples(values))
    found = numbers(values[None])
    assert found is not None
    assert numbers.count == 2
    torch.testing.assert_close(found[0, :, 0].std(correction=0), torch.tensor(1.0))
    torch.testing.assert_close(found[0].mean(0), torch.zeros(2), atol=1e-6, rtol=0)


def test_labels_become_unit_vectors() -> None:
    labels = torch.tensor([0, 2, 1, 0, 1, 2])
    numbers = TargetNumbers.fit(samples(labels))
    found = numbers(labels[None])
    assert numbers.count == 3
    assert found is not None
    torch.testing.assert_close(found, torch.eye(3)[labels][None])


def test_without_targets_there_are_none() -> None:
    numbers = TargetNumbers.fit(samples(None))
    assert numbers.count == 0
    assert numbers(None) is None
