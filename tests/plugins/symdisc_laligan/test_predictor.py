"""Predictors: one a seed, stacked like one of them, smooth."""

from __future__ import annotations

import torch

from symdisc.engine.ensemble import Ensemble
from symdisc.testing import check_stacked
from symdisc_laligan.predictor import Predictor, predictors

CPU = torch.device("cpu")


def test_seeds_differ_and_come_back() -> None:
    z = torch.randn(3, 5, 2)
    first, again = (predictors((0, 1, 0), 2, 3, 8, CPU)(z[:1].expand(3, -1, -1)) for _ in range(2))
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    torch.testing.assert_close(first[0], first[2])
    assert not torch.allclose(first[0], first[1])


def test_the_global_stream_is_left_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    predictors((0, 1), 2, 2, 8, CPU)
    assert torch.rand(1) == expected


def test_stacked_and_vmapped_forms_agree() -> None:
    members = [Predictor(2, 4, 8) for _ in range(3)]
    assert Ensemble(members).strategy == "stacked"
    check_stacked(members, torch.randn(3, 6, 2))
