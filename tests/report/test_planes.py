from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from symdisc.report.planes import planes_of, state_names
from symdisc.representations import Representation
from symdisc.result import SymmetryResult


def one_vector(result: SymmetryResult, matrix: np.ndarray, **changes: object) -> SymmetryResult:
    n = len(matrix)
    values = {
        "generators": torch.tensor(matrix)[None],
        "blocks": None,
        "representation": Representation.vector(n),
        "names": tuple("xyzuvwab"[:n]),
        "units": ("m",) * n,
    }
    return replace(result, **(values | changes))  # type: ignore[arg-type]


def test_blocks_of_two_are_shown_as_they_are(result: SymmetryResult) -> None:
    planes = planes_of(result)
    assert [plane.labels for plane in planes] == [
        ("q_x [m]", "q_y [m]"),
        ("p_x [kg m/s]", "p_y [kg m/s]"),
    ]
    assert all(plane.same_unit for plane in planes)
    np.testing.assert_array_equal(planes[1].directions, np.eye(4)[2:])


def test_every_vector_that_shares_the_generator(result: SymmetryResult) -> None:
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    shared = one_vector(
        result,
        turn,
        representation=Representation.parse("2*V2 + 1*S"),
        names=("a", "b", "c", "d", "e"),
        units=("m", "s", "m", "s", ""),
    )
    planes = planes_of(shared)
    assert [plane.labels for plane in planes] == [("a [m]", "b [s]"), ("c [m]", "d [s]")]
    assert not planes[0].same_unit


def test_the_plane_of_a_rotation_about_a_coordinate_axis(full_algebra: SymmetryResult) -> None:
    assert [[p.labels for p in planes_of(full_algebra, i)] for i in range(3)] == [
        [("x [m]", "y [m]")],
        [("x [m]", "z [m]")],
        [("y [m]", "z [m]")],
    ]


def test_the_plane_of_a_rotation_about_a_tilted_axis(result: SymmetryResult) -> None:
    axis = np.array([1.0, 2.0, 2.0]) / 3
    matrix = np.cross(np.eye(3), axis).T
    (plane,) = planes_of(one_vector(result, -matrix))
    np.testing.assert_allclose(plane.directions @ axis, 0, atol=1e-12)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    assert "−" in plane.labels[0]
    assert plane.labels[0].endswith("[m]")


def test_planes_of_a_long_vector_without_blocks(result: SymmetryResult) -> None:
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    planes = planes_of(one_vector(result, np.kron(np.diag([1.0, 2.0, 1.0, 3.0]), turn)))
    assert [plane.labels for plane in planes] == [
        ("x [m]", "y [m]"),
        ("z [m]", "u [m]"),
        ("v [m]", "w [m]"),
        ("a [m]", "b [m]"),
    ]


@pytest.mark.parametrize("n", [3, 4])
def test_a_scaling_and_zero_have_planes_too(result: SymmetryResult, n: int) -> None:
    assert planes_of(one_vector(result, np.eye(n)))
    assert planes_of(one_vector(result, np.zeros((n, n))))


def test_a_single_coordinate_has_no_plane(result: SymmetryResult) -> None:
    assert planes_of(one_vector(result, np.eye(1))) == []


def test_images_have_no_plane(images: SymmetryResult) -> None:
    assert planes_of(images) == []


def test_names_of_coordinates_without_names(result: SymmetryResult) -> None:
    bare = replace(result, names=(), units=())
    assert state_names(bare) == ("x1", "x2", "x3", "x4")
    assert planes_of(bare)[0].labels == ("x1", "x2")
