"""The square and the fifths: what keeps each function, and what a tilt leaves of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.dihedral import (
    Dihedral,
    DihedralOptions,
    generators,
    representatives,
    targets_of,
)

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = Dihedral(DihedralOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets[:, 0]


def circle(n: int) -> Array:
    angle = 2 * np.pi * np.arange(n) / n
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def orthogonal(n: int) -> Array:
    """Turns by n-ths of a full turn, and their products with a reflection."""
    (c, s) = circle(n).T
    turns = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)
    return np.concatenate([turns, turns * [1.0, -1.0]])


def kept_by(options: DihedralOptions, candidates: Array, points: Array) -> Array:
    values = targets_of(points, options)
    return np.array([np.abs(targets_of(points @ g.T, options) - values).max() for g in candidates])


@pytest.mark.parametrize("which", ["D4", "C5"])
@pytest.mark.parametrize("tilt", [0.0, 0.1])
def test_it_passes_the_suite(which: str, tilt: float) -> None:
    check_dataset(Dihedral, {"n_samples": 50, "which": which, "tilt": tilt})


def test_description_leads_to_samples() -> None:
    samples = prepare(Dihedral(DihedralOptions(n_samples=40)).make())
    assert samples.states.shape == (40, 1, 2)
    assert str(samples.representation) == "V2"
    assert samples.truth is not None
    assert samples.truth.shape == (0, 2, 2)


def test_values_by_hand() -> None:
    states = np.array([[2.0, 0.0], [0.0, -3.0], [1.0, 1.0]])
    expected = [3.0, 4.5, np.sqrt(2) / 2]
    assert np.allclose(targets_of(states, DihedralOptions()), expected)
    tilted = targets_of(states, DihedralOptions(tilt=0.2)) - expected
    assert np.allclose(tilted, 0.2 * (states @ [np.cos(np.pi / 8), np.sin(np.pi / 8)]))
    fifths = targets_of(states, DihedralOptions(which="C5"))
    assert np.allclose(fifths, [1.0, 0.0, np.cos(5 * np.pi / 4) + 0.5])


@pytest.mark.parametrize(("which", "order"), [("D4", 8), ("C5", 5)])
def test_the_group_keeps_the_target(which: Any, order: int) -> None:
    options = DihedralOptions(which=which, n_samples=300)
    states, targets = made(which=which, n_samples=300)
    group = representatives(options)
    assert np.array_equal(group[0], np.eye(2))
    for g in group:
        assert np.allclose(targets_of(states @ g.T, options), targets)
        assert all(np.isclose(g @ h, group).all((1, 2)).sum() == 1 for h in group)
    assert len(group) == order
    for generator in generators(options):
        stretched = states @ scipy.linalg.expm(0.6 * generator).T
        assert np.allclose(targets_of(stretched, options), targets)


@pytest.mark.parametrize(("which", "order"), [("D4", 8), ("C5", 5)])
def test_no_other_turn_or_reflection_keeps_it(which: Any, order: int) -> None:
    """Orthogonal ones suffice: D4 has no others, and C5 has them times any factor."""
    changes = kept_by(DihedralOptions(which=which), orthogonal(360), circle(720))
    assert (changes < 1e-9).sum() == order
    assert np.sort(changes)[order] > 0.01


@pytest.mark.parametrize("which", ["D4", "C5"])
@pytest.mark.parametrize("tilt", [0.05, 0.2, 0.5])
def test_a_tilt_leaves_the_identity(which: Any, tilt: float) -> None:
    """Symmetries keep the second moments of what the curve y = 1 encloses, if there is one."""
    options = DihedralOptions(which=which, tilt=tilt)
    assert np.array_equal(representatives(options), [np.eye(2)])
    points = circle(720)
    root = np.eye(2)
    if which == "D4":
        radius = 1 / targets_of(points, options)
        root = np.linalg.cholesky(np.einsum("n,ni,nj->ij", radius**4, points, points))
    candidates = root @ orthogonal(360) @ np.linalg.inv(root)
    changes = kept_by(options, candidates, points)
    assert changes[0] < 1e-9
    assert changes[1:].min() > 0.1 * tilt


@pytest.mark.parametrize(("which", "spread"), [("D4", np.sqrt(1 / 8)), ("C5", np.sqrt(5 / 8))])
def test_spread_of_the_terms_over_directions(which: Any, spread: float) -> None:
    points = circle(720)
    plain = targets_of(points, DihedralOptions(which=which))
    assert plain.std() == pytest.approx(spread)
    tilt = targets_of(points, DihedralOptions(which=which, tilt=0.1)) - plain
    assert tilt.std() == pytest.approx(0.1 * np.sqrt(1 / 2))


@pytest.mark.parametrize(("which", "n"), [("D4", 0), ("C5", 1)])
def test_no_other_generator_keeps_it(which: Any, n: int) -> None:
    states, _ = made(which=which, n_samples=500)
    options, step = DihedralOptions(which=which), 1e-6
    changes = np.stack(
        [
            targets_of(states @ (np.eye(2) + step * u).T, options)
            - targets_of(states @ (np.eye(2) - step * u).T, options)
            for u in np.eye(4).reshape(4, 2, 2)
        ],
        axis=1,
    ) / (2 * step)
    _, singular, right = np.linalg.svd(changes)
    assert (singular < 1e-7 * singular[0]).sum() == len(generators(options)) == n
    assert singular[3 - n] > 0.05 * singular[0]
    if n:
        assert np.allclose(np.abs(right[3].reshape(2, 2)), np.eye(2) / np.sqrt(2), atol=1e-6)


def test_the_law_of_the_points() -> None:
    states, _ = made(n_samples=100_000, spread=0.3)
    logarithm = np.log(np.linalg.norm(states, axis=1))
    assert logarithm.std() == pytest.approx(0.3, rel=0.02)
    assert abs(logarithm.mean()) < 0.005
    counts, _ = np.histogram(np.arctan2(*states.T), bins=16, range=(-np.pi, np.pi))
    assert np.abs(counts - 6250).max() < 5 * np.sqrt(6250)


def test_noise_is_added_to_the_target() -> None:
    states, targets = made(n_samples=20_000, noise=0.3)
    noise = targets - targets_of(states, DihedralOptions())
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert np.array_equal(made(n_samples=20_000)[0], states)
