"""The rotating object: its poses and steps, its lack of symmetry, and pictures that show poses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from symdisc.data.prepare import prepare
from symdisc.errors import OptionError
from symdisc.options import parse_options
from symdisc.testing import check_dataset
from symdisc_basics.datasets.rendering import render
from symdisc_basics.datasets.rotating_object import (
    RotatingObject,
    RotatingObjectOptions,
    boxes,
    rotations,
)

Array = NDArray[Any]


def pictures(**options: Any) -> Array:
    return np.asarray(RotatingObject(RotatingObjectOptions(**options)).make().states)


def test_it_passes_the_suite() -> None:
    check_dataset(RotatingObject, {"n_samples": 12, "size": 8})
    check_dataset(RotatingObject, {"n_samples": 12, "size": 8, "n_states": 1})


def test_states_are_pictures_of_the_poses() -> None:
    options = RotatingObjectOptions(n_samples=12, size=16, seed=3)
    states = np.asarray(RotatingObject(options).make().states)
    again = render(boxes(), rotations(options).reshape(-1, 3, 3), 16)
    assert states.shape == (12, 2, 768)
    assert np.array_equal(states.reshape(24, 3, 16, 16), again)


def test_single_pictures_are_the_first_of_films() -> None:
    single = pictures(n_samples=12, size=16, n_states=1)
    assert np.array_equal(single, pictures(n_samples=12, size=16, n_states=3)[:, 0])


def test_steps_turn_about_the_axes_of_the_object() -> None:
    rates = (0.1, 0.3, 0.0)
    poses = rotations(RotatingObjectOptions(n_samples=20_000, n_states=3, rates=rates))
    steps = np.swapaxes(poses[:, :-1], -1, -2) @ poses[:, 1:]
    turns = Rotation.from_matrix(steps.reshape(-1, 3, 3)).as_rotvec()
    assert np.allclose(turns.std(0), rates, rtol=0.02, atol=1e-9)
    assert np.abs(turns.mean(0)).max() < 0.01


def test_rates_below_zero_are_refused() -> None:
    with pytest.raises(OptionError, match="standard deviations; give numbers from 0 on"):
        parse_options(RotatingObjectOptions, {"rates": (0.1, -0.2, 0.3)}, "dataset")


def test_poses_are_uniform_rotations() -> None:
    poses = rotations(RotatingObjectOptions(n_samples=40_000))[:, 1]
    assert np.allclose(poses @ np.swapaxes(poses, 1, 2), np.eye(3), atol=1e-12)
    assert np.allclose(np.linalg.det(poses), 1)
    # Coordinates of a uniform unit vector are uniform, and the angle has the law (1 − cos)/π.
    for column in range(3):
        counts, _ = np.histogram(poses[:, 2, column], bins=10, range=(-1, 1))
        assert np.abs(counts - 4000).max() < 5 * np.sqrt(4000)
    angle = np.arccos(np.clip((np.trace(poses, axis1=1, axis2=2) - 1) / 2, -1, 1))
    share = np.sort((angle - np.sin(angle)) / np.pi)
    assert np.abs(share - np.linspace(0, 1, 40_000)).max() < 0.01
    assert np.abs(poses.mean(0)).max() < 0.02


def test_the_object_stays_within_the_picture() -> None:
    shape = boxes()
    corners = np.linalg.norm(np.abs(shape.centres) + shape.halves, axis=1)
    assert 0.9 < corners.max() < 1
    frames = pictures(n_samples=200, size=48, n_states=1).reshape(200, 3, 48, 48).sum(1)
    edge = np.concatenate([frames[:, 0], frames[:, -1], frames[:, :, 0], frames[:, :, -1]])
    assert (edge > 0).mean() < 0.01
    covered = (frames > 0).mean((1, 2))
    assert covered.min() > 0.05
    assert covered.max() < 0.6


def test_all_faces_have_different_colours() -> None:
    colours = boxes().colours.reshape(-1, 3)
    apart = np.abs(colours[:, None] - colours).max(-1) + np.eye(len(colours))
    assert apart.min() > 0.05


def test_the_object_has_no_symmetry() -> None:
    """No permutation of axes with signs, of which a symmetry of unequal boxes would be made."""
    shape = boxes()
    solid = {tuple(np.round([*c, *h], 6)) for c, h in zip(shape.centres, shape.halves, strict=True)}
    found = 0
    for order in np.array(np.meshgrid(*[[0, 1, 2]] * 3)).reshape(3, -1).T:
        if len(set(order)) < 3:
            continue
        for signs in np.array(np.meshgrid(*[[-1, 1]] * 3)).reshape(3, -1).T:
            moved = {
                tuple(np.round([*(c[order] * signs + 0.0), *h[order]], 6))
                for c, h in zip(shape.centres, shape.halves, strict=True)
            }
            found += moved == solid
    assert found == 1  # the identity


def test_similar_pictures_show_similar_poses() -> None:
    states = pictures(n_samples=2000, size=24, n_states=1)
    poses = rotations(RotatingObjectOptions(n_samples=2000))[:, 0]
    squares = (states**2).sum(1)
    distance = squares[:, None] + squares - 2 * states @ states.T
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argmin(1)
    cosine = (np.einsum("nij,nij->n", poses, poses[nearest]) - 1) / 2
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    assert np.median(angle) < 15
    assert (angle > 60).mean() < 0.05


def test_pictures_change_little_when_the_pose_does() -> None:
    step = 0.02
    poses = rotations(RotatingObjectOptions(n_samples=50))[:, 0]
    turn = np.array([[np.cos(step), 0, np.sin(step)], [0, 1, 0], [-np.sin(step), 0, np.cos(step)]])
    before, after = render(boxes(), poses, 24), render(boxes(), turn @ poses, 24)
    change = np.sqrt(((after - before) ** 2).mean((1, 2, 3)))
    assert change.min() > 0
    assert change.max() < 0.2 * np.sqrt((before**2).mean())


def test_description_leads_to_samples() -> None:
    samples = prepare(RotatingObject(RotatingObjectOptions(n_samples=12, size=8)).make())
    assert samples.states.shape == (12, 2, 192)
    assert str(samples.representation) == "3*G8x8"
    assert (samples.names[0], samples.names[-1]) == ("redrow0col0", "bluerow7col7")


def test_numbers_of_cache_version_2() -> None:
    """Where these change, count ``cache_version`` up: caches hold what was made before."""
    assert RotatingObject.cache_version == 2
    state = pictures(n_samples=10, size=8, seed=5)[3, 0].reshape(3, 8, 8)
    assert state[:, 4, 4] == pytest.approx([0.789023, 0.512865, 0.719983], abs=1e-5)
