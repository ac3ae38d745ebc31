from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from symdisc.algebra.affine import in_pixels, name_affine, turn_of

Matrix = NDArray[np.float64]
GRID = (8, 8)
TURN = np.array([[0.0, -1.0], [1.0, 0.0]])


def affine(linear: Matrix, shift: tuple[float, float] = (0.0, 0.0)) -> Matrix:
    generator = np.zeros((3, 3))
    generator[:2, :2], generator[:2, 2] = linear, shift
    return generator


def about(linear: Matrix, x: float, y: float) -> Matrix:
    shift = -linear @ np.array([x, y])
    return affine(linear, (shift[0], shift[1]))


def name(*generators: Matrix, grid: tuple[int, int] = GRID) -> tuple[str, str]:
    found = name_affine(torch.tensor(np.array(generators)), grid)
    return found.group, found.evidence


RIGHT, DOWN = affine(np.zeros((2, 2)), (1.0, 0.0)), affine(np.zeros((2, 2)), (0.0, 1.0))


def test_a_rotation_about_a_point() -> None:
    group, evidence = name(about(TURN, 0.25, -0.5))
    assert group == "SO(2) on images about the point (0.25, -0.50)"
    assert "column 4.5 and row 1.5 of 8 × 8 pixels, counted from 0" in evidence
    assert "1.00 times as long as wide" in evidence


@given(
    x=st.floats(-1, 1), y=st.floats(-1, 1), scale=st.floats(-5, 5).filter(lambda s: abs(s) > 0.1)
)
def test_the_centre_stays_whatever_the_scale(x: float, y: float, scale: float) -> None:
    generator = scale * about(TURN, x, y)
    turn = turn_of(generator)
    assert turn is not None
    assert turn.centre == pytest.approx([x, y], abs=1e-9)
    assert generator @ [*turn.centre, 1] == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_rotation_along_ellipses_until_they_are_too_long() -> None:
    for stretch, is_named in ((1.2, True), (4.0, True), (6.0, False)):
        change = np.diag([1.0, stretch])
        group, evidence = name(affine(np.linalg.inv(change) @ TURN @ change))
        assert group.startswith("SO(2)") is is_named
        assert (f"{stretch:.2f} times as long as wide" in evidence) is is_named


def test_a_little_noise_changes_nothing() -> None:
    noise = 0.02 * np.random.default_rng(0).normal(size=(2, 2))
    assert name(affine(TURN + noise))[0].startswith("SO(2) on images about the point (0.0")


@pytest.mark.parametrize(
    ("shift", "group", "angle"),
    [
        ((1.0, 0.0), "translations of images along (1.00, 0.00)", 0),
        ((0.0, 2.0), "translations of images along (0.00, 1.00)", 90),
        ((-1.0, 1.0), "translations of images along (0.71, -0.71)", 45),
    ],
)
def test_a_translation(shift: tuple[float, float], group: str, angle: int) -> None:
    found, evidence = name(affine(np.zeros((2, 2)), shift))
    assert found == group
    assert f"the direction is {angle} degrees from the rows of the image" in evidence


def test_a_scaling_about_a_point() -> None:
    group, evidence = name(about(-2 * np.eye(2), 0.5, 0.0), grid=(4, 8))
    assert group == "scaling of images about the point (0.50, 0.00)"
    assert "column 5.5 and row 1.5 of 8 × 4 pixels" in evidence


def test_a_squeeze_has_no_name() -> None:
    group, evidence = name(affine(np.diag([1.0, -1.0])))
    assert group == "unidentified, dimension 1"
    assert evidence.endswith(
        "1.00+0.00i of the linear part are neither those of a rotation nor of a scaling, and it is "
        "no translation"
    )


@pytest.mark.parametrize("corner", [0.0, 0.03])
def test_a_shear_has_no_name(corner: float) -> None:
    group, evidence = name(affine(np.array([[0.0, 0.0], [0.9, corner]]), (0.0, 0.4)))
    assert group == "unidentified, dimension 1"
    assert "no eigenvalue of the linear part can be told from zero" in evidence
    assert evidence.endswith("of its norm, as for a shear")


def test_no_generator() -> None:
    assert name(np.zeros((3, 3))) == ("unidentified, dimension 0", "all generators are zero")


def test_groups_of_several_generators_in_any_basis() -> None:
    rotation = about(TURN, 0.3, 0.1)
    group, evidence = name(rotation + RIGHT, DOWN - RIGHT, DOWN + 0.5 * rotation)
    assert group == "SE(2) on images"
    assert evidence.startswith("2 independent translations, linear part below 0.01 %, and a rot")
    group, evidence = name(RIGHT + DOWN, DOWN)
    assert group == "translations of images"
    assert evidence.endswith("in all directions")
    everything = [np.eye(9)[i].reshape(3, 3) for i in range(6)]
    assert name(*everything) == ("all affine maps of images", "6 independent generators")


@pytest.mark.parametrize(
    ("generators", "shifts"),
    [
        ((about(TURN, 0, 0), affine(np.eye(2))), 0),
        ((about(TURN, 0, 0), RIGHT), 1),
        ((affine(np.eye(2)), RIGHT, DOWN), 2),
    ],
)
def test_several_without_a_name(generators: tuple[Matrix, ...], shifts: int) -> None:
    group, evidence = name(*generators)
    assert group == f"unidentified, dimension {len(generators)}"
    assert f"with {shifts} translations in their span are neither" in evidence


def test_dependent_generators_count_once() -> None:
    assert name(RIGHT, 2 * RIGHT)[0] == "translations of images along (1.00, 0.00)"


def test_pixels_of_the_corners() -> None:
    assert in_pixels(np.array([-0.75, -0.75]), (4, 4)) == (0, 0)
    assert in_pixels(np.array([0.75, 0.25]), (2, 4)) == (3, 1)
