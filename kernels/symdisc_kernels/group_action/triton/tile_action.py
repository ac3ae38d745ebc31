"""Kernels of the group action and its adjoint in the tile layout: n <= 16.

``act`` and ``adjoint`` work on one block of elements; the lane kernels call them for blocks whose
norm asks for matrix products that do not fit into a lane's registers.
"""

# ruff: noqa: ANN001, ANN201, ANN202, RUF005
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import tiles
from symdisc_kernels.group_action.triton.contractions import (
    tile_coefficient_gradient,
    tile_exponents,
    tile_generator_gradient,
)
from symdisc_kernels.group_action.triton.numerics import (
    action_steps,
    adjoint_steps,
    degree_of,
    squared_degree,
)
from symdisc_kernels.group_action.triton.tile_exponential import (
    add_adjoint,
    add_adjoint_steps,
    halved,
    matrix_taylor,
    repeated_taylor,
    squared,
    squared_pair,
)

NOT_SPECIALIZED = (
    "batch", "k", "c", "n", "programs", "rounds", "stride_ze", "stride_zb", "stride_zk",
    "stride_xe", "stride_xb", "stride_xc", "stride_xn", "stride_ge", "stride_gb", "stride_gc",
    "stride_gn",
)  # fmt: skip


@triton.jit
def ahead(view, elements):
    """A view that starts so many elements later."""
    return (view[0] + elements * view[1],) + view[1:]


