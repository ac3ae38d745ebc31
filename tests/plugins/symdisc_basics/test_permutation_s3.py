"""The soft maximum: six permutations keep it, nothing else does, and a handicap ends it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.permutation_s3 import (
    PermutationS3,
    PermutationS3Options,
    generators,
    representatives,
    targets_of,
)

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = PermutationS3(PermutationS3Options(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets[:, 0]


@pytest.mark.parametrize("handicap", [0.0, 0.2])
def test_it_passes_the_suite(handicap: float) -> None:
    check_dataset(PermutationS3, {"n_samples": 50, "handicap": handicap})


def test_description_leads_to_samples() -> None:
    samples = prepare(PermutationS3(PermutationS3Options(n_samples=40)).make())
    assert samples.states.shape == (40, 1, 3)
    assert str(samples.representation) == "V3"
    assert samples.truth is not None
    assert samples.truth.shape == (0, 3, 3)


def test_values_by_hand() -> None:
    states = np.array([[0.0, 0.0, 0.0], [-9.0, 9.0, -9.0], [300.0, -300.0, 0.0]])
    assert np.allclose(targets_of(states, 0.0), [np.log(3) / 3, 9.0, 300.0])
    assert np.allclose(targets_of(states, 0.5)[1:], [9.0, 299.5])


def test_permutations_keep_the_target_and_are_a_group() -> None:
    states, targets = made(n_samples=200)
    group = representatives(PermutationS3Options())
    assert len(np.unique(group, axis=0)) == 6
    assert np.array_equal(group[0], np.eye(3))
    assert sorted(np.linalg.det(group)) == [-1, -1, -1, 1, 1, 1]
    for g in group:
        assert np.allclose(targets_of(states @ g.T, 0.0), targets)
        assert all((g @ h == group).all((1, 2)).sum() == 1 for h in group)


def test_a_handicap_leaves_the_identity() -> None:
    options = PermutationS3Options(handicap=0.1)
    states, targets = made(n_samples=50_000, handicap=0.1)
    assert np.array_equal(representatives(options), [np.eye(3)])
    for g in representatives(PermutationS3Options())[1:]:
        change = targets_of(states @ g.T, 0.1) - targets
        assert np.sqrt((change**2).mean()) > 0.08 * targets.std()


@pytest.mark.parametrize(("handicap", "share"), [(0.1, 0.18), (0.2, 0.35)])
def test_swapping_the_ends_changes_the_target_by_the_stated_share(
    handicap: float, share: float
) -> None:
    states, targets = made(n_samples=100_000, handicap=handicap)
    change = targets_of(states[:, ::-1], handicap) - targets
    assert np.sqrt((change**2).mean()) / targets.std() == pytest.approx(share, abs=0.006)


def test_there_is_no_continuous_symmetry_not_even_nearly() -> None:
    assert generators(PermutationS3Options()).shape == (0, 3, 3)
    states, targets = made(n_samples=20_000)
    weights = np.exp(3 * (states - targets[:, None]))
    changes = (weights[:, :, None] * states[:, None]).reshape(-1, 9)
    singular = np.linalg.svd(changes, compute_uv=False)
    assert singular[-1] > 0.05 * singular[0]
    axis = np.ones(3) / np.sqrt(3)
    turn = scipy.linalg.expm(np.pi / 3 * np.cross(np.eye(3), axis))
    change = targets_of(states @ turn.T, 0.0) - targets
    assert np.sqrt((change**2).mean()) / targets.std() == pytest.approx(0.37, abs=0.01)


def test_noise_is_added_to_the_target() -> None:
    states, targets = made(n_samples=20_000, noise=0.3)
    noise = targets - targets_of(states, 0.0)
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert np.array_equal(made(n_samples=20_000)[0], states)
