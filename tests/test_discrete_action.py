"""Discrete elements put to use through the methods of a result."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from elements_toy import TURN
from made_elements import discrete_result, judged_as, mirrored, square
from made_results import make

from symdisc.discrete_action import chosen_component, elements_of, random_components
from symdisc.errors import DataError
from symdisc.representations import Representation

X = np.random.default_rng(0).standard_normal((40, 2))


def test_a_component_moves_states() -> None:
    result = make(discrete=mirrored())
    assert np.allclose(result.transform(X, 0.0, component=1), X * [1, -1])
    turned = result.transform(X, 0.3)
    assert np.allclose(result.transform(X, 0.3, component=0), turned)
    both = result.transform(X, 0.3, component=1)
    assert np.allclose(both, result.transform(X * [1, -1], 0.3))


def test_discrete_groups_move_by_their_first_element() -> None:
    result = discrete_result()
    assert np.allclose(result.transform(X), X @ square().representatives[1].numpy().T)
    assert np.allclose(result.transform(X, component=0), X)
    one = discrete_result(square().restricted((0,)))
    assert np.allclose(one.transform(X), X)


def test_discrete_groups_have_no_coefficients() -> None:
    message = r"this group is discrete, so that there are no coefficients; leave t out, and choose"
    with pytest.raises(DataError, match=message):
        discrete_result().transform(X, 0.5)
    assert np.allclose(discrete_result().transform(X, []), discrete_result().transform(X))


def test_a_component_that_does_not_exist() -> None:
    with pytest.raises(DataError, match="no component 8; there are 8, counted from 0"):
        discrete_result().transform(X, component=8)
    with pytest.raises(DataError, match="no component 1; there is 1, counted from 0"):
        make().transform(X, 0.1, component=1)
    assert chosen_component(make(), None) == 0
    assert elements_of(make(), torch.tensor([0])) is None


def test_targets_move_with_their_samples() -> None:
    part = mirrored().tested(judged_as("confirmed"))
    result = make(discrete=part, target_representation=Representation.parse("V2"))
    x, y = result.augment(X, X, scale=0.0)
    assert np.allclose(x, y)
    flipped = np.abs(x[:, 1] - X[:, 1]) > 1e-9
    assert 10 < flipped.sum() < 30
    assert np.allclose(x, np.where(flipped[:, None], X * [1, -1], X))
    again, _ = result.augment(X, X, scale=0.0)
    assert np.array_equal(x, again)


def test_only_elements_that_hold_augment() -> None:
    assert random_components(make(discrete=mirrored()), 5, 0) is None
    assert random_components(make(), 5, 0) is None
    part = square()
    words = ["confirmed" if name == "half turn" else "not supported" for name in part.names[1:]]
    held = discrete_result(part.tested(judged_as(*words)))
    drawn = elements_of(held, random_components(held, 50, 0))
    assert drawn is not None
    signs = drawn[:, 0, 0].round()
    assert torch.allclose(drawn, signs[:, None, None] * torch.eye(2).double(), atol=1e-9)
    assert set(signs.tolist()) == {1.0, -1.0}


def test_what_only_continuous_groups_have() -> None:
    result = discrete_result(truth=TURN[None])
    calls: dict[str, Callable[[], object]] = {
        "Lie algebra": lambda: result.algebra,
        "vector field": result.vector_field,
        "quadratic form": result.invariant_form,
        "angle to true generators": result.angle_to_truth,
        "cosine with a true generator": result.cosine_to_truth,
    }
    for what, call in calls.items():
        with pytest.raises(DataError, match=f"a discrete group, D_4 on .*; it has no {what}"):
            call()
    with pytest.raises(DataError, match="no generator 0; there are 0"):
        result.orbit(X[0])
    with pytest.raises(DataError, match="finite groups have none here"):
        result.invariants(X)
