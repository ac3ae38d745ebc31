"""Kernels of the group action and its adjoint in the lane layout: n <= 8."""

# ruff: noqa: ANN001, ANN201, ANN202
# mypy: disable-error-code="no-untyped-def, untyped-decorator, no-untyped-call"

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import lanes
from symdisc_kernels.group_action.triton.contractions import (
    add_generator_gradient,
    exponents,
    joined,
    lane_exponents,
    parted,
    store_coefficient_gradient,
    store_lane_coefficient_gradient,
)
from symdisc_kernels.group_action.triton.lane_exponential import (
    add_adjoint,
    add_adjoint_steps,
    halved,
    matrix_taylor,
    repeated_taylor,
    squared,
    squared_pair,
)
from symdisc_kernels.group_action.triton.numerics import (
    action_steps,
    adjoint_steps,
    degree_of,
    squared_degree,
)
from symdisc_kernels.group_action.triton.tile_action import act, adjoint

# Elements of a tile: the least that tl.dot multiplies.
TILE_BLOCK = tl.constexpr(16)

# Strides vary from call to call: a compiled kernel must not be tied to one of them.
NOT_SPECIALIZED = (
    "batch", "k", "c", "programs", "rounds", "stride_ze", "stride_zb", "stride_zk", "stride_xe",
    "stride_xb", "stride_xc", "stride_xn", "stride_ge", "stride_gb", "stride_gc", "stride_gn",
)  # fmt: skip


