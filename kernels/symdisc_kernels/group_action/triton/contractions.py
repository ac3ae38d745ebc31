"""Sums over generators and over the batch: A = z L, gz = <gA, L>, gL = z^T gA.

Matrices are rows of a (block, entries) tile here: entry (i, j) of an n x n matrix stands in
column i * side + j. Every loop over generators is dynamic, in chunks of 16, the least inner
dimension that tl.dot takes; products are exact in their type ("ieee"), because an error in A
grows by its norm.
"""

# ruff: noqa: ANN001, ANN201
# mypy: disable-error-code="no-untyped-def, untyped-decorator, no-untyped-call"

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton.tiles import places

CHUNK = tl.constexpr(16)


@triton.jit
def entries_of(n, side: tl.constexpr, columns: tl.constexpr):
    """Where each column of a tile lies in an n x n matrix in memory, and which do."""
    column = tl.arange(0, columns)
    row = column // side
    place = column % side
    return row * n + place, (row < n) & (place < n)


@triton.jit
def exponents(
    z_pointers, stride_k, l_pointer, k, mask, n: tl.constexpr, columns: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """A = z L as a (block, columns) tile; ``z_pointers`` point at each element's z."""
    inside, is_entry = entries_of(n, n, columns)
    chunk = tl.arange(0, CHUNK)
    total = tl.zeros((mask.shape[0], columns), dtype)
    for first in range(0, k, CHUNK):
        here = first + chunk
        z = tl.load(
            z_pointers[:, None] + here[None, :] * stride_k,
            mask=mask[:, None] & (here < k)[None, :],
            other=0.0,
        ).to(dtype)
        generators = tl.load(
            l_pointer + here[:, None] * (n * n) + inside[None, :],
            mask=(here < k)[:, None] & is_entry[None, :],
            other=0.0,
        ).to(dtype)
        total = tl.dot(z, generators, total, input_precision="ieee", out_dtype=dtype)
    return total


@triton.jit
def store_coefficient_gradient(
    gz_pointers, l_pointer, gradient, k, mask, n: tl.constexpr, columns: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """gz = <gA, L> from the (block, columns) tile of gA."""
    inside, is_entry = entries_of(n, n, columns)
    chunk = tl.arange(0, CHUNK)
    for first in range(0, k, CHUNK):
        here = first + chunk
        generators = tl.load(
            l_pointer + here[None, :] * (n * n) + inside[:, None],
            mask=is_entry[:, None] & (here < k)[None, :],
            other=0.0,
        ).to(dtype)
        gz = tl.dot(gradient, generators, input_precision="ieee", out_dtype=dtype)
        tl.store(
            gz_pointers[:, None] + here[None, :],
            gz.to(gz_pointers.dtype.element_ty),
            mask=mask[:, None] & (here < k)[None, :],
        )


@triton.jit
def add_generator_gradient(
    part_pointer, z_pointers, stride_k, gradient, k, mask, is_first, n, side: tl.constexpr,
    columns: tl.constexpr, dtype: tl.constexpr,
):  # fmt: skip
    """Add this block's z^T gA to the program's own part of gL in memory.

    The part is kept in memory and not in registers because it has k n^2 entries.
    """
    inside, is_entry = entries_of(n, side, columns)
    chunk = tl.arange(0, CHUNK)
    # As (gA^T) z and not z^T gA: so each thread holds fewer operands of the long inner sum.
    gradient = tl.trans(gradient)
    for first in range(0, k, CHUNK):
        here = first + chunk
        z = tl.load(
            z_pointers[:, None] + here[None, :] * stride_k,
            mask=mask[:, None] & (here < k)[None, :],
            other=0.0,
        ).to(dtype)
        pointers = part_pointer + here[None, :] * (n * n) + inside[:, None]
        is_used = is_entry[:, None] & (here < k)[None, :]
        before = tl.load(pointers, mask=is_used & (is_first == 0), other=0.0)
        # Added after the product: a sum over the block first keeps the rounding error small.
        part = before + tl.dot(gradient, z, input_precision="ieee", out_dtype=dtype)
        tl.store(pointers, part, mask=is_used)
    # Another thread may load in the next round what this one has stored.
    tl.debug_barrier()


@triton.jit
def tile_exponents(
    z_pointers, stride_k, l_pointer, k, mask, n, side: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """A = z L as (block, side, side), generator by generator.

    Here tl.dot would keep so many operands in registers that they spill, and k is often far
    below the 16 that it multiplies at least.
    """
    row, column, is_entry = places(n, side)
    a = tl.zeros((block, side, side), dtype)
    for q in range(k):
        z = tl.load(z_pointers + q * stride_k, mask=mask, other=0.0).to(dtype)
        entries = l_pointer + q * (n * n) + row * n + column
        a += z[:, None, None] * tl.load(entries, mask=is_entry, other=0.0).to(dtype)
    return a


@triton.jit
def store_tile_coefficient_gradient(
    gz_pointers, l_pointer, gradient, k, mask, n, side: tl.constexpr, dtype: tl.constexpr
):
    """gz = <gA, L> from gA as (block, side, side), generator by generator."""
    row, column, is_entry = places(n, side)
    for q in range(k):
        entries = l_pointer + q * (n * n) + row * n + column
        products = gradient * tl.load(entries, mask=is_entry, other=0.0).to(dtype)
        gz = tl.sum(tl.sum(products, axis=2), axis=1)
        tl.store(gz_pointers + q, gz.to(gz_pointers.dtype.element_ty), mask=mask)


@triton.jit
def lane_exponents(
    z_pointers, stride_k, l_pointer, k, mask, n: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """A = z L as a tuple of n*n lanes, generator by generator: best for small n."""
    a = ()
    for _ in tl.static_range(n * n):
        a = a + (tl.zeros((block,), dtype),)
    for q in range(k):
        z = tl.load(z_pointers + q * stride_k, mask=mask, other=0.0).to(dtype)
        following = ()
        for entry in tl.static_range(n * n):
            generator = tl.load(l_pointer + q * (n * n) + entry).to(dtype)
            following = following + (a[entry] + z * generator,)
        a = following
    return a


@triton.jit
def store_lane_coefficient_gradient(
    gz_pointers, l_pointer, gradient, k, mask, n: tl.constexpr, dtype: tl.constexpr
):
    """gz = <gA, L> from a tuple of n*n lanes, generator by generator."""
    for q in range(k):
        total = gradient[0] * tl.load(l_pointer + q * (n * n)).to(dtype)
        for entry in tl.static_range(1, n * n):
            total += gradient[entry] * tl.load(l_pointer + q * (n * n) + entry).to(dtype)
        tl.store(gz_pointers + q, total.to(gz_pointers.dtype.element_ty), mask=mask)


@triton.jit
def joined(entries, used: tl.constexpr, columns: tl.constexpr, block: tl.constexpr):
    """A tuple of lanes as a (block, columns) tile, columns a power of two, zero beyond ``used``."""
    level = ()
    for i in tl.static_range(columns):
        level = level + ((entries[i] if i < used else entries[0] * 0.0),)
    return _joined(level, columns, columns, block)


@triton.jit
def _joined(level, width: tl.constexpr, columns: tl.constexpr, block: tl.constexpr):
    if width == 1:
        return tl.reshape(level[0], (block, columns))
    else:
        # Each join appends the next less significant digit of the column's number.
        half: tl.constexpr = width // 2
        following = ()
        for i in tl.static_range(half):
            following = following + (tl.join(level[i], level[i + half]),)
        return _joined(following, half, columns, block)


@triton.jit
def parted(tile, used: tl.constexpr, columns: tl.constexpr, block: tl.constexpr):
    """The first ``used`` columns of a (block, columns) tile as a tuple of lanes."""
    leaves = _parted((tile,), 1, columns, block)
    return leaves[0:used]


@triton.jit
def _parted(level, width: tl.constexpr, columns: tl.constexpr, block: tl.constexpr):
    if width == columns:
        return level
    else:
        # Each split takes the least significant digit, which becomes the next higher digit of
        # the place in the tuple: evens first, then odds.
        rest: tl.constexpr = columns // (2 * width)
        evens = ()
        odds = ()
        for i in tl.static_range(width):
            if rest == 1:
                even, odd = tl.split(tl.reshape(level[i], (block, 2)))
            else:
                even, odd = tl.split(tl.reshape(level[i], (block, rest, 2)))
            evens = evens + (even,)
            odds = odds + (odd,)
        return _parted(evens + odds, 2 * width, columns, block)
