"""The public operations: explicit exponentials, group laws, blocks and gradients."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck

from symdisc.testing.tolerances import KERNEL
from symdisc_kernels import expm, group_action, group_elements, use_backend

BLOCKS = ((0, 3), (1, 2), (5, 6, 4))
DTYPES = [torch.float32, torch.float64]


def draw(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def block_mask(n: int) -> Tensor:
    mask = torch.zeros(n, n, dtype=torch.float64)
    for block in BLOCKS:
        for i in block:
            mask[i, list(block)] = 1
    return mask


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("leading", [(), (3,), (2, 3)])
def test_action_is_multiplication_by_explicit_exponentials(
    dtype: torch.dtype, leading: tuple[int, ...]
) -> None:
    z, generators = draw(0, *leading, 5, 2), 0.3 * draw(1, *leading, 2, 4, 4)
    points = draw(2, *leading, 5, 3, 4)
    exponents = (z[..., None, None] * generators.unsqueeze(-4)).sum(-3)
    elements = torch.linalg.matrix_exp(exponents)
    moved = group_action(z.to(dtype), generators.to(dtype), points.to(dtype))
    assert moved.dtype == dtype
    for c in range(3):
        column = (elements @ points[..., c, :, None]).squeeze(-1)
        assert torch.allclose(moved[..., c, :].double(), column, atol=10 * KERNEL[dtype])
    found = group_elements(z.to(dtype), generators.to(dtype)).double()
    assert torch.allclose(found, elements, atol=10 * KERNEL[dtype])


def test_quarter_turn() -> None:
    generator = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
    angle = torch.tensor([[torch.pi / 2]], dtype=torch.float64)
    moved = group_action(angle, generator, torch.tensor([[[1.0, 0.0]]], dtype=torch.float64))
    assert torch.allclose(moved, torch.tensor([[[0.0, 1.0]]], dtype=torch.float64))


@pytest.mark.parametrize("backend", ["cpu", "taylor", "reference"])
@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 16),
    seed=st.integers(0, 10_000),
    exponent=st.floats(-7, 0.4),
    dtype=st.sampled_from(DTYPES),
)
def test_group_laws(backend: str, n: int, seed: int, exponent: float, dtype: torch.dtype) -> None:
    with use_backend(backend):
        check_group_laws(n, seed, 10.0**exponent, dtype)


def check_group_laws(n: int, seed: int, scale: float, dtype: torch.dtype) -> None:
    a = (scale * draw(seed, 3, n, n) / n).to(dtype)
    identity = torch.eye(n, dtype=dtype).expand(3, n, n)
    size = float(expm(a).abs().max() * expm(-a).abs().max())
    tolerance = 20 * KERNEL[dtype] * max(1.0, size)
    assert torch.allclose(expm(a) @ expm(-a), identity, rtol=0, atol=tolerance)
    assert torch.allclose(expm(a / 2) @ expm(a / 2), expm(a), rtol=0, atol=tolerance)
    assert torch.equal(expm(0 * a), identity)
    determinant = torch.linalg.det(expm(a.double()))
    trace = a.double().diagonal(dim1=-2, dim2=-1).sum(-1)
    assert torch.allclose(determinant, trace.exp(), rtol=1e-9 * max(1.0, size))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), s=st.floats(-2, 2), t=st.floats(-2, 2))
def test_one_generator_is_a_one_parameter_group(seed: int, s: float, t: float) -> None:
    generators, points = 0.3 * draw(seed, 1, 3, 3), draw(seed + 1, 1, 2, 3)

    def move(value: float, x: Tensor) -> Tensor:
        return group_action(torch.tensor([[value]], dtype=torch.float64), generators, x)

    assert torch.allclose(move(s, move(t, points)), move(s + t, points), atol=1e-10)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("leading", [(), (2,), (2, 3)])
def test_blocks_equal_the_masked_dense_problem(
    dtype: torch.dtype, leading: tuple[int, ...]
) -> None:
    n = 8
    z, generators = draw(3, *leading, 5, 2), 0.3 * draw(4, *leading, 2, n, n)
    points = draw(5, *leading, 5, 3, n)
    masked = generators * block_mask(n)
    lower = z.to(dtype), generators.to(dtype), points.to(dtype)
    moved = group_action(*lower, blocks=BLOCKS).double()
    expected = group_action(z, masked, points)
    assert torch.allclose(moved, expected, atol=10 * KERNEL[dtype])
    # the last coordinate is in no block
    assert torch.equal(moved[..., 7], lower[2].double()[..., 7])
    elements = group_elements(*lower[:2], blocks=BLOCKS).double()
    assert torch.allclose(elements, group_elements(z, masked), atol=10 * KERNEL[dtype])


def test_no_blocks_at_all_move_nothing() -> None:
    z, generators, points = draw(3, 5, 2), draw(4, 2, 3, 3), draw(5, 5, 1, 3)
    assert torch.equal(group_action(z, generators, points, blocks=()), points)


def test_arguments_are_not_changed() -> None:
    arguments = draw(3, 5, 2), draw(4, 2, 8, 8), draw(5, 5, 1, 8)
    kept = [tensor.clone() for tensor in arguments]
    group_action(*arguments, blocks=BLOCKS)
    assert all(torch.equal(a, b) for a, b in zip(kept, arguments, strict=True))


@pytest.mark.parametrize("blocks", [None, ((0, 2), (3,))])
def test_gradients_are_exact(blocks: tuple[tuple[int, ...], ...] | None) -> None:
    z = draw(6, 2, 3, 2).requires_grad_()
    generators = (0.5 * draw(7, 2, 2, 4, 4)).requires_grad_()
    points = draw(8, 2, 3, 2, 4).requires_grad_()
    assert gradcheck(lambda a, b, x: group_action(a, b, x, blocks), (z, generators, points))
    assert gradcheck(lambda a, b: group_elements(a, b, blocks), (z, generators))


def test_expm_is_differentiable_twice() -> None:
    matrices = (0.5 * draw(9, 2, 3, 3)).requires_grad_()
    assert gradcheck(expm, (matrices,))
    assert gradgradcheck(expm, (matrices,))


def test_nan_in_one_element_stays_in_it() -> None:
    z, generators, points = draw(3, 5, 2), draw(4, 2, 8, 8), draw(5, 5, 1, 8)
    clean = group_action(z, generators, points, BLOCKS)
    z[2, 0] = torch.nan
    found = group_action(z, generators, points, BLOCKS)
    others = [0, 1, 3, 4]
    assert torch.allclose(found[others], clean[others], rtol=1e-10)
    assert found[2, :, :7].isnan().all()


@pytest.mark.parametrize("blocks", [None, BLOCKS])
def test_empty_batches(blocks: tuple[tuple[int, ...], ...] | None) -> None:
    z, generators, points = torch.zeros(0, 2), torch.zeros(2, 8, 8), torch.zeros(0, 3, 8)
    assert group_action(z, generators, points, blocks).shape == (0, 3, 8)
    assert group_elements(z, generators, blocks).shape == (0, 8, 8)
