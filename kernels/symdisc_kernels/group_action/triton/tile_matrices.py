"""Kernels of exp(A) and its adjoint for given matrices in the tile layout: n <= 16."""

# ruff: noqa: ANN001, ANN201, ANN202
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import tiles
from symdisc_kernels.group_action.triton.numerics import squared_degree
from symdisc_kernels.group_action.triton.tile_exponential import (
    add_adjoint,
    halved,
    matrix_taylor,
    squared,
    squared_pair,
)

NOT_SPECIALIZED = (
    "batch", "n", "stride_ab", "stride_ai", "stride_aj", "stride_gb", "stride_gi", "stride_gj",
)  # fmt: skip


@triton.jit
def _load_halved(
    view, left, n, side: tl.constexpr, pair: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """The halved matrices, how often they were halved, and which are finite."""
    a = tiles.load_matrices(view, left, n, side, block, dtype)
    norm, finite = tiles.norms(a)
    a, count = halved(tl.where(finite[:, None, None], a, 0.0), norm, pair, dtype)
    return a, count, finite


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def tile_expm(
    a_ptr, e_ptr, batch, stride_ab: tl.int64, stride_ai: tl.int64, stride_aj: tl.int64, n,
    side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """E = exp(A) for one block of matrices."""
    start = tl.program_id(0).to(tl.int64) * block
    left = tl.minimum(batch - start, block).to(tl.int32)
    view = (a_ptr + start * stride_ab, stride_ab, stride_ai, stride_aj)
    a, count, finite = _load_halved(view, left, n, side, False, block, dtype)
    e = squared(matrix_taylor(a, n, side, False, dtype), count, n, side)
    e = tl.where(finite[:, None, None], e, float("nan"))
    tiles.store_matrices((e_ptr + start * (n * n), n * n, n, 1), e, left, n, side, block)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def tile_expm_adjoint(
    a_ptr, g_ptr, out_ptr, batch, stride_ab: tl.int64, stride_ai: tl.int64, stride_aj: tl.int64,
    stride_gb: tl.int64, stride_gi: tl.int64, stride_gj: tl.int64, n,
    side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """The gradient in A of <G, exp(A)>: the columns of G are gradients of n moved basis vectors."""
    start = tl.program_id(0).to(tl.int64) * block
    left = tl.minimum(batch - start, block).to(tl.int32)
    view = (a_ptr + start * stride_ab, stride_ab, stride_ai, stride_aj)
    columns = (g_ptr + start * stride_gb, stride_gb, stride_gj, stride_gi)
    a, count, finite = _load_halved(view, left, n, side, True, block, dtype)
    degree = squared_degree(True, dtype)
    f = tl.zeros_like(a)
    place = tl.arange(0, side)[None, :]
    for column in range(n):
        g = tiles.load(columns, column, left, n, side, block, dtype)
        unit = tl.zeros_like(g) + tl.where(place == column, 1.0, 0.0)
        f, _ = add_adjoint(f, a, unit, g, degree, dtype)
    e = matrix_taylor(tiles.transposed(a), n, side, True, dtype)
    _, f = squared_pair(e, f, count, n, side, dtype)
    f = tl.where(finite[:, None, None], f, float("nan"))
    tiles.store_matrices((out_ptr + start * (n * n), n * n, n, 1), f, left, n, side, block)
