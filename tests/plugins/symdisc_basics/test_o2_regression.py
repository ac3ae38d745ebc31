"""The inner product: what keeps it, and what the odd term takes away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.o2_regression import (
    O2Regression,
    O2RegressionOptions,
    generators,
    representatives,
    targets_of,
)

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = O2Regression(O2RegressionOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets[:, 0]


def moved(states: Array, g: Array) -> Array:
    return (states.reshape(-1, 2, 2) @ g.T).reshape(-1, 4)


@pytest.mark.parametrize("odd", [0.0, 0.2])
def test_it_passes_the_suite(odd: float) -> None:
    check_dataset(O2Regression, {"n_samples": 50, "odd": odd})


def test_description_leads_to_samples() -> None:
    samples = prepare(O2Regression(O2RegressionOptions(n_samples=40)).make())
    assert samples.states.shape == (40, 1, 4)
    assert str(samples.representation) == "2*V2"
    assert str(samples.target_representation) == "S"


def test_values_by_hand() -> None:
    states = np.array([[1.0, 0.0, 0.0, 1.0], [1.0, 2.0, 3.0, 4.0]])
    assert np.array_equal(targets_of(states, 0.0), [0.0, 11.0])
    assert np.array_equal(targets_of(states, 0.5), [0.5, 11.0 + 0.5 * (4 - 6)])


@pytest.mark.parametrize("odd", [0.0, 0.3])
def test_every_part_of_the_group_keeps_the_target(odd: float) -> None:
    options = O2RegressionOptions(n_samples=300, odd=odd)
    states, targets = made(n_samples=300, odd=odd)
    for h in representatives(options):
        for t in (0.0, 0.7, 2.5):
            g = scipy.linalg.expm(t * generators(options)[0]) @ h
            assert np.allclose(targets_of(moved(states, g), odd), targets)


@pytest.mark.parametrize(("odd", "parts"), [(0.0, [1, -1]), (0.01, [1])])
def test_nothing_else_keeps_it(odd: float, parts: list[int]) -> None:
    """y = aᵀMb: g is a symmetry where gᵀMg = M, of which the linear part is solved here."""
    form = np.array([[1.0, odd], [-odd, 1.0]])
    changes = [(u.T @ form + form @ u).ravel() for u in np.eye(4).reshape(4, 2, 2)]
    assert np.linalg.matrix_rank(np.array(changes)) == 3
    determinants = [np.linalg.det(h) for h in representatives(O2RegressionOptions(odd=odd))]
    assert np.allclose(determinants, parts)
    mirror = np.diag([1.0, -1.0])
    assert np.allclose(mirror @ form @ mirror, form) == (-1 in parts)


def test_a_reflection_changes_the_target_by_the_stated_share() -> None:
    states, targets = made(n_samples=100_000, odd=0.2)
    change = targets_of(moved(states, np.diag([1.0, -1.0])), 0.2) - targets
    assert change.std() / targets.std() == pytest.approx(0.4 / np.sqrt(1.04), rel=0.02)
    assert targets.std() == pytest.approx(np.sqrt(2 * 1.04), rel=0.02)


def test_noise_is_added_to_the_target() -> None:
    states, targets = made(n_samples=20_000, noise=0.3)
    noise = targets - targets_of(states, 0.0)
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert np.array_equal(made(n_samples=20_000)[0], states)
