"""Two vectors and their invariants: what rotations keep, and that nothing else keeps both."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from symdisc.testing import check_dataset
from symdisc_basics.datasets.so3_invariant import (
    SO3Invariant,
    SO3InvariantOptions,
    generators,
    targets_of,
)

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = SO3Invariant(SO3InvariantOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets


def test_it_passes_the_suite() -> None:
    check_dataset(SO3Invariant, {"n_samples": 50})


def test_values_by_hand() -> None:
    states = np.array([[3.0, 0.0, 4.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0, 2.0, 0.0]])
    assert np.array_equal(targets_of(states), [[3.0, 4.0], [2.0, -1.0]])


def test_rotations_keep_both_targets() -> None:
    states, targets = made(n_samples=200)
    for generator in generators():
        turn = scipy.linalg.expm(0.9 * generator)
        moved = (states.reshape(-1, 2, 3) @ turn.T).reshape(-1, 6)
        assert np.allclose(targets_of(moved), targets)


def test_no_other_generator_keeps_them() -> None:
    states, _ = made(n_samples=200)
    a, b = states[:, :3], states[:, 3:]
    units = np.eye(9).reshape(9, 3, 3)
    ea, eb = a / np.linalg.norm(a, axis=1)[:, None], b / np.linalg.norm(b, axis=1)[:, None]
    inner = np.einsum("ni,kij,nj->nk", b, units, a) + np.einsum("ni,kij,nj->nk", a, units, b)
    lengths = np.einsum("ni,kij,nj->nk", ea, units, a) - np.einsum("ni,kij,nj->nk", eb, units, b)
    _, singular, right = np.linalg.svd(np.concatenate([inner, lengths]))
    assert (singular < 1e-12 * singular[0]).sum() == 3
    assert (singular > 0.1 * singular[0]).sum() == 6
    kept = right[6:].reshape(3, 3, 3)
    assert np.allclose(kept, -kept.swapaxes(1, 2))


def test_noise_is_added_to_both_targets() -> None:
    states, targets = made(n_samples=20_000, noise=0.3)
    noise = targets - targets_of(states)
    assert np.abs(noise.std(0) - 0.3).max() < 0.01
    assert np.array_equal(made(n_samples=20_000)[0], states)
