from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from symdisc.algebra.affine import Turn, turn_of
from symdisc.image_action import warp
from symdisc.verify.angular_harmonics import SIZE, angular_harmonics

ROUND = [[0.0, -1.0, 0.1], [1.0, 0.0, -0.2], [0.0, 0.0, 0.0]]
ELLIPTIC = [[0.0, -0.8, 0.0], [1.25, 0.0, 0.0], [0.0, 0.0, 0.0]]


def smooth_images(rows: int, columns: int) -> Tensor:
    """Two images of a few broad spots, ``(2, 1, rows, columns)``, dark at the rim."""
    longest = max(rows, columns)
    x = (2 * torch.arange(columns) + 1.0 - columns) / longest
    y = ((2 * torch.arange(rows) + 1.0 - rows) / longest)[:, None]
    spots = torch.tensor([[[0.2, -0.1], [-0.2, 0.2]], [[0.1, 0.2], [0.0, -0.2]]])
    images = [sum(torch.exp(-30 * ((x - a) ** 2 + (y - b) ** 2)) for a, b in one) for one in spots]
    return torch.stack([torch.as_tensor(image) for image in images])[:, None].double()


def found(matrix: np.ndarray) -> Turn:
    turn = turn_of(matrix)
    assert turn is not None
    return turn


@pytest.mark.parametrize("matrix", [ROUND, ELLIPTIC, (-2 * np.array(ROUND)).tolist()])
@pytest.mark.parametrize("shape", [(32, 32), (30, 36)])
@pytest.mark.parametrize("t", [0.4, -1.3])
def test_harmonics_of_a_turned_image_are_turned_harmonics(
    matrix: list[list[float]], shape: tuple[int, int], t: float
) -> None:
    generator = np.array(matrix)
    images = smooth_images(*shape)
    back = torch.linalg.matrix_exp(-t * torch.tensor(generator)).expand(2, 3, 3)
    before, speeds = angular_harmonics(images, found(generator), generator)
    after, _ = angular_harmonics(warp(back, images), found(generator), generator)
    turned = before @ torch.linalg.matrix_exp(t * speeds).T
    assert before.shape == (2, 1, SIZE)
    assert torch.linalg.norm(after - turned) < 0.1 * torch.linalg.norm(after - before)


def test_a_turn_of_one_period_changes_nothing() -> None:
    generator = np.array(ELLIPTIC)
    _, speeds = angular_harmonics(smooth_images(9, 9), found(generator), generator)
    whole = torch.linalg.matrix_exp(2 * math.pi * speeds)
    torch.testing.assert_close(whole, torch.eye(SIZE, dtype=torch.float64))