@triton.jit
def _exponents(
    z_pointers, stride_k, l_pointer, k, mask, n: tl.constexpr, columns: tl.constexpr,
    by_dot: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """A, its norm, and which lanes are finite; the others are computed as zero matrices."""
    if by_dot:
        tile = exponents(z_pointers, stride_k, l_pointer, k, mask, n, columns, dtype)
        a = parted(tile, n * n, columns, block)
    else:
        a = lane_exponents(z_pointers, stride_k, l_pointer, k, mask, n, block, dtype)
    norm = lanes.norms(a, n)
    finite = norm < float("inf")
    return lanes.filled(finite, a, 0.0, n * n), tl.where(finite, norm, 0.0), finite


@triton.jit
def _act_by_steps(
    a, largest, finite, x_pointers, stride_xc, stride_xn, y_pointers, c, mask, n: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Store y: the action in sub-steps, component by component."""
    steps = action_steps(largest, dtype)
    share = 1.0 / steps.to(dtype)
    degree = degree_of(largest * share, dtype)
    a = lanes.scaled(a, share, n * n)
    for component in range(c):
        x = lanes.load(x_pointers + component * stride_xc, stride_xn, mask, n, dtype)
        y = repeated_taylor(a, x, degree, steps, n, dtype)
        lanes.store(y_pointers + component * n, lanes.filled(finite, y, float("nan"), n), mask, n)


@triton.jit
def _act_by_squaring(
    a, norm, finite, x_pointers, stride_xc, stride_xn, y_pointers, c, mask, n: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store y: one matrix exp(A) in registers for all components."""
    a, count = halved(a, norm, n, dtype)
    e = squared(matrix_taylor(a, n, block, dtype), count, n)
    for component in range(c):
        x = lanes.load(x_pointers + component * stride_xc, stride_xn, mask, n, dtype)
        y = lanes.times_vector(e, x, n)
        lanes.store(y_pointers + component * n, lanes.filled(finite, y, float("nan"), n), mask, n)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_action(
    z_ptr, l_ptr, x_ptr, y_ptr, batch, k, c, programs,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    n: tl.constexpr, columns: tl.constexpr, side: tl.constexpr, limit: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """y = exp(z L) x for one block of one member of the ensemble.

    Where ``side`` is not 0, large norms are left to tiles of that side, 16 elements at a time.
    """
    member = (tl.program_id(0) // programs).to(tl.int64)
    start = (tl.program_id(0) % programs).to(tl.int64) * block
    element = start + tl.arange(0, block)
    mask = element < batch
    z_ptr += member * stride_ze
    l_ptr += member * k * (n * n)
    x_ptr += member * stride_xe
    y_ptr += member * batch * c * n
    a, norm, finite = _exponents(
        z_ptr + element * stride_zb, stride_zk, l_ptr, k, mask, n, columns, side > 0, block, dtype
    )
    x_pointers = x_ptr + element * stride_xb
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        _act_by_steps(
            a, largest, finite, x_pointers, stride_xc, stride_xn, y_ptr + element * c * n, c,
            mask, n, dtype,
        )  # fmt: skip
    else:
        if side > 0:
            for sub in range(block // TILE_BLOCK):
                few = start + sub * TILE_BLOCK + tl.arange(0, TILE_BLOCK)
                act(
                    z_ptr + few * stride_zb, stride_zk, l_ptr, x_ptr + few * stride_xb,
                    stride_xc, stride_xn, y_ptr + few * c * n, k, c, few < batch, n, side,
                    limit, TILE_BLOCK, dtype,
                )  # fmt: skip
        else:
            _act_by_squaring(
                a, norm, finite, x_pointers, stride_xc, stride_xn, y_ptr + element * c * n, c,
                mask, n, block, dtype,
            )  # fmt: skip


@triton.jit
def _adjoint_by_steps(
    a, largest, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc, stride_gn,
    gx_pointers, c, mask, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: the action and its quadrature, component by component."""
    steps = adjoint_steps(largest, dtype)
    share = 1.0 / steps.to(dtype)
    degree = degree_of(largest * share, dtype)
    a = lanes.scaled(a, share, n * n)
    total = lanes.zeros(n * n, block, dtype)
    for component in range(c):
        x = lanes.load(x_pointers + component * stride_xc, stride_xn, mask, n, dtype)
        g = lanes.load(g_pointers + component * stride_gc, stride_gn, mask, n, dtype)
        total, gx = add_adjoint_steps(total, a, x, g, degree, steps, n, dtype)
        gx = lanes.filled(finite, gx, float("nan"), n)
        lanes.store(gx_pointers + component * n, gx, mask, n)
    return lanes.scaled(total, share, n * n)


@triton.jit
def _adjoint_by_squaring(
    a, norm, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc, stride_gn,
    gx_pointers, c, mask, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: one quadrature a component, then squarings for all of them."""
    a, count = halved(a, norm, n, dtype)
    degree = squared_degree(dtype)
    f = lanes.zeros(n * n, block, dtype)
    for component in range(c):
        x = lanes.load(x_pointers + component * stride_xc, stride_xn, mask, n, dtype)
        g = lanes.load(g_pointers + component * stride_gc, stride_gn, mask, n, dtype)
        f, _ = add_adjoint(f, a, x, g, degree, n, dtype)
    e = matrix_taylor(lanes.transposed(a, n), n, block, dtype)
    e, f = squared_pair(e, f, count, n)
    for component in range(c):
        g = lanes.load(g_pointers + component * stride_gc, stride_gn, mask, n, dtype)
        gx = lanes.filled(finite, lanes.times_vector(e, g, n), float("nan"), n)
        lanes.store(gx_pointers + component * n, gx, mask, n)
    return f


@triton.jit
def _store_sums(
    gradient, finite, z_pointers, stride_zk, l_pointer, gz_pointers, part_pointer, k, mask,
    is_first, n: tl.constexpr, columns: tl.constexpr, by_dot: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Store gz and this block's share of gL."""
    gradient = lanes.filled(finite, gradient, float("nan"), n * n)
    tile = joined(gradient, n * n, columns, block)
    if by_dot:
        store_coefficient_gradient(gz_pointers, l_pointer, tile, k, mask, n, columns, dtype)
    else:
        store_lane_coefficient_gradient(gz_pointers, l_pointer, gradient, k, mask, n, dtype)
    add_generator_gradient(
        part_pointer, z_pointers, stride_zk, tile, k, mask, is_first, n, n, columns, dtype
    )


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_adjoint(
    z_ptr, l_ptr, x_ptr, g_ptr, gz_ptr, gx_ptr, part_ptr, batch, k, c, programs, rounds,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    stride_ge: tl.int64, stride_gb: tl.int64, stride_gc: tl.int64, stride_gn: tl.int64,
    n: tl.constexpr, columns: tl.constexpr, side: tl.constexpr, limit: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """gz, gx and one part of gL for ``rounds`` blocks of one member of the ensemble.

    Where ``side`` is not 0, large norms are left to tiles of that side, 16 elements at a time.
    """
    member = (tl.program_id(0) // programs).to(tl.int64)
    program = tl.program_id(0) % programs
    z_ptr += member * stride_ze
    l_ptr += member * k * (n * n)
    x_ptr += member * stride_xe
    g_ptr += member * stride_ge
    gz_ptr += member * batch * k
    gx_ptr += member * batch * c * n
    part_ptr += tl.program_id(0).to(tl.int64) * k * (n * n)
    for turn in range(rounds):
        start = (program * rounds + turn).to(tl.int64) * block
        element = start + tl.arange(0, block)
        mask = element < batch
        z_pointers = z_ptr + element * stride_zb
        a, norm, finite = _exponents(
            z_pointers, stride_zk, l_ptr, k, mask, n, columns, side > 0, block, dtype
        )
        x_pointers = x_ptr + element * stride_xb
        g_pointers = g_ptr + element * stride_gb
        gx_pointers = gx_ptr + element * c * n
        largest = tl.max(norm, axis=0)
        if side > 0:
            if largest <= limit:
                gradient = _adjoint_by_steps(
                    a, largest, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc,
                    stride_gn, gx_pointers, c, mask, n, block, dtype,
                )  # fmt: skip
                _store_sums(
                    gradient, finite, z_pointers, stride_zk, l_ptr, gz_ptr + element * k,
                    part_ptr, k, mask, turn == 0, n, columns, True, block, dtype,
                )  # fmt: skip
            else:
                for sub in range(block // TILE_BLOCK):
                    few = start + sub * TILE_BLOCK + tl.arange(0, TILE_BLOCK)
                    adjoint(
                        z_ptr + few * stride_zb, stride_zk, l_ptr,
                        x_ptr + few * stride_xb, stride_xc, stride_xn,
                        g_ptr + few * stride_gb, stride_gc, stride_gn, gz_ptr + few * k,
                        gx_ptr + few * c * n, part_ptr, k, c, few < batch,
                        turn + sub == 0, n, side, limit, TILE_BLOCK, dtype,
                    )  # fmt: skip
        else:
            if largest <= limit:
                gradient = _adjoint_by_steps(
                    a, largest, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc,
                    stride_gn, gx_pointers, c, mask, n, block, dtype,
                )  # fmt: skip
            else:
                gradient = _adjoint_by_squaring(
                    a, norm, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc,
                    stride_gn, gx_pointers, c, mask, n, block, dtype,
                )  # fmt: skip
            _store_sums(
                gradient, finite, z_pointers, stride_zk, l_ptr, gz_ptr + element * k, part_ptr, k,
                mask, turn == 0, n, columns, False, block, dtype,
            )  # fmt: skip
