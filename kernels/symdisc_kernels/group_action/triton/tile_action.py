"""Kernels of the group action and its adjoint in the tile layout: n <= 16.

``act`` and ``adjoint`` work on one block of elements; the lane kernels call them for blocks whose
norm asks for matrix products that do not fit into a lane's registers.
"""

# ruff: noqa: ANN001, ANN201, ANN202
# mypy: disable-error-code="no-untyped-def, untyped-decorator, no-untyped-call"

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import tiles
from symdisc_kernels.group_action.triton.contractions import (
    add_generator_gradient,
    store_tile_coefficient_gradient,
    tile_exponents,
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
def _exponents(
    z_pointers, stride_k, l_pointer, k, mask, n, side: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """A, its norm, and which elements are finite; the others are computed as zero matrices."""
    a = tile_exponents(z_pointers, stride_k, l_pointer, k, mask, n, side, block, dtype)
    norm, finite = tiles.norms(a)
    return tl.where(finite[:, None, None], a, 0.0), norm, finite


@triton.jit
def act(
    z_pointers, stride_zk, l_pointer, x_pointers, stride_xc, stride_xn, y_pointers, k, c, mask, n,
    side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """y = exp(z L) x for one block of elements."""
    a, norm, finite = _exponents(z_pointers, stride_zk, l_pointer, k, mask, n, side, block, dtype)
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        steps = action_steps(largest, dtype)
        share = 1.0 / steps.to(dtype)
        degree = degree_of(largest * share, dtype)
        a = a * share
        for component in range(c):
            x = tiles.load(x_pointers + component * stride_xc, stride_xn, mask, n, side, dtype)
            y = repeated_taylor(a, x, degree, steps, dtype)
            y = tl.where(finite[:, None], y, float("nan"))
            tiles.store(y_pointers + component * n, y, mask, n, side)
    else:
        a, count = halved(a, norm, dtype)
        e = squared(matrix_taylor(a, n, side, dtype), count, n, side)
        for component in range(c):
            x = tiles.load(x_pointers + component * stride_xc, stride_xn, mask, n, side, dtype)
            y = tl.where(finite[:, None], tiles.times_vector(e, x), float("nan"))
            tiles.store(y_pointers + component * n, y, mask, n, side)


@triton.jit
def _adjoint_by_steps(
    a, largest, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc, stride_gn,
    gx_pointers, c, mask, n, side: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: the action and its quadrature, component by component."""
    steps = adjoint_steps(largest, dtype)
    share = 1.0 / steps.to(dtype)
    degree = degree_of(largest * share, dtype)
    a = a * share
    total = a * 0.0
    for component in range(c):
        x = tiles.load(x_pointers + component * stride_xc, stride_xn, mask, n, side, dtype)
        g = tiles.load(g_pointers + component * stride_gc, stride_gn, mask, n, side, dtype)
        total, gx = add_adjoint_steps(total, a, x, g, degree, steps, dtype)
        gx = tl.where(finite[:, None], gx, float("nan"))
        tiles.store(gx_pointers + component * n, gx, mask, n, side)
    return total * share


@triton.jit
def _adjoint_by_squaring(
    a, norm, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc, stride_gn,
    gx_pointers, c, mask, n, side: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Store gx and return gA: one quadrature a component, then squarings for all of them."""
    a, count = halved(a, norm, dtype)
    degree = squared_degree(dtype)
    f = a * 0.0
    for component in range(c):
        x = tiles.load(x_pointers + component * stride_xc, stride_xn, mask, n, side, dtype)
        g = tiles.load(g_pointers + component * stride_gc, stride_gn, mask, n, side, dtype)
        f, _ = add_adjoint(f, a, x, g, degree, dtype)
    e = matrix_taylor(tiles.transposed(a), n, side, dtype)
    e, f = squared_pair(e, f, count, n, side)
    for component in range(c):
        g = tiles.load(g_pointers + component * stride_gc, stride_gn, mask, n, side, dtype)
        gx = tl.where(finite[:, None], tiles.times_vector(e, g), float("nan"))
        tiles.store(gx_pointers + component * n, gx, mask, n, side)
    return f


@triton.jit
def adjoint(
    z_pointers, stride_zk, l_pointer, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc,
    stride_gn, gz_pointers, gx_pointers, part_pointer, k, c, mask, is_first, n,
    side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """gz, gx and the share of gL of one block of elements."""
    a, norm, finite = _exponents(z_pointers, stride_zk, l_pointer, k, mask, n, side, block, dtype)
    largest = tl.max(norm, axis=0)
    if largest <= limit:
        gradient = _adjoint_by_steps(
            a, largest, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc,
            stride_gn, gx_pointers, c, mask, n, side, dtype,
        )  # fmt: skip
    else:
        gradient = _adjoint_by_squaring(
            a, norm, finite, x_pointers, stride_xc, stride_xn, g_pointers, stride_gc,
            stride_gn, gx_pointers, c, mask, n, side, dtype,
        )  # fmt: skip
    gradient = tl.where(finite[:, None, None], gradient, float("nan"))
    # Entries beyond n take no part in any sum: whatever they are times a NaN would be a NaN.
    _, _, is_entry = tiles.places(n, side)
    gradient = tl.where(is_entry, gradient, 0.0)
    store_tile_coefficient_gradient(gz_pointers, l_pointer, gradient, k, mask, n, side, dtype)
    add_generator_gradient(
        part_pointer, z_pointers, stride_zk, tl.reshape(gradient, (block, side * side)), k, mask,
        is_first, n, side, side * side, dtype,
    )  # fmt: skip


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def tile_action(
    z_ptr, l_ptr, x_ptr, y_ptr, batch, k, c, programs,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    n, side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """y = exp(z L) x for one block of one member of the ensemble."""
    member = (tl.program_id(0) // programs).to(tl.int64)
    element = (tl.program_id(0) % programs).to(tl.int64) * block + tl.arange(0, block)
    act(
        z_ptr + member * stride_ze + element * stride_zb, stride_zk, l_ptr + member * k * (n * n),
        x_ptr + member * stride_xe + element * stride_xb, stride_xc, stride_xn,
        y_ptr + (member * batch + element) * c * n, k, c, element < batch, n, side, limit, block,
        dtype,
    )  # fmt: skip


@triton.jit(do_not_specialize=NOT_SPECIALIZED)
def tile_adjoint(
    z_ptr, l_ptr, x_ptr, g_ptr, gz_ptr, gx_ptr, part_ptr, batch, k, c, programs, rounds,
    stride_ze: tl.int64, stride_zb: tl.int64, stride_zk: tl.int64,
    stride_xe: tl.int64, stride_xb: tl.int64, stride_xc: tl.int64, stride_xn: tl.int64,
    stride_ge: tl.int64, stride_gb: tl.int64, stride_gc: tl.int64, stride_gn: tl.int64,
    n, side: tl.constexpr, limit: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """gz, gx and one part of gL for ``rounds`` blocks of one member of the ensemble."""
    member = (tl.program_id(0) // programs).to(tl.int64)
    program = tl.program_id(0) % programs
    part_pointer = part_ptr + tl.program_id(0).to(tl.int64) * k * (n * n)
    for turn in range(rounds):
        element = (program * rounds + turn).to(tl.int64) * block + tl.arange(0, block)
        adjoint(
            z_ptr + member * stride_ze + element * stride_zb, stride_zk,
            l_ptr + member * k * (n * n),
            x_ptr + member * stride_xe + element * stride_xb, stride_xc, stride_xn,
            g_ptr + member * stride_ge + element * stride_gb, stride_gc, stride_gn,
            gz_ptr + (member * batch + element) * k, gx_ptr + (member * batch + element) * c * n,
            part_pointer, k, c, element < batch, turn == 0, n, side, limit, block, dtype,
        )  # fmt: skip
