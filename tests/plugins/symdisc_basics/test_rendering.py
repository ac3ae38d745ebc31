"""Pictures of boxes: outlines, what hides what, light, and rays within a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import ConvexHull
from scipy.spatial.transform import Rotation

from symdisc_basics.datasets.rendering import _LIGHT, Boxes, _faces, render

Array = NDArray[Any]
STRAIGHT = np.eye(3)[None]


def painted(centres: list[list[float]], halves: list[list[float]]) -> Boxes:
    """Boxes in colours without a pattern."""
    colours = np.random.default_rng(0).uniform(0.2, 1, (len(centres), 3, 2, 3))
    return Boxes(np.array(centres), np.array(halves), colours)


def turned(n: int, seed: int = 0) -> Array:
    quaternions = np.random.default_rng(seed).standard_normal((n, 4))
    return np.asarray(Rotation.from_quat(quaternions).as_matrix())


def bright(direction: Array) -> float:
    return 0.35 + 0.65 * max(0.0, float(direction @ _LIGHT))


def test_the_light_has_a_direction() -> None:
    assert np.linalg.norm(_LIGHT) == pytest.approx(1, abs=1e-6)


def test_the_front_of_a_box() -> None:
    boxes = painted([[0.25, -0.125, 0.3]], [[0.25, 0.125, 0.1]])
    (picture,) = render(boxes, STRAIGHT, 16)
    assert picture.shape == (3, 16, 16)
    expected = np.zeros((3, 16, 16))
    # x from 0 to 1/2 are columns 8 to 11, y from −1/4 to 0 rows 8 and 9.
    colour = boxes.colours[0, 2, 1] * bright(np.array([0, 0, 1]))
    expected[:, 8:10, 8:12] = colour[:, None, None]
    assert np.allclose(picture, expected, atol=1e-6)


def test_a_pixel_that_is_covered_in_part() -> None:
    boxes = painted([[0.0, 0.0, 0.0]], [[0.25 + 0.0625, 0.5, 0.1]])
    (picture,) = render(boxes, STRAIGHT, 16)
    assert picture[:, 8, 5:7] == pytest.approx(picture[:, 8, 6:7] * np.array([0.5, 1]), abs=1e-6)


@pytest.mark.parametrize(
    ("axis", "angle", "side"),
    [(1, 90, (0, 0)), (1, -90, (0, 1)), (0, 90, (1, 1)), (0, 180, (2, 0))],
)
def test_the_face_that_is_turned_here_is_seen(
    axis: int, angle: float, side: tuple[int, int]
) -> None:
    vector = np.zeros(3)
    vector[axis] = np.deg2rad(angle)
    pose = Rotation.from_rotvec(vector).as_matrix()
    boxes = painted([[0.0, 0.0, 0.0]], [[0.5, 0.5, 0.5]])
    (picture,) = render(boxes, pose[None], 16)
    expected = boxes.colours[0][side] * bright(np.array([0, 0, 1]))
    assert np.allclose(picture[:, 5:11, 5:11], expected[:, None, None], atol=1e-5)


def test_outlines_are_those_of_the_corners() -> None:
    centre, half = np.array([0.2, -0.1, 0.1]), np.array([0.5, 0.2, 0.3])
    boxes = painted([centre.tolist()], [half.tolist()])
    signs = np.stack(np.meshgrid(*[[-1, 1]] * 3), axis=-1).reshape(-1, 3)
    places = (2 * np.arange(64) + 1) / 64 - 1
    x, y = np.meshgrid(places, -places)
    poses = turned(20)
    for pose, faces in zip(poses, _faces(boxes, poses.astype(np.float32), 64), strict=True):
        hull = ConvexHull(((centre + signs * half) @ pose.T)[:, :2])
        inside = hull.equations[:, :2] @ np.stack([x.ravel(), y.ravel()]) + hull.equations[:, 2:]
        distance = inside.max(0).reshape(64, 64)
        clear = np.abs(distance) > 1e-4
        assert np.array_equal((faces > 0)[clear], (distance < 0)[clear])


def test_every_face_is_seen_where_its_middle_is() -> None:
    boxes = painted([[0.0, 0.0, 0.0]], [[0.5, 0.4, 0.6]])
    for pose in turned(20, seed=1):
        (picture,) = render(boxes, pose[None], 64)
        for axis in range(3):
            side = 1 if pose[2, axis] > 0 else 0
            if abs(pose[2, axis]) < 0.2:
                continue  # seen from the edge
            normal = (1 if side else -1) * pose[:, axis]
            x, y = (boxes.halves[0, axis] * normal)[:2]
            seen = picture[:, int(32 * (1 - y)), int(32 * (1 + x))]
            assert np.allclose(seen, boxes.colours[0, axis, side] * bright(normal), atol=1e-5)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_what_is_nearer_hides_what_is_behind(order: list[int]) -> None:
    boxes = painted([[0.0, 0.0, 0.5], [0.0, 0.0, -0.5]], [[0.3, 0.3, 0.1], [0.6, 0.6, 0.1]])
    mixed = Boxes(boxes.centres[order], boxes.halves[order], boxes.colours[order])
    half_turn = np.diag([-1.0, 1.0, -1.0])
    front, behind = render(mixed, np.stack([STRAIGHT[0], half_turn]), 20)
    light = bright(np.array([0, 0, 1]))
    assert np.allclose(front[:, 10, 10], boxes.colours[0, 2, 1] * light, atol=1e-6)
    assert np.allclose(front[:, 10, 5], boxes.colours[1, 2, 1] * light, atol=1e-6)
    assert np.allclose(behind[:, 10, [5, 10]], (boxes.colours[1, 2, 0] * light)[:, None], atol=1e-6)


def test_a_turn_of_the_picture_is_a_turn_about_the_direction_of_view() -> None:
    boxes = painted([[0.2, 0.1, 0.0], [-0.3, 0.2, 0.3]], [[0.5, 0.2, 0.3], [0.1, 0.4, 0.2]])
    poses = turned(10).astype(np.float32)
    quarter = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    plain, after = _faces(boxes, poses, 32), _faces(boxes, quarter @ poses, 32)
    differing = (np.rot90(plain, axes=(1, 2)) != after).mean()
    assert differing < 1e-3  # rounding at edges
    assert (plain != after).mean() > 0.05


def test_many_pictures_are_the_same_as_single_ones() -> None:
    boxes = painted([[0.2, 0.1, 0.0]], [[0.5, 0.2, 0.3]])
    poses = turned(11)
    together = render(boxes, poses, 16)
    assert together.dtype == np.float32
    alone = np.concatenate([render(boxes, pose[None], 16) for pose in poses])
    assert np.array_equal(together, alone)
    assert together.min() == 0
    assert 0.2 < together.max() <= 1
