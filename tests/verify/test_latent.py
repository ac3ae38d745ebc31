"""The verifier of learned coordinates keeps the promises of its kind."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily, Question
from symdisc.representations import Representation
from symdisc.testing import check_verifier
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent import Latent

ROWS = np.random.default_rng(0).standard_normal((200, 2))


def circling() -> Samples:
    """Pairs of states of which the second is the first one, turned by an angle of its radius."""
    first = torch.randn(1200, 2, generator=torch.Generator().manual_seed(7))
    angle = 1 / (1 + first.square().sum(1))
    x, y = first.T
    second = torch.stack(
        [x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos()], dim=1
    )
    pairs = torch.stack([first, second], dim=1)
    return Samples(pairs, torch.arange(1200), Representation.vector(2))


@pytest.mark.slow
def test_it_keeps_the_promises_of_verifiers() -> None:
    """Also on rows with targets, where what it tests is the conditional statement."""
    check_verifier(Latent)
    check_verifier(Latent, circling(), torch.tensor([[0.0, -1.0], [1.0, 0.0]]))


def test_single_states_without_targets_say_nothing() -> None:
    assert Latent.unsuited(prepare(ROWS)).startswith("a sample is one state without a target")
    assert Latent.unsuited(prepare(ROWS, ROWS[:, :1])) == ""
    assert Latent.unsuited(prepare([ROWS])) == ""


def test_the_oracle_needs_rows_of_its_own() -> None:
    family = ElementFamily(torch.eye(2).expand(1, 2, 2, 2), torch.zeros(1))
    rows = prepare([ROWS])
    bare = Question(
        rows,
        torch.arange(len(rows)),
        None,
        0,
        family,
        torch.ones(2),
        (torch.arange(2),),
        DefectOptions(),
    )
    with pytest.raises(ValueError, match="the oracle needs rows apart"):
        Latent().gains(bare, torch.Generator().manual_seed(0))
