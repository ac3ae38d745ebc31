"""Shapes, strides and types of what is launched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

Call = Callable[..., Any]


def _everything(interpreted: Call, given: tuple[Any, ...]) -> tuple[Any, ...]:
    return (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("n", [3, 7, 12])
def test_half_types(
    n: int,
    dtype: torch.dtype,
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    given = problem(n, 2, 1, torch.full((5,), 0.7), dtype)
    found = _everything(interpreted, given)
    assert {result.dtype for result in found} == {dtype}
    assert_close(found, gradients(*given))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("n", [2, 9])
def test_half_matrices(
    n: int, dtype: torch.dtype, interpreted: Call, matrix_gradients: Call, assert_close: Call
) -> None:
    rng = torch.Generator().manual_seed(n)
    a, gradient = (torch.randn(2, 3, n, n, generator=rng) / n).to(dtype)
    found = interpreted("expm", a), interpreted("expm_backward", a, gradient)
    assert_close(found, matrix_gradients(a, gradient))


@pytest.mark.parametrize("n", [3, 10])
@pytest.mark.parametrize("leading", [(2,), (2, 3), (1, 1)])
def test_leading_dimensions(
    n: int,
    leading: tuple[int, ...],
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    given = problem(n, 2, 2, torch.full((3,), 0.7), torch.float32, leading)
    assert_close(_everything(interpreted, given), gradients(*given))


@pytest.mark.parametrize("n", [3, 10])
def test_any_strides(
    n: int, interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    z, generators, x, gy = problem(n, 3, 2, torch.full((4,), 0.7), torch.float32, (2,))
    given = (
        # All members share their coefficients; every second point; one gradient for all.
        z[:1].expand(2, 4, 3).mT.contiguous().mT,
        generators.mT,
        torch.stack([x, x * torch.nan], dim=-2).flatten(-3, -2)[..., ::2, :],
        gy[:1, :1, :, :1].expand_as(gy),
    )
    assert not any(t.is_contiguous() for t in given)
    assert_close(_everything(interpreted, given), gradients(*given))


def test_strided_matrices(interpreted: Call, matrix_gradients: Call, assert_close: Call) -> None:
    rng = torch.Generator().manual_seed(0)
    a, gradient = torch.randn(2, 4, 5, 3, 3, generator=rng)
    a, gradient = a.transpose(0, 1).mT, gradient.transpose(0, 1)
    found = interpreted("expm", a), interpreted("expm_backward", a, gradient)
    assert_close(found, matrix_gradients(a, gradient))


@pytest.mark.parametrize("n", [3, 8, 10])
@pytest.mark.parametrize(
    ("batch", "k", "c"), [(1, 1, 1), (0, 2, 1), (4, 0, 1), (4, 2, 0), (4, 2, 3)]
)
def test_empty_dimensions(
    n: int,
    batch: int,
    k: int,
    c: int,
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    given = problem(n, k, c, torch.full((batch,), 0.7), torch.float32)
    assert_close(_everything(interpreted, given), gradients(*given))


def test_no_members(interpreted: Call) -> None:
    z, generators, x = torch.ones(0, 2, 1), torch.ones(0, 1, 3, 3), torch.ones(0, 2, 1, 3)
    found = _everything(interpreted, (z, generators, x, x))
    assert [result.shape for result in found] == [x.shape, z.shape, generators.shape, x.shape]
    assert interpreted("expm", generators).shape == generators.shape
    assert interpreted("expm_backward", generators, generators).shape == generators.shape


# Few generators, which are summed in registers, more, of float64, and in tiles.
@pytest.mark.parametrize("leading", [(), (2,)])
@pytest.mark.parametrize(
    ("n", "k", "batch", "dtype"),
    [
        (2, 2, 700, torch.float32),
        (2, 9, 700, torch.float32),
        (3, 2, 700, torch.float64),
        (9, 2, 90, torch.float32),
    ],
)
def test_generator_gradient_is_the_same_every_time_and_in_any_number_of_rounds(
    n: int,
    k: int,
    batch: int,
    dtype: torch.dtype,
    leading: tuple[int, ...],
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    given = problem(n, k, 1, torch.full((batch,), 0.3), dtype, leading)
    first = interpreted("group_action_backward", *given)
    second = interpreted("group_action_backward", *given)
    assert torch.equal(first[1], second[1])
    exact = gradients(*given)[1:]
    assert_close(first, exact)
    # Six blocks in programs of two or, where members share the programs, three rounds.
    assert_close(interpreted("backward_in_rounds", *given, 3), exact)
