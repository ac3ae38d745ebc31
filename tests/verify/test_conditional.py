"""What the conditional verifier asks and needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from symdisc.data.prepare import prepare
from symdisc.interfaces import ElementFamily, Question
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions

X = np.random.default_rng(0).standard_normal((200, 2))
PAIRS = prepare(X, (X**2).sum(1, keepdims=True))


def question() -> Question:
    angle = torch.linspace(-1, 1, 64)
    turn = torch.stack([angle.cos(), angle.sin(), -angle.sin(), angle.cos()], -1)
    stretch = torch.diag_embed(torch.stack([1 + angle / 2, 1 - angle / 2], -1))
    return Question(
        PAIRS.rows(torch.arange(100, 200)),
        torch.arange(100),
        PAIRS.rows(torch.arange(100)),
        0,
        ElementFamily(torch.stack([turn.reshape(64, 2, 2), stretch]), torch.zeros(2)),
        torch.ones(2),
        (torch.arange(2),),
        DefectOptions(steps=40, draws=1),
    )


def test_data_need_targets() -> None:
    assert Conditional.unsuited(PAIRS) == ""
    assert Conditional.unsuited(prepare(X)) == "the data have no targets"


def test_gains_of_each_row_and_generator() -> None:
    gains = Conditional().gains(question(), torch.Generator().manual_seed(0))
    assert gains.rows.shape == (100, 2)
    assert gains.by_share.shape[1:] == (100, 2)
    assert (gains.support > 0.5).all()


def test_the_oracle_needs_rows_of_its_own() -> None:
    bare = replace(question(), apart=None)
    with pytest.raises(ValueError, match="the oracle needs rows apart"):
        Conditional().gains(bare, torch.Generator().manual_seed(0))
