"""The discrete rotation: which turns keep the function, and that nothing else does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.discrete_rotation import (
    DiscreteRotation,
    DiscreteRotationOptions,
    generator,
    targets_of,
)

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = DiscreteRotation(DiscreteRotationOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets[:, 0]


@pytest.mark.parametrize("order", [2, 7])
def test_it_passes_the_suite(order: int) -> None:
    check_dataset(DiscreteRotation, {"n_samples": 50, "order": order})


def test_shapes_and_description() -> None:
    raw = DiscreteRotation(DiscreteRotationOptions()).make()
    assert raw.truth is None
    samples = prepare(raw)
    assert samples.states.shape == (20_000, 1, 3)
    assert samples.float_targets is not None
    assert samples.float_targets.shape == (20_000, 1)
    assert str(samples.target_representation) == "S"


def test_values_by_hand() -> None:
    states = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 2.0], [1.0, -1e-9, 2.0]])
    seventh = 2 * np.pi / 7
    expected = [2, 2 / (1 + np.pi / 2 - seventh), 2 / (1 + seventh)]
    assert np.allclose(targets_of(states, 7), expected)


@pytest.mark.parametrize("order", [2, 5, 7])
def test_whole_powers_are_symmetries_and_what_lies_between_is_not(order: int) -> None:
    states, targets = made(n_samples=2000, order=order)
    for k in range(-order, order + 1):
        turned = states @ scipy.linalg.expm(k * generator(order)).T
        # At the jump of the angle a rounding error decides, which no drawn row comes near.
        assert np.allclose(targets_of(turned, order), targets)
        between = states @ scipy.linalg.expm((k + 0.5) * generator(order)).T
        assert np.abs(targets_of(between, order) - targets).mean() > 0.05


def test_full_turn_after_order_steps() -> None:
    assert np.allclose(scipy.linalg.expm(7 * generator(7)), np.eye(3))
    assert not np.allclose(scipy.linalg.expm(3 * generator(7)), np.eye(3), atol=0.1)


def test_the_only_generator_that_keeps_y_stretches_the_plane() -> None:
    states, _ = made(n_samples=500)
    x1, x2, x3 = states.T
    bent = 1 + np.mod(np.arctan2(x2, x1), 2 * np.pi / 7)
    slope = -x3 / bent**2 / (x1**2 + x2**2)
    gradient = np.stack([-x2 * slope, x1 * slope, 1 / bent], axis=1)
    # dy/dt along x' = exp(tL) x is linear in the nine entries of L.
    changes = (gradient[:, :, None] * states[:, None]).reshape(-1, 9)
    _, singular, right = np.linalg.svd(changes / np.linalg.norm(changes, axis=1, keepdims=True))
    assert singular[-1] < 1e-12 * singular[0]
    assert singular[-2] > 0.01 * singular[0]
    assert np.allclose(np.abs(right[-1].reshape(3, 3)), np.diag([1, 1, 0]) / np.sqrt(2))


def test_the_law_of_x_is_standard_normal() -> None:
    states, _ = made(n_samples=100_000)
    assert np.abs(states.mean(0)).max() < 0.02
    assert np.abs(states.T @ states / len(states) - np.eye(3)).max() < 0.03
