"""A span is tested in more than one basis."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from symdisc.algebra.spans import largest_angle
from symdisc.data.prepare import prepare
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verifying import random_elements, verify

QUICK = DefectOptions(steps=30, n_references=5, draws=1, resamples=200, n_elements=2)
TURN = torch.tensor([[0.0, 1.0, 0], [-1, 0, 0], [0, 0, 0]], dtype=torch.float64)
OTHER = torch.tensor([[0.0, 0, 0], [0, 0, 0], [0, 0, 1.0]], dtype=torch.float64)


def test_elements_are_of_norm_one_and_in_the_span() -> None:
    generators = torch.stack([TURN, 5 * OTHER])
    elements = random_elements(generators, 40, seed=3)
    assert torch.linalg.matrix_norm(elements).tolist() == pytest.approx([1] * 40)
    assert largest_angle(elements[:1], generators) < 1e-4
    # Evenly in direction: the share of each of the two orthogonal generators is one half.
    share = (elements * OTHER).sum((1, 2)).square().mean()
    assert float(share) == pytest.approx(0.5, abs=0.15)
    assert torch.equal(elements, random_elements(generators, 40, seed=3))
    assert not torch.equal(elements, random_elements(generators, 40, seed=4))


@pytest.mark.parametrize(("k", "expected"), [(1, 0), (2, 2)])
def test_elements_are_tested_where_there_are_several_generators(k: int, expected: int) -> None:
    x = np.random.default_rng(1).standard_normal((600, 3))
    samples = prepare(x, (x[:, :2] ** 2).sum(1, keepdims=True))
    tested = verify(
        samples,
        torch.stack([TURN, OTHER])[:k],
        torch.ones(3, 3),
        None,
        Conditional(),
        seed=0,
        options=QUICK,
    )
    assert (len(tested.defects), len(tested.elements)) == (k, expected)
    assert len(tested.verdicts) == k
    assert len(tested.references) == 5
    assert np.mean(tested.references) > 0.01
