"""Kernels that make the building blocks testable, run by ``interpreter_worker.py``."""

# ruff: noqa: ANN001, ANN201, ANN202, RUF005
# mypy: ignore-errors

import torch
import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import (
    contractions,
    lane_exponential,
    lanes,
    launches,
    numerics,
    tile_exponential,
    tiles,
)

_TYPES = {torch.float32: tl.float32, torch.float64: tl.float64}


@triton.jit
def _numerics(norm_ptr, out_ptr, count: tl.constexpr, dtype: tl.constexpr):
    place = tl.arange(0, count)
    norm = tl.load(norm_ptr + place)
    halvings = numerics.squarings_of(norm, False, dtype)
    first, second = numerics.half_powers(halvings, dtype)
    tl.store(out_ptr + place, halvings.to(dtype))
    tl.store(out_ptr + count + place, numerics.squarings_of(norm, True, dtype).to(dtype))
    tl.store(out_ptr + 2 * count + place, norm * first * second)
    for i in range(count):
        one = tl.load(norm_ptr + i)
        tl.store(out_ptr + 3 * count + i, numerics.degree_of(one, dtype).to(dtype))
        tl.store(out_ptr + 4 * count + i, numerics.action_steps(one, dtype).to(dtype))
        tl.store(out_ptr + 5 * count + i, numerics.adjoint_steps(one, 4, dtype).to(dtype))
        tl.store(out_ptr + 6 * count + i, numerics.adjoint_steps(one, 5, dtype).to(dtype))


def scalings(norms):
    """Rows: halvings, of a pair, halved norms, degrees, steps (action, adjoint of n = 4 and 5)."""
    out = torch.empty(7, len(norms), dtype=norms.dtype)
    _numerics[(1,)](norms, out, len(norms), _TYPES[norms.dtype])
    return out


@triton.jit
def _diagonals(out_ptr, turns: tl.constexpr, dtype: tl.constexpr):
    for i in range(turns):
        turn = tl.full((), 0, tl.int32) + i
        tl.store(out_ptr + i, numerics.diagonal_before(turn, dtype))
        tl.store(out_ptr + turns + i, numerics.diagonal_after(turn, dtype))


def diagonals(turns, dtype):
    """Rows: ``diagonal_before`` and ``diagonal_after`` of each turn."""
    out = torch.empty(2, turns, dtype=dtype)
    _diagonals[(1,)](out, turns, _TYPES[dtype])
    return out


@triton.jit
def _lane_products(a_ptr, b_ptr, out_ptr, left, n: tl.constexpr, block: tl.constexpr):
    size: tl.constexpr = n * n
    a = lanes.load((a_ptr, size, 0, 1), 0, left, size, block, tl.float32)
    b = lanes.load((b_ptr, size, 0, 1), 0, left, size, block, tl.float32)
    out = lanes.transposed(lanes.product(a, b, n), n)
    out = lanes.added_twice(out, b, tl.full((), 1, tl.int1), n)
    out = lanes.plus_diagonal(out, 3.0, n)
    lanes.store((out_ptr, size + 1, 0, 1), 0, out + (lanes.norms(a, n),), left, size + 1, block)


def lane_products(a, b):
    """(A B)^T + 2 B + 3 I of each element as a row, then the norm of A."""
    count, n, _ = a.shape
    out = torch.empty(count, n * n + 1)
    _lane_products[(1,)](a, b, out, count, n, 8)
    return out


@triton.jit
def _tile_products(
    a_ptr, b_ptr, out_ptr, norm_ptr, left, n, side: tl.constexpr, block: tl.constexpr
):
    view = n * n, n, 1
    a = tiles.load_matrices((a_ptr,) + view, left, n, side, block, tl.float32)
    b = tiles.load_matrices((b_ptr,) + view, left, n, side, block, tl.float32)
    out = tiles.transposed(tiles.product(a, b)) + 3.0 * tiles.identity(n, side, tl.float32)
    tiles.store_matrices((out_ptr,) + view, out, left, n, side, block)
    norm, finite = tiles.norms(a)
    element = tl.arange(0, block)
    tl.store(norm_ptr + element, tl.where(finite, norm, -1.0), mask=element < left)


def tile_products(a, b, side):
    """(A B)^T + 3 I of each element, and the norm of A or -1 where it is not finite."""
    count, n, _ = a.shape
    out = torch.empty(count, n, n)
    norm = torch.empty(count)
    _tile_products[(1,)](a, b, out, norm, count, n, side, 16)
    return out, norm


@triton.jit
def _round_trip(tile_ptr, out_ptr, used: tl.constexpr, columns: tl.constexpr, block: tl.constexpr):
    row = tl.arange(0, block)[:, None]
    tile = tl.load(tile_ptr + row * columns + tl.arange(0, columns)[None, :])
    parts = contractions.parted(tile, used, columns, block)
    for start in tl.static_range(0, columns, 16):
        piece = contractions.joined(parts, start, used, block)
        tl.store(out_ptr + row * columns + start + tl.arange(0, 16)[None, :], piece)


def round_trip(tile, used):
    """A tile parted into lanes and joined again: zero from column ``used`` on."""
    out = torch.empty(tile.shape)
    _round_trip[(1,)](tile, out, used, tile.shape[1], tile.shape[0])
    return out


@triton.jit
def _lane_taylor(
    a_ptr, x_ptr, out_ptr, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    a = lanes.load((a_ptr, n * n, 0, 1), 0, left, n * n, block, dtype)
    x = lanes.load((x_ptr, n, 0, 1), 0, left, n, block, dtype)
    degree = tl.full((), 8, tl.int32)
    steps = tl.full((), 2, tl.int32)
    moved = lane_exponential.repeated_taylor(a, x, degree, steps, n, dtype)
    lanes.store((out_ptr, n, 0, 1), 0, moved, left, n, block)


@triton.jit
def _tile_taylor(
    a_ptr, x_ptr, out_ptr, left, n, side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    a = tiles.load_matrices((a_ptr, n * n, n, 1), left, n, side, block, dtype)
    x = tiles.load((x_ptr, n, 0, 1), 0, left, n, side, block, dtype)
    degree = tl.full((), 8, tl.int32)
    steps = tl.full((), 2, tl.int32)
    moved = tile_exponential.repeated_taylor(a, x, degree, steps, dtype)
    tiles.store((out_ptr, n, 0, 1), 0, moved, left, n, side, block)


def two_taylor_steps(layout, a, x):
    """Two steps of degree 8, in the layout "lane" or "tile"."""
    out = torch.empty(x.shape, dtype=x.dtype)
    count, n = x.shape
    if layout == "lane":
        _lane_taylor[(1,)](a, x, out, count, n, 8, _TYPES[x.dtype])
    else:
        _tile_taylor[(1,)](a, x, out, count, n, 8, 16, _TYPES[x.dtype])
    return out


def sum_of_parts(parts, shape, dtype):
    """The later stages of the generator gradient alone."""
    return launches._sum_parts(parts, torch.zeros(shape, dtype=dtype))


def backward_in_rounds(z, generators, x, gy, programs):
    """``group_action_backward`` with so few programs that each computes several blocks."""
    kept = launches._ADJOINT_PROGRAMS
    launches._ADJOINT_PROGRAMS = (programs, programs)
    try:
        return launches.group_action_backward(z, generators, x, gy)
    finally:
        launches._ADJOINT_PROGRAMS = kept
