"""The predictor of targets."""

from __future__ import annotations

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.oracle import Oracle, target_values


def rows(n: int, seed: int, *, labels: bool) -> Samples:
    rng = torch.Generator().manual_seed(seed)
    states = 5 + 2 * torch.randn(n, 1, 2, generator=rng)
    y = 100 * (states[:, 0, :1] - 5) * (states[:, 0, 1:] - 5)
    if labels:
        return Samples(states, torch.arange(n), Representation(1, 2), (y[:, 0] > 0).long())
    constant = torch.full_like(y, 3.0)
    return Samples(
        states,
        torch.arange(n),
        Representation(1, 2),
        torch.cat([y, constant], dim=1),
        Representation.scalars(2),
    )


def test_numbers_are_predicted() -> None:
    rng = torch.Generator().manual_seed(0)
    oracle, test = Oracle(rows(2000, 1, labels=False), 0, rng), rows(500, 2, labels=False)
    assert test.targets is not None
    error = oracle.predict(test.states.flatten(1)) - test.targets
    assert (error[:, 0].std() / test.targets[:, 0].std()).item() < 0.15
    assert error[:, 1].abs().max() < 0.1


def test_classes_are_predicted_as_probabilities() -> None:
    rng = torch.Generator().manual_seed(0)
    oracle, test = Oracle(rows(2000, 1, labels=True), 2, rng), rows(500, 2, labels=True)
    probability = oracle.predict(test.states.flatten(1).expand(3, 500, 2))
    assert probability.shape == (3, 500, 2)
    torch.testing.assert_close(probability.sum(-1), torch.ones(3, 500))
    assert test.labels is not None
    assert probability[0].argmax(-1).eq(test.labels).float().mean().item() > 0.95


def test_targets_as_numbers() -> None:
    labelled = rows(50, 1, labels=True)
    values = target_values(labelled, 3)
    assert values.shape == (50, 3)
    assert labelled.labels is not None
    assert torch.equal(values.argmax(1), labelled.labels)
    numeric = rows(50, 1, labels=False)
    assert target_values(numeric, 0) is numeric.targets


def test_samples_without_targets_have_no_target_values() -> None:
    bare = Samples(torch.ones(2, 1, 2), torch.arange(2), Representation(1, 2))
    with pytest.raises(ValueError, match="these samples have no targets"):
        target_values(bare, 0)
