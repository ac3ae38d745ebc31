from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from symdisc.testing import check_dataset
from symdisc_basics.datasets.invariant_function import (
    InvariantFunction,
    InvariantFunctionOptions,
    Which,
    fields_of,
    targets_of,
)

STEP = 1e-5
COUNTS = {"ellipse": 1, "hyperbola": 1, "cusp": 1, "quadric": 3, "plane-cubic": 0, "cubic": 0}


@pytest.mark.parametrize("which", get_args(Which))
def test_promises(which: Which) -> None:
    check_dataset(InvariantFunction, {"which": which, "n_samples": 100})


@pytest.mark.parametrize("which", get_args(Which))
def test_the_function_stays_the_same_along_its_fields_and_nowhere_else(which: Which) -> None:
    options = InvariantFunctionOptions(which=which, n_samples=50)
    states = np.asarray(InvariantFunction(options).make().states)
    fields = fields_of(states, options)
    assert fields.shape == (50, COUNTS[which], states.shape[1])
    rng = np.random.default_rng(0)
    random = rng.standard_normal((50, 1, states.shape[1]))
    along = np.concatenate([fields, random], axis=1)
    changes = [
        targets_of(states + STEP * v, options) - targets_of(states - STEP * v, options)
        for v in along.transpose(1, 0, 2)
    ]
    sizes = np.abs(changes).max(1) / (2 * STEP)
    assert (sizes[:-1] < 1e-6).all()
    assert sizes[-1] > 0.1


def test_noise_is_a_share_of_the_spread() -> None:
    noisy = InvariantFunction(InvariantFunctionOptions(which="quadric", noise=0.5)).make()
    states, targets = np.asarray(noisy.states), np.asarray(noisy.targets)[:, 0]
    clean = targets_of(states, InvariantFunctionOptions(which="quadric"))
    assert (targets - clean).std() / clean.std() == pytest.approx(0.5, rel=0.05)


def test_random_functions_go_with_the_seed() -> None:
    states = np.ones((1, 3))
    first, second = (
        targets_of(states, InvariantFunctionOptions(which="cubic", seed=seed)) for seed in (0, 1)
    )
    assert first != second
