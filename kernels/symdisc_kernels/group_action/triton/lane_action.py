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
        tile = exponents(z_pointers, stride_k, l_pointer, k, mask, n, n, columns, dtype)
        a = parted(tile, n * n, columns, block)
    else:
        a = lane_exponents(z_pointers, stride_k, l_pointer, k, mask, n, block, dtype)
    norm = lanes.norms(a, n)
    finite = norm < float("inf")
    return lanes.filled(finite, a, 0.0, n * n), tl.where(finite, norm, 0.0), finite


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_action(
    z_ptr, l_ptr, x_ptr, y_ptr, batch, k, c, programs,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    n: tl.constexpr, columns: tl.constexpr, by_dot: tl.constexpr, limit: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """y = exp(z L) x for one block of one member of the ensemble."""
    member = (tl.program_id(0) // programs).to(tl.int64)
    element = (tl.program_id(0) % programs).to(tl.int64) * block + tl.arange(0, block)
    mask = element < batch
    a, norm, finite = _exponents(
        z_ptr + member * stride_ze + element * stride_zb, stride_zk, l_ptr + member * k * (n * n),
        k, mask, n, columns, by_dot, block, dtype,
    )  # fmt: skip
    x_pointers = x_ptr + member * stride_xe + element * stride_xb
    y_pointers = y_ptr + (member * batch + element) * c * n
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        steps = action_steps(largest, dtype)
        share = 1.0 / steps.to(dtype)
        degree = degree_of(largest * share, dtype)
        a = lanes.scaled(a, share, n * n)
        for component in range(c):
            x = lanes.load(x_pointers + component * stride_xc, stride_xn, mask, n, dtype)
            y = repeated_taylor(a, x, degree, steps, n, dtype)
            y = lanes.filled(finite, y, float("nan"), n)
            lanes.store(y_pointers + component * n, y, mask, n)
    else:
        a, count = halved(a, norm, n, dtype)
        e = squared(matrix_taylor(a, n, block, dtype), count, n)
        for component in range(c):
            x = lanes.load(x_pointers + component * stride_xc, stride_xn, mask, n, dtype)
            y = lanes.filled(finite, lanes.times_vector(e, x, n), float("nan"), n)
            lanes.store(y_pointers + component * n, y, mask, n)


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
    gradient, z_pointers, stride_zk, l_pointer, gz_pointers, part_pointer, k, mask, is_first,
    n: tl.constexpr, columns: tl.constexpr, by_dot: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Store gz and this block's share of gL."""
    tile = joined(gradient, n * n, columns, block)
    if by_dot:
        store_coefficient_gradient(
            gz_pointers, l_pointer, tile, k, mask, n, n, columns, dtype
        )  # fmt: skip
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
    n: tl.constexpr, columns: tl.constexpr, by_dot: tl.constexpr, limit: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """gz, gx and one part of gL for ``rounds`` blocks of one member of the ensemble."""
    member = (tl.program_id(0) // programs).to(tl.int64)
    program = tl.program_id(0) % programs
    l_pointer = l_ptr + member * k * (n * n)
    part_pointer = part_ptr + tl.program_id(0).to(tl.int64) * k * (n * n)
    for turn in range(rounds):
        element = (program * rounds + turn).to(tl.int64) * block + tl.arange(0, block)
        mask = element < batch
        z_pointers = z_ptr + member * stride_ze + element * stride_zb
        a, norm, finite = _exponents(
            z_pointers, stride_zk, l_pointer, k, mask, n, columns, by_dot, block, dtype
        )
        x_pointers = x_ptr + member * stride_xe + element * stride_xb
        g_pointers = g_ptr + member * stride_ge + element * stride_gb
        gx_pointers = gx_ptr + (member * batch + element) * c * n
        largest = tl.max(norm, axis=0)
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
            lanes.filled(finite, gradient, float("nan"), n * n), z_pointers, stride_zk, l_pointer,
            gz_ptr + (member * batch + element) * k, part_pointer, k, mask, turn == 0, n, columns,
            by_dot, block, dtype,
        )  # fmt: skip
