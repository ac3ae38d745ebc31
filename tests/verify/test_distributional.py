"""What the distributional verifier asks: the law of the states alone."""

from __future__ import annotations

import numpy as np
import torch

from symdisc.data.prepare import prepare
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.distributional import Distributional
from symdisc.verify.verifying import verify

X = np.random.default_rng(0).standard_normal((600, 2)) * [1, 3]
TURN = torch.tensor([[[0.0, 1.0], [-1.0, 0.0]]]).double()
QUICK = DefectOptions(steps=40, draws=1, n_references=5, resamples=200)


def test_all_data_suit_and_targets_are_not_looked_at() -> None:
    """The product with its targets is as the law alone says; half of the rows are not put apart."""
    rows, pairs = prepare(X), prepare(X, (X**2).sum(1, keepdims=True))
    assert Distributional.unsuited(rows) == Distributional.unsuited(pairs) == ""
    first, second = (
        verify(data, TURN, torch.ones(2, 2), None, Distributional(), seed=1, options=QUICK)
        for data in (rows, pairs)
    )
    assert repr(first) == repr(second)  # nan equals nothing
    assert first.worst.n_rows == 600
    assert np.isnan(first.worst.support)
    assert first.worst.low > 0.1
