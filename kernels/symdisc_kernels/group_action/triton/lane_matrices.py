"""Kernels of exp(A) and its adjoint for given matrices in the lane layout: n <= 8."""

# ruff: noqa: ANN001, ANN201, ANN202
# mypy: disable-error-code="no-untyped-def, untyped-decorator, no-untyped-call"

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
    pointers, stride_i, stride_j, mask, n: tl.constexpr, dtype: tl.constexpr
):  # fmt: skip
    """The matrices halved below norm 1/2, how often, and which are finite."""
    a = ()
    for i in tl.static_range(n):
        a = a + lanes.load(pointers + i * stride_i, stride_j, mask, n, dtype)
    norm = lanes.norms(a, n)
    finite = norm < float("inf")
    a = lanes.filled(finite, a, 0.0, n * n)
    a, count = halved(a, tl.where(finite, norm, 0.0), n, dtype)
    return a, count, finite


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_expm(
    a_ptr, e_ptr, batch, stride_ab: tl.int64, stride_ai: tl.int64, stride_aj: tl.int64,
    n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """E = exp(A) for one block of matrices."""
    element = tl.program_id(0).to(tl.int64) * block + tl.arange(0, block)
    mask = element < batch
    a, count, finite = _load_halved(
        a_ptr + element * stride_ab, stride_ai, stride_aj, mask, n, dtype
    )
    e = squared(matrix_taylor(a, n, block, dtype), count, n)
    e = lanes.filled(finite, e, float("nan"), n * n)
    lanes.store(e_ptr + element * (n * n), e, mask, n * n)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_expm_adjoint(
    a_ptr, g_ptr, out_ptr, batch, stride_ab: tl.int64, stride_ai: tl.int64, stride_aj: tl.int64,
    stride_gb: tl.int64, stride_gi: tl.int64, stride_gj: tl.int64,
    n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """The gradient in A of <G, exp(A)>: the columns of G are gradients of n moved basis vectors."""
    element = tl.program_id(0).to(tl.int64) * block + tl.arange(0, block)
    mask = element < batch
    a, count, finite = _load_halved(
        a_ptr + element * stride_ab, stride_ai, stride_aj, mask, n, dtype
    )
    degree = squared_degree(dtype)
    f = lanes.zeros(n * n, block, dtype)
    for column in range(n):
        pointers = g_ptr + element * stride_gb + column * stride_gj
        g = lanes.load(pointers, stride_gi, mask, n, dtype)
        f, _ = add_adjoint(f, a, lanes.unit(column, g, n), g, degree, n, dtype)
    e = matrix_taylor(lanes.transposed(a, n), n, block, dtype)
    _, f = squared_pair(e, f, count, n)
    lanes.store(
        out_ptr + element * (n * n), lanes.filled(finite, f, float("nan"), n * n), mask, n * n
    )