@triton.jit
def _exponents(z, l_ptr, k, left, n, side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """A, its norm, and which elements are finite; the others are computed as zero matrices."""
    a = tile_exponents(z, l_ptr, k, left, n, side, block, dtype)
    norm, finite = tiles.norms(a)
    return tl.where(finite[:, None, None], a, 0.0), norm, finite


@triton.jit
def act(
    z, l_ptr, x, y, k, c, left, n, side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Compute y = exp(z L) x for one block of elements."""
    a, norm, finite = _exponents(z, l_ptr, k, left, n, side, block, dtype)
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        steps = action_steps(largest, dtype)
        share = 1.0 / steps.to(dtype)
        degree = degree_of(largest * share, dtype)
        a = a * share
        for component in range(c):
            point = tiles.load(x, component, left, n, side, block, dtype)
            moved = repeated_taylor(a, point, degree, steps, dtype)
            moved = tl.where(finite[:, None], moved, float("nan"))
            tiles.store(y, component, moved, left, n, side, block)
    else:
        a, count = halved(a, norm, False, dtype)
        e = squared(matrix_taylor(a, n, side, False, dtype), count, n, side)
        for component in range(c):
            point = tiles.load(x, component, left, n, side, block, dtype)
            moved = tl.where(finite[:, None], tiles.times_vector(e, point), float("nan"))
            tiles.store(y, component, moved, left, n, side, block)


@triton.jit
def _adjoint_by_steps(
    a, largest, finite, x, g, gx, c, left, n, side: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: the action and its quadrature, component by component."""
    steps = adjoint_steps(largest, side, dtype)
    share = 1.0 / steps.to(dtype)
    degree = degree_of(largest * share, dtype)
    a = a * share
    total = tl.zeros_like(a)
    for component in range(c):
        point = tiles.load(x, component, left, n, side, block, dtype)
        given = tiles.load(g, component, left, n, side, block, dtype)
        total, moved = add_adjoint_steps(total, a, point, given, degree, steps, dtype)
        moved = tl.where(finite[:, None], moved, float("nan"))
        tiles.store(gx, component, moved, left, n, side, block)
    return total * share


@triton.jit
def _adjoint_by_squaring(
    a, norm, finite, x, g, gx, c, left, n, side: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: one quadrature a component, then squarings for all of them."""
    a, count = halved(a, norm, True, dtype)
    degree = squared_degree(True, dtype)
    f = tl.zeros_like(a)
    for component in range(c):
        point = tiles.load(x, component, left, n, side, block, dtype)
        given = tiles.load(g, component, left, n, side, block, dtype)
        f, _ = add_adjoint(f, a, point, given, degree, dtype)
    e = matrix_taylor(tiles.transposed(a), n, side, True, dtype)
    e, f = squared_pair(e, f, count, n, side, dtype)
    for component in range(c):
        given = tiles.load(g, component, left, n, side, block, dtype)
        moved = tl.where(finite[:, None], tiles.times_vector(e, given), float("nan"))
        tiles.store(gx, component, moved, left, n, side, block)
    return f


@triton.jit
def adjoint(
    z, l_ptr, x, g, gz, gx, part_ptr, k, c, left, is_first, n, side: tl.constexpr,
    limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gz, gx and the share of gL of one block of elements."""
    a, norm, finite = _exponents(z, l_ptr, k, left, n, side, block, dtype)
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        gradient = _adjoint_by_steps(a, largest, finite, x, g, gx, c, left, n, side, block, dtype)
    else:
        gradient = _adjoint_by_squaring(a, norm, finite, x, g, gx, c, left, n, side, block, dtype)
    # Entries beyond n take no part in any sum: a NaN would spread from them.
    _, _, is_entry = tiles.places(n, side)
    gradient = tl.where(finite[:, None, None], gradient, float("nan"))
    gradient = tl.where(is_entry, gradient, 0.0)
    tile_coefficient_gradient(gz, l_ptr, gradient, k, left, n, side, block, dtype)
    tile_generator_gradient(part_ptr, z, gradient, k, left, is_first, n, side, block, dtype)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def tile_action(
    z_ptr, l_ptr, x_ptr, y_ptr, batch, k, c, programs,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    n, side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Compute y = exp(z L) x for one block of one member of the ensemble."""
    member = (tl.program_id(0) // programs).to(tl.int64)
    start = (tl.program_id(0) % programs).to(tl.int64) * block
    left = tl.minimum(batch - start, block).to(tl.int32)
    z = (z_ptr + member * stride_ze + start * stride_zb, stride_zb, stride_zk)
    x = (x_ptr + member * stride_xe + start * stride_xb, stride_xb, stride_xc, stride_xn)
    y = (y_ptr + (member * batch + start) * c * n, c.to(tl.int64) * n, n, 1)
    act(z, l_ptr + member * k * (n * n), x, y, k, c, left, n, side, limit, block, dtype)


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def tile_adjoint(
    z_ptr, l_ptr, x_ptr, g_ptr, gz_ptr, gx_ptr, part_ptr, batch, k, c, programs, rounds,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    stride_ge: tl.int64, stride_gb: tl.int64, stride_gc: tl.int64, stride_gn: tl.int64,
    n, side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gz, gx and one part of gL for ``rounds`` blocks of one member of the ensemble."""
    member = (tl.program_id(0) // programs).to(tl.int64)
    program = tl.program_id(0) % programs
    l_ptr += member * k * (n * n)
    part_ptr += tl.program_id(0).to(tl.int64) * k * (n * n)
    for turn in range(rounds):
        start = (program * rounds + turn).to(tl.int64) * block
        left = tl.minimum(batch - start, block).to(tl.int32)
        z = (z_ptr + member * stride_ze + start * stride_zb, stride_zb, stride_zk)
        x = (x_ptr + member * stride_xe + start * stride_xb, stride_xb, stride_xc, stride_xn)
        g = (g_ptr + member * stride_ge + start * stride_gb, stride_gb, stride_gc, stride_gn)
        gz = (gz_ptr + (member * batch + start) * k, k, 1)
        gx = (gx_ptr + (member * batch + start) * c * n, c.to(tl.int64) * n, n, 1)
        adjoint(
            z, l_ptr, x, g, gz, gx, part_ptr, k, c, left, turn == 0, n, side, limit, block, dtype
        )
