"""The boosted pairs: kinematics, invariance of the label, and the law of the frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from symdisc.algebra.spans import principal_angles
from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.lorentz import (
    METRIC,
    Lorentz,
    LorentzOptions,
    boosts,
    generators,
    invariant_mass,
)

Array = NDArray[Any]
rapidities = arrays(np.float64, (3, 3), elements=st.floats(-2, 2, allow_subnormal=False))


def made(**options: Any) -> tuple[Array, Array]:
    """Momenta ``(n, 2, 4)`` and labels."""
    raw = Lorentz(LorentzOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states).reshape(-1, 2, 4), raw.targets


def test_it_passes_the_suite() -> None:
    check_dataset(Lorentz, {"n_events": 50})


def test_shapes_and_description() -> None:
    samples = prepare(Lorentz(LorentzOptions()).make())
    assert samples.states.shape == (100_000, 1, 8)
    assert str(samples.representation) == "2*V4"
    assert samples.n_classes == 2
    assert samples.truth is not None
    assert samples.truth.shape == (6, 4, 4)
    assert samples.names[4:6] == ("E2", "px2")


def test_momenta_are_on_shell_with_varying_masses() -> None:
    pairs, _ = made(n_events=20_000)
    masses = np.log(invariant_mass(pairs))
    low, high = np.log([0.3, 3.0])
    assert low - 1e-6 < masses.min() < low + 0.01
    assert high - 0.01 < masses.max() < high + 1e-6
    counts, _ = np.histogram(masses, bins=10, range=(low, high))
    assert np.abs(counts - 4000).max() < 5 * np.sqrt(4000)
    assert (pairs[..., 0] > 0).all()


def test_label_is_whether_the_pair_is_heavy() -> None:
    pairs, labels = made(n_events=10_000)
    masses = invariant_mass(pairs.sum(1))
    assert masses[labels == 0].max() < masses[labels == 1].min()
    assert labels.mean() == 0.5


def test_energies_stay_within_two_decades() -> None:
    pairs, _ = made()
    energies = pairs[..., 0]
    outside = (energies < 0.35) | (energies > 19)
    assert 1e-4 < outside.mean() < 2e-3
    assert energies.max() / energies.min() < 1000


def test_no_direction_is_singled_out() -> None:
    pairs, _ = made()
    momenta = pairs.reshape(-1, 4)[:, 1:]
    second = momenta.T @ momenta / len(momenta)
    assert np.abs(second / second.trace() * 3 - np.eye(3)).max() < 0.03
    assert np.abs(momenta.mean(0)).max() < 0.03


def test_boost_sets_the_rapidity_of_the_pairs() -> None:
    at_rest, _ = made(n_events=1000, boost=0)
    assert np.abs(at_rest.sum(1)[:, 1:]).max() < 1e-12
    pairs, _ = made(n_events=50_000, boost=0.8)
    total = pairs.sum(1)
    size = np.arctanh(np.linalg.norm(total[:, 1:], axis=1) / total[:, 0])
    vector = size[:, None] * total[:, 1:] / np.linalg.norm(total[:, 1:], axis=1, keepdims=True)
    assert np.abs(vector.std(0) - 0.8).max() < 0.02


@given(rapidities)
def test_boosts_are_exponentials_and_keep_the_metric(vectors: Array) -> None:
    matrices = boosts(vectors)
    assert np.allclose(matrices.swapaxes(1, 2) @ METRIC @ matrices, METRIC, atol=1e-8)
    exponents = np.einsum("na,aij->nij", vectors, generators()[3:])
    assert np.allclose(matrices, scipy.linalg.expm(exponents), atol=1e-8)


def test_truth_keeps_every_label_and_a_scaling_does_not() -> None:
    pairs, labels = made(n_events=2000)
    threshold = np.median(invariant_mass(pairs.sum(1)))
    for generator in generators():
        moved = pairs @ scipy.linalg.expm(0.7 * generator).T
        assert np.array_equal(invariant_mass(moved.sum(1)) > threshold, labels == 1)
    assert ((invariant_mass(1.2 * pairs.sum(1)) > threshold) != (labels == 1)).mean() > 0.05


def test_truth_is_the_whole_algebra_of_the_metric() -> None:
    conditions = [
        (METRIC @ unit + unit.T @ METRIC).ravel() for unit in np.eye(16).reshape(16, 4, 4)
    ]
    _, singular, right = np.linalg.svd(np.array(conditions).T)
    assert (singular > 1e-12).sum() == 10
    null = right[10:].reshape(6, 4, 4)
    assert principal_angles(torch.tensor(null), torch.tensor(generators())).max() < 1e-6
