from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.action import image_slopes, move_along, plane_points, tangents
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.image_action import warp
from symdisc.linear_action import move
from symdisc.representations import Representation


def _affine(matrix: list[list[float]]) -> VectorFields:
    rows = torch.tensor(matrix, dtype=torch.float64)
    return VectorFields(library("affine", 2), torch.stack([rows[:, 2], *rows[:, :2].T])[None])


def test_all_vectors_move_alike_and_scalars_stay(turn: VectorFields) -> None:
    form = Representation.parse("2*V2 + 1*S")
    states = torch.randn(7, 5, dtype=torch.float64)
    moved = tangents(turn, states, form)
    assert moved.shape == (7, 1, 5)
    assert moved[:, 0, 2].allclose(-states[:, 3])
    assert (moved[:, 0, 4] == 0).all()
    assert tangents(turn, states, Representation.scalars(5)).abs().max() == 0


def test_flows_agree_with_the_linear_action(turn: VectorFields) -> None:
    form = Representation.parse("2*V2 + 1*S")
    windows = torch.randn(7, 3, 5, dtype=torch.float64)
    z = torch.randn(7, 1, dtype=torch.float64)
    generator = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
    torch.testing.assert_close(
        move_along(turn, z, windows, form), move(z, generator, windows, form)
    )
    alone = move_along(turn, z, windows[:, 0], form)
    torch.testing.assert_close(alone, move(z, generator, windows[:, 0], form))
    still = Representation.scalars(5)
    assert torch.equal(move_along(turn, z, windows, still), windows)


def test_images_flow_as_their_matrices_move_them() -> None:
    form = Representation.image(6, 8)
    images = torch.randn(5, 2, form.size, dtype=torch.float64)
    z = torch.randn(5, 1, dtype=torch.float64)
    matrix = torch.tensor([[[0.2, -1, 0.1], [1, 0.1, 0], [0, 0, 0]]], dtype=torch.float64)
    fields = VectorFields.of_matrices(matrix, homogeneous=True)
    torch.testing.assert_close(move_along(fields, z, images, form), move(z, matrix, images, form))


@pytest.mark.parametrize(
    "matrix", [[[0.0, -1, 0], [1, 0, 0]], [[0, 0, 1.0], [0, 0, 0]], [[0.3, 0.2, 0.1], [0, 1, -0.5]]]
)
def test_velocities_of_images_are_those_of_the_warp(matrix: list[list[float]]) -> None:
    form = Representation.image(20, 30)
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, 20).double(), torch.linspace(-1.5, 1.5, 30).double(), indexing="ij"
    )
    image = torch.exp(-8 * ((x - 0.2) ** 2 + 2 * (y + 0.1) ** 2))
    full = torch.cat([torch.tensor(matrix), torch.zeros(1, 3)]).double()
    h = 0.02
    later, earlier = (
        warp(torch.linalg.matrix_exp(sign * h * full)[None], image[None, None])
        for sign in (-1.0, 1.0)
    )
    expected = ((later - earlier) / (2 * h)).reshape(-1)
    found = tangents(_affine(matrix), image.reshape(1, -1), form)[0, 0]
    assert (found - expected).norm() / expected.norm() < 0.1


def test_only_images_have_slopes(points: Tensor) -> None:
    for function in (image_slopes, plane_points):
        with pytest.raises(DataError, match="representation 'V2' is none of images"):
            function(points, Representation.vector(2))
