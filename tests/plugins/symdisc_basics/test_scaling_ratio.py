"""The ratio: kept by scalings, and by no other generator."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.testing import check_dataset
from symdisc_basics.datasets.scaling_ratio import ScalingRatio, ScalingRatioOptions

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = ScalingRatio(ScalingRatioOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets


def test_it_passes_the_suite() -> None:
    check_dataset(ScalingRatio, {"n_samples": 50, "noise": 0.1})


def test_target_is_the_ratio_of_positive_numbers() -> None:
    states, targets = made(n_samples=2000, spread=1.0)
    assert states.min() > 0
    assert np.allclose(targets[:, 0] * states[:, 1], states[:, 0])
    logarithms = np.log(states)
    assert np.abs(np.cov(logarithms.T) - np.eye(2)).max() < 0.1
    assert np.abs(logarithms.mean(0)).max() < 0.1


def test_truth_is_the_only_generator_that_keeps_the_ratio() -> None:
    raw = ScalingRatio(ScalingRatioOptions(n_samples=200)).make()
    x1, x2 = np.asarray(raw.states).T
    gradient = np.stack([1 / x2, -x1 / x2**2], axis=1)
    changes = (gradient[:, :, None] * np.asarray(raw.states)[:, None]).reshape(-1, 4)
    _, singular, right = np.linalg.svd(changes)
    assert (singular < 1e-12 * singular[0]).sum() == 1
    assert singular[2] > 0.01 * singular[0]
    assert raw.truth is not None
    assert np.allclose(np.abs(right[3].reshape(2, 2)), np.abs(raw.truth[0]) / np.sqrt(2))


def test_noise_is_independent_of_the_numbers() -> None:
    states, targets = made(n_samples=20_000, noise=0.2)
    noise = targets[:, 0] - states[:, 0] / states[:, 1]
    assert abs(noise.std() - 0.2) < 0.01
    assert abs(np.corrcoef(noise, states[:, 0])[0, 1]) < 0.03
