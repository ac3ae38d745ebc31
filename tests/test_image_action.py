"""How matrices move images: conventions, exact cases, gradients."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.image_action import warp


def moved(matrix: list[list[float]], image: Tensor) -> Tensor:
    """One image ``(rows, columns)`` moved by g, not by its inverse."""
    inverse = torch.linalg.inv(torch.tensor(matrix, dtype=torch.float64))
    return warp(inverse[None], image[None, None])[0, 0]


def pixels(rows: int, columns: int) -> Tensor:
    return torch.arange(1.0, 1 + rows * columns).reshape(rows, columns).double()


def test_the_identity_changes_nothing() -> None:
    image = pixels(4, 5)
    torch.testing.assert_close(moved(torch.eye(3).tolist(), image), image)


def test_a_shift_to_the_right_and_down_and_what_comes_in() -> None:
    image = pixels(4, 4)
    right = moved([[1, 0, 0.5], [0, 1, 0], [0, 0, 1]], image)
    torch.testing.assert_close(right[:, 1:], image[:, :-1])
    assert right[:, 0].tolist() == [0, 0, 0, 0]
    down = moved([[1, 0, 0], [0, 1, 0.5], [0, 0, 1]], image)
    torch.testing.assert_close(down[1:], image[:-1])
    assert down[0].tolist() == [0, 0, 0, 0]


def test_the_longer_side_sets_the_unit_of_both_directions() -> None:
    wide = pixels(2, 4)
    torch.testing.assert_close(
        moved([[1, 0, 0.5], [0, 1, 0], [0, 0, 1]], wide)[:, 1:], wide[:, :-1]
    )
    torch.testing.assert_close(moved([[1, 0, 0], [0, 1, 0.5], [0, 0, 1]], wide)[1], wide[0])


def test_a_quarter_turn_takes_right_to_down() -> None:
    # (x, y) -> (-y, x) with y down: clockwise on the screen, as numpy's rot90 with k = -1.
    image = pixels(3, 3)
    quarter = moved([[0, -1, 0], [1, 0, 0], [0, 0, 1]], image)
    torch.testing.assert_close(quarter, torch.rot90(image, -1))


def test_a_quarter_turn_of_an_image_that_is_no_square_keeps_shapes() -> None:
    bar = torch.zeros(5, 9).double()
    bar[2, 3:6] = 1  # three pixels across, in the middle
    standing = torch.zeros(5, 9).double()
    standing[1:4, 4] = 1
    torch.testing.assert_close(moved([[0, -1, 0], [1, 0, 0], [0, 0, 1]], bar), standing)


def test_values_betweenpixels_are_means() -> None:
    image = torch.tensor([[0.0, 4.0, 0.0, 0.0]] * 4).double()
    half = moved([[1, 0, 0.25], [0, 1, 0], [0, 0, 1]], image)
    torch.testing.assert_close(half[1], torch.tensor([0.0, 2.0, 2.0, 0.0]).double())


def test_each_image_and_all_its_channels_have_their_own_matrix() -> None:
    images = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0)).double()
    turns = torch.stack([torch.eye(3), torch.diag(torch.tensor([-1.0, -1.0, 1.0]))]).double()
    both = warp(turns, images)
    torch.testing.assert_close(both[0], images[0])
    torch.testing.assert_close(both[1], images[1].flip(-1, -2))


def test_gradients_in_matrices_and_images() -> None:
    rng = torch.Generator().manual_seed(1)
    images = torch.rand(2, 1, 4, 5, generator=rng, dtype=torch.float64).requires_grad_()
    angle = torch.tensor([0.3, -0.4], dtype=torch.float64)
    matrices = torch.eye(3, dtype=torch.float64).repeat(2, 1, 1)
    matrices[:, 0, 0] = matrices[:, 1, 1] = angle.cos()
    matrices[:, 0, 1], matrices[:, 1, 0] = -angle.sin(), angle.sin()
    assert torch.autograd.gradcheck(warp, (matrices.requires_grad_(), images))


@pytest.mark.parametrize("steps", [4, 8])
def test_one_resampling_of_a_product_is_sharper_than_several(steps: int) -> None:
    image = torch.zeros(9, 9).double()
    image[4, 1:8] = 1
    turn = math.pi / 2 / steps
    c, s = math.cos(turn), math.sin(turn)
    small = torch.tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]], dtype=torch.float64)
    one_by_one = image
    for _ in range(steps):
        one_by_one = moved(small.tolist(), one_by_one)
    at_once = moved(torch.linalg.matrix_power(small, steps).tolist(), image)
    torch.testing.assert_close(at_once, torch.rot90(image, -1))
    assert (one_by_one - at_once).abs().max() > 0.1
