"""The turned digits: the pictures themselves, the sense of rotation, and the labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from symdisc.linear_action import move
from symdisc.representations import Representation
from symdisc.testing import check_dataset
from symdisc_basics.datasets.digits_rotated import DigitsRotated, DigitsRotatedOptions, turn

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = DigitsRotated(DigitsRotatedOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets


def test_it_passes_the_suite() -> None:
    check_dataset(DigitsRotated, {"copies": 1})


def test_without_a_turn_the_pictures_are_those_of_scikit_learn() -> None:
    digits = load_digits()
    states, labels = made(copies=2, max_angle=0)
    assert np.array_equal(states, np.repeat(digits.data / 16, 2, axis=0))
    assert np.array_equal(labels, np.repeat(digits.target, 2))
    assert set(labels.tolist()) == set(range(10))


def test_a_quarter_turn_is_clockwise_and_exact() -> None:
    picture = np.arange(64.0).reshape(1, 8, 8)
    turned = turn(picture, np.array([np.pi / 2]), 1)
    assert np.allclose(turned[0], np.rot90(picture[0], -1))


@pytest.mark.parametrize("angle", [-0.6, 0.3])
def test_turns_are_the_action_of_the_true_generator(angle: float) -> None:
    pictures = load_digits().images[:50] / 16
    raw = DigitsRotated(DigitsRotatedOptions(copies=1)).make()
    assert raw.truth is not None
    form = Representation.parse(raw.representation)
    states = torch.from_numpy(pictures.reshape(1, 50, 64))
    moved = move(
        torch.full((1, 50, 1), angle, dtype=torch.float64),
        torch.from_numpy(raw.truth)[None],
        states,
        form,
    )
    turned = turn(pictures, np.full(50, angle), 1).reshape(50, 64)
    # Both interpolate linearly; they differ in how they fade out at the border.
    inside = np.abs(turned - moved[0].numpy()).reshape(50, 8, 8)[:, 1:-1, 1:-1]
    assert inside.max() < 1e-6


def test_copies_of_a_picture_are_turned_by_angles_of_their_own() -> None:
    states, _ = made(copies=3, max_angle=30)
    copies = states.reshape(-1, 3, 64)
    assert (np.abs(copies[:, 0] - copies[:, 1]).max(1) > 0).all()
    assert (np.abs(copies[:, 1] - copies[:, 2]).max(1) > 0).all()


def test_angles_reach_as_far_as_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Array] = []

    def remember(pictures: Array, angles: Array, order: int) -> Array:
        seen.append(np.rad2deg(angles))
        return pictures

    monkeypatch.setattr("symdisc_basics.datasets.digits_rotated.turn", remember)
    made(copies=4, max_angle=30)
    counts, _ = np.histogram(seen[0], bins=6, range=(-30, 30))
    assert counts.sum() == 4 * 1797
    assert np.abs(counts - 1198).max() < 5 * np.sqrt(1198)


def test_turning_keeps_most_of_the_ink() -> None:
    still, _ = made(copies=1, max_angle=0)
    turned, _ = made(copies=1)
    assert 0.8 < turned.sum() / still.sum() < 0.95
    assert turned.min() >= 0
    assert turned.max() <= 1


def test_cubic_interpolation_is_another_choice() -> None:
    linear, _ = made(copies=1)
    cubic, _ = made(copies=1, interpolation="cubic")
    difference = np.abs(linear - cubic)
    assert 0.01 < difference.mean() < 0.1
    assert cubic.max() > 1


def test_numbers_of_cache_version_1() -> None:
    """Where these change, count ``cache_version`` up: caches hold what was made before."""
    assert DigitsRotated.cache_version == 1
    states, _ = made(copies=1, seed=5)
    assert states[7].sum() == pytest.approx(14.656130, abs=1e-6)


def test_blurred_pictures_have_smaller_steps_and_the_same_ink() -> None:
    sharp, blurred = (
        np.asarray(DigitsRotated(DigitsRotatedOptions(blur=blur)).make().states).reshape(-1, 8, 8)
        for blur in (0.0, 1.0)
    )
    steps = [np.abs(np.diff(pictures, axis=1)).mean() for pictures in (sharp, blurred)]
    assert steps[1] < 0.6 * steps[0]
    assert 0.8 < blurred.sum() / sharp.sum() <= 1.0
