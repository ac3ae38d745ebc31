"""Kernels of exp(A) and its adjoint for given matrices in the lane layout: n <= 8."""

# ruff: noqa: ANN001, ANN201, ANN202
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import lanes
from symdisc_kernels.group_action.triton.lane_exponential import (
    add_adjoint,
    halved,
    matrix_taylor,
    squared,
    squared_pair,
)
from symdisc_kernels.group_action.triton.numerics import squared_degree

NOT_SPECIALIZED = (
    "batch", "stride_ab", "stride_ai", "stride_aj", "stride_gb", "stride_gi", "stride_gj",
)  # fmt: skip


@triton.jit
def _load_halved(
    view, left, n: tl.constexpr, pair: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """The halved matrices, how often they were halved, and which are finite."""
    a = ()
    for row in tl.static_range(n):
        a = a + lanes.load(view, row, left, n, block, dtype)
    norm = lanes.norms(a, n)
    finite = norm < float("inf")
    a = lanes.filled(finite, a, 0.0, n * n)
    a, count = halved(a, tl.where(finite, norm, 0.0), n, pair, dtype)
    return a, count, finite


@triton.jit
def _store(view, a, finite, left, n: tl.constexpr, block: tl.constexpr):
    a = lanes.filled(finite, a, float("nan"), n * n)
    for row in tl.static_range(n):
        lanes.store(view, row, a[row * n : row * n + n], left, n, block)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_expm(
    a_ptr, e_ptr, batch, stride_ab: tl.int64, stride_ai: tl.int64, stride_aj: tl.int64,
    n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """E = exp(A) for one block of matrices."""
    start = tl.program_id(0).to(tl.int64) * block
    left = tl.minimum(batch - start, block).to(tl.int32)
    view = (a_ptr + start * stride_ab, stride_ab, stride_ai, stride_aj)
    a, count, finite = _load_halved(view, left, n, False, block, dtype)
    e = squared(matrix_taylor(a, n, False, block, dtype), count, n)
    _store((e_ptr + start * (n * n), n * n, n, 1), e, finite, left, n, block)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_expm_adjoint(
    a_ptr, g_ptr, out_ptr, batch, stride_ab: tl.int64, stride_ai: tl.int64, stride_aj: tl.int64,
    stride_gb: tl.int64, stride_gi: tl.int64, stride_gj: tl.int64,
    n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """The gradient in A of <G, exp(A)>: the columns of G are gradients of n moved basis vectors."""
    start = tl.program_id(0).to(tl.int64) * block
    left = tl.minimum(batch - start, block).to(tl.int32)
    view = (a_ptr + start * stride_ab, stride_ab, stride_ai, stride_aj)
    columns = (g_ptr + start * stride_gb, stride_gb, stride_gj, stride_gi)
    a, count, finite = _load_halved(view, left, n, True, block, dtype)
    degree = squared_degree(True, dtype)
    f = lanes.zeros(n * n, block, dtype)
    for column in range(n):
        g = lanes.load(columns, column, left, n, block, dtype)
        f, _ = add_adjoint(f, a, lanes.unit(column, g, n), g, degree, n, dtype)
    e = matrix_taylor(lanes.transposed(a, n), n, True, block, dtype)
    _, f = squared_pair(e, f, count, n, dtype)
    _store((out_ptr + start * (n * n), n * n, n, 1), f, finite, left, n, block)
