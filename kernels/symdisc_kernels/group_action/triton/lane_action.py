"""Kernels of the group action and its adjoint in the lane layout: n <= 8."""

# ruff: noqa: ANN001, ANN201, ANN202
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import lanes
from symdisc_kernels.group_action.triton.contractions import (
    add_to_lane_sums,
    dot_coefficient_gradient,
    dot_exponents,
    dot_generator_gradient,
    lane_coefficient_gradient,
    lane_exponents,
    lane_generator_gradient,
    parted,
    store_lane_sums,
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
from symdisc_kernels.group_action.triton.tile_action import act, adjoint, ahead

# Elements of a tile: the least that tl.dot multiplies.
TILE_BLOCK = tl.constexpr(16)

# Strides vary from call to call: a compiled kernel must not be tied to one of them.
NOT_SPECIALIZED = (
    "batch", "k", "c", "programs", "rounds", "stride_ze", "stride_zb", "stride_zk", "stride_xe",
    "stride_xb", "stride_xc", "stride_xn", "stride_ge", "stride_gb", "stride_gc", "stride_gn",
)  # fmt: skip


@triton.jit
def _exponents(
    z, l_ptr, k, left, n: tl.constexpr, columns: tl.constexpr, by_dot: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """A, its norm, and which lanes are finite; the others are computed as zero matrices."""
    if by_dot:
        tile = dot_exponents(z, l_ptr, k, left, n, columns, block, dtype)
        a = parted(tile, n * n, columns, block)
    else:
        a = lane_exponents(z, l_ptr, k, left, n, block, dtype)
    norm = lanes.norms(a, n)
    finite = norm < float("inf")
    return lanes.filled(finite, a, 0.0, n * n), tl.where(finite, norm, 0.0), finite


@triton.jit
def _act_by_steps(
    a, largest, finite, x, y, c, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """Store y: the action in sub-steps, component by component."""
    steps = action_steps(largest, dtype)
    share = 1.0 / steps.to(dtype)
    degree = degree_of(largest * share, dtype)
    a = lanes.scaled(a, share, n * n)
    for component in range(c):
        point = lanes.load(x, component, left, n, block, dtype)
        moved = repeated_taylor(a, point, degree, steps, n, dtype)
        lanes.store(y, component, lanes.filled(finite, moved, float("nan"), n), left, n, block)


@triton.jit
def _act_by_squaring(
    a, norm, finite, x, y, c, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """Store y: one matrix exp(A) in registers for all components."""
    a, count = halved(a, norm, n, False, dtype)
    e = squared(matrix_taylor(a, n, False, block, dtype), count, n)
    for component in range(c):
        moved = lanes.times_vector(e, lanes.load(x, component, left, n, block, dtype), n)
        lanes.store(y, component, lanes.filled(finite, moved, float("nan"), n), left, n, block)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_action(
    z_ptr, l_ptr, x_ptr, y_ptr, batch, k, c, programs,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    n: tl.constexpr, columns: tl.constexpr, side: tl.constexpr, limit: tl.constexpr,
    block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Compute y = exp(z L) x for one block of one member of the ensemble.

    Where ``side`` is not 0, large norms are left to tiles of that side, 16 elements at a time.
    """
    member = (tl.program_id(0) // programs).to(tl.int64)
    start = (tl.program_id(0) % programs).to(tl.int64) * block
    left = tl.minimum(batch - start, block).to(tl.int32)
    l_ptr += member * k * (n * n)
    z = (z_ptr + member * stride_ze + start * stride_zb, stride_zb, stride_zk)
    x = (x_ptr + member * stride_xe + start * stride_xb, stride_xb, stride_xc, stride_xn)
    y = (y_ptr + (member * batch + start) * c * n, c.to(tl.int64) * n, n, 1)
    a, norm, finite = _exponents(z, l_ptr, k, left, n, columns, side > 0, block, dtype)
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        _act_by_steps(a, largest, finite, x, y, c, left, n, block, dtype)
    else:
        if side > 0:
            for sub in range(block // TILE_BLOCK):
                skipped = sub * TILE_BLOCK
                act(
                    ahead(z, skipped), l_ptr, ahead(x, skipped), ahead(y, skipped), k, c,
                    left - skipped, n, side, limit, TILE_BLOCK, dtype,
                )  # fmt: skip
        else:
            _act_by_squaring(a, norm, finite, x, y, c, left, n, block, dtype)


@triton.jit
def _adjoint_by_steps(
    a, largest, finite, x, g, gx, c, left, n: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: the action and its derivative, component by component."""
    steps = adjoint_steps(largest, n, dtype)
    share = 1.0 / steps.to(dtype)
    degree = degree_of(largest * share, dtype)
    a = lanes.scaled(a, share, n * n)
    total = lanes.zeros(n * n, block, dtype)
    for component in range(c):
        point = lanes.load(x, component, left, n, block, dtype)
        given = lanes.load(g, component, left, n, block, dtype)
        total, moved = add_adjoint_steps(total, a, point, given, degree, steps, n, dtype)
        lanes.store(gx, component, lanes.filled(finite, moved, float("nan"), n), left, n, block)
    return lanes.scaled(total, share, n * n)


@triton.jit
def _adjoint_by_squaring(
    a, norm, finite, x, g, gx, c, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """Store gx and return gA: one derivative a component, then squarings for all of them."""
    a, count = halved(a, norm, n, True, dtype)
    degree = squared_degree(True, dtype)
    f = lanes.zeros(n * n, block, dtype)
    for component in range(c):
        point = lanes.load(x, component, left, n, block, dtype)
        given = lanes.load(g, component, left, n, block, dtype)
        f, _ = add_adjoint(f, a, point, given, degree, n, dtype)
    e = matrix_taylor(lanes.transposed(a, n), n, True, block, dtype)
    e, f = squared_pair(e, f, count, n, dtype)
    for component in range(c):
        moved = lanes.times_vector(e, lanes.load(g, component, left, n, block, dtype), n)
        lanes.store(gx, component, lanes.filled(finite, moved, float("nan"), n), left, n, block)
    return f


@triton.jit
def _store_sums(
    gradient, z, l_ptr, gz, part_ptr, k, left, is_first, n: tl.constexpr,
    by_dot: tl.constexpr, few: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gz and, unless generators are few, this block's share of gL."""
    if by_dot:
        dot_coefficient_gradient(gz, l_ptr, gradient, k, left, n, block, dtype)
    else:
        lane_coefficient_gradient(gz, l_ptr, gradient, k, left, n, block, dtype)
    if few > 0:
        pass
    elif dtype == tl.float64:
        lane_generator_gradient(part_ptr, z, gradient, k, left, is_first, n, block, dtype)
    else:
        dot_generator_gradient(part_ptr, z, gradient, k, left, is_first, n, block, dtype)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def lane_adjoint(
    z_ptr, l_ptr, x_ptr, g_ptr, gz_ptr, gx_ptr, part_ptr, batch, k, c, programs, rounds,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    stride_ge: tl.int64, stride_gb: tl.int64, stride_gc: tl.int64, stride_gn: tl.int64,
    n: tl.constexpr, columns: tl.constexpr, side: tl.constexpr, limit: tl.constexpr,
    few: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gz, gx and one part of gL for ``rounds`` blocks of one member of the ensemble.

    Where ``side`` is not 0, large norms are left to tiles of that side, 16 elements at a time.
    Where ``few`` is not 0, it is k, and each lane keeps its sums for gL through all rounds.
    """
    member = (tl.program_id(0) // programs).to(tl.int64)
    program = tl.program_id(0) % programs
    l_ptr += member * k * (n * n)
    part_ptr += tl.program_id(0).to(tl.int64) * k * (n * n)
    sums = lanes.zeros(few * n * n, block, dtype)
    for turn in range(rounds):
        start = (program * rounds + turn).to(tl.int64) * block
        left = tl.minimum(batch - start, block).to(tl.int32)
        z = (z_ptr + member * stride_ze + start * stride_zb, stride_zb, stride_zk)
        x = (x_ptr + member * stride_xe + start * stride_xb, stride_xb, stride_xc, stride_xn)
        g = (g_ptr + member * stride_ge + start * stride_gb, stride_gb, stride_gc, stride_gn)
        gz = (gz_ptr + (member * batch + start) * k, k, 1)
        gx = (gx_ptr + (member * batch + start) * c * n, c.to(tl.int64) * n, n, 1)
        a, norm, finite = _exponents(z, l_ptr, k, left, n, columns, side > 0, block, dtype)
        largest = tl.max(norm, axis=0)
        if side > 0:
            if largest <= limit:
                gradient = _adjoint_by_steps(a, largest, finite, x, g, gx, c, left, n, block, dtype)
                gradient = lanes.filled(finite, gradient, float("nan"), n * n)
                _store_sums(
                    gradient, z, l_ptr, gz, part_ptr, k, left, turn == 0, n,
                    True, 0, block, dtype,
                )  # fmt: skip
            else:
                for sub in range(block // TILE_BLOCK):
                    skipped = sub * TILE_BLOCK
                    adjoint(
                        ahead(z, skipped), l_ptr, ahead(x, skipped), ahead(g, skipped),
                        ahead(gz, skipped), ahead(gx, skipped), part_ptr, k, c, left - skipped,
                        turn + sub == 0, n, side, limit, TILE_BLOCK, dtype,
                    )  # fmt: skip
        else:
            if largest <= limit:
                gradient = _adjoint_by_steps(a, largest, finite, x, g, gx, c, left, n, block, dtype)
            else:
                gradient = _adjoint_by_squaring(a, norm, finite, x, g, gx, c, left, n, block, dtype)
            gradient = lanes.filled(finite, gradient, float("nan"), n * n)
            _store_sums(
                gradient, z, l_ptr, gz, part_ptr, k, left, turn == 0, n, False,
                few, block, dtype,
            )  # fmt: skip
            if few > 0:
                sums = add_to_lane_sums(sums, z, gradient, left, n, few, block, dtype)
    if few > 0:
        store_lane_sums(part_ptr, sums, few * n * n, block)
