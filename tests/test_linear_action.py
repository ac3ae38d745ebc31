from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.image_action import warp
from symdisc.linear_action import as_vectors, move, move_by
from symdisc.representations import Representation
from symdisc.testing.tolerances import KERNEL

E, B, STEPS = 3, 5, 2
FORM = Representation(4, 2, 3)


def draw(*shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)), dtype=dtype)


def test_vectors_are_the_leading_coordinates() -> None:
    values = torch.arange(11.0)
    assert torch.equal(as_vectors(values, FORM), torch.arange(8.0).reshape(4, 2))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("steps", [(), (STEPS,)])
def test_every_vector_of_every_step_is_moved_by_the_same_matrix(
    dtype: torch.dtype, steps: tuple[int, ...]
) -> None:
    z, generators = draw(E, B, 2), 0.5 * draw(E, 2, 2, 2)
    values = draw(E, B, *steps, FORM.size)
    moved = move(z.to(dtype), generators.to(dtype), values.to(dtype), FORM).double()
    assert moved.shape == values.shape
    g = torch.linalg.matrix_exp(torch.einsum("ebk,ekij->ebij", z, generators))
    for v in range(4):
        part = slice(2 * v, 2 * v + 2)
        expected = torch.einsum("ebij,eb...j->eb...i", g, values[..., part])
        assert torch.allclose(moved[..., part], expected, atol=20 * KERNEL[dtype])
    assert torch.equal(moved[..., 8:], values[..., 8:].to(dtype).double())


def test_without_an_ensemble() -> None:
    z, generators, values = draw(B, 1), draw(1, 3, 3), draw(B, 3)
    expected = torch.linalg.matrix_exp(z[..., None] * generators) @ values[..., None]
    assert torch.allclose(move(z, generators, values, Representation.vector(3)), expected[..., 0])


def test_scalars_alone_stay() -> None:
    values = draw(B, 4)
    assert move(draw(B, 1), draw(1, 2, 2), values, Representation.scalars(4)) is values


def test_blocks_are_handed_on() -> None:
    values, generators = draw(B, 3), draw(1, 3, 3)
    moved = move(draw(B, 1), generators, values, Representation.vector(3), ((0, 1),))
    assert torch.equal(moved[:, 2], values[:, 2])
    assert not torch.allclose(moved[:, :2], values[:, :2])


@pytest.mark.parametrize("steps", [(), (STEPS,)])
def test_empty_batches(steps: tuple[int, ...]) -> None:
    values = torch.zeros(E, 0, *steps, FORM.size)
    moved = move(torch.zeros(E, 0, 1), torch.zeros(E, 1, 2, 2), values, FORM)
    assert moved.shape == values.shape


def test_zero_coefficients_change_nothing() -> None:
    values = draw(E, B, STEPS, FORM.size)
    assert torch.equal(move(torch.zeros(E, B, 1).double(), draw(E, 1, 2, 2), values, FORM), values)


@pytest.mark.parametrize("form", [Representation(2, 2, 1), Representation(1, 3, 1, (3, 4))])
@pytest.mark.parametrize("steps", [(), (STEPS,)])
def test_elements_act_as_the_linear_action_does(
    form: Representation, steps: tuple[int, ...]
) -> None:
    values, n = draw(B, *steps, form.size), form.dimension
    z, generators = draw(4, B, 1), draw(4, 1, n, n)
    if form.grid is not None:
        generators[..., 2, :] = 0
    elements = torch.linalg.matrix_exp(z[..., None] * generators)
    every = values.expand(4, *values.shape)
    assert torch.allclose(move_by(elements, every, form), move(z, generators, every, form))


def test_elements_leave_scalars() -> None:
    values = draw(2, B, 3)
    assert torch.equal(move_by(draw(2, B, 2, 2), values, Representation.scalars(3)), values)
    moved = move_by(draw(2, B, 2, 2), values, Representation(1, 2, 1))
    assert torch.equal(moved[..., 2], values[..., 2])


def test_every_channel_of_every_step_is_warped_by_the_matrix_of_its_sample() -> None:
    form = Representation(2, 3, 1, (3, 4))
    values, z = draw(E, B, STEPS, form.size), draw(E, B, 1)
    generators = draw(E, 1, 3, 3)
    generators[..., 2, :] = 0
    moved = move(z, generators, values, form)
    assert torch.equal(moved[..., -1], values[..., -1])
    g = torch.linalg.matrix_exp(z[..., None] * generators)
    for e, b in [(0, 0), (2, 4)]:
        images = values[e, b, :, :-1].reshape(STEPS, 2, 3, 4)
        inverse = torch.linalg.inv(g[e, b]).expand(STEPS, 3, 3)
        expected = warp(inverse, images).reshape(STEPS, -1)
        assert torch.allclose(moved[e, b, :, :-1], expected)


def test_channels_are_rows_of_pixels() -> None:
    form = Representation(2, 3, 1, (3, 4))
    values = torch.arange(25.0)
    assert torch.equal(as_vectors(values, form), torch.arange(24.0).reshape(2, 12))
