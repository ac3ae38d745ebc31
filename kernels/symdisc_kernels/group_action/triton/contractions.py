"""Sums over generators and over the batch: A = z L, gz = <gA, L>, gL = z^T gA.

``z`` and ``gz`` are views (pointer to the block's first element, stride of elements, stride of
coefficients). Every loop over generators is dynamic: unrolled loads take minutes to compile.
"""

# ruff: noqa: ANN001, ANN201, ANN202, RUF005, RET505
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton.tiles import places

# The exponents are exact products ("ieee"), because an error in A grows by its norm. The gradients
# are products by tensor cores, whose operands are split so that about 2^-22 is lost: with exact
# ones, most of the time of the adjoint of small matrices went into loads for this product.
SPLIT = tl.constexpr("tf32x3")

# Generators that tl.dot takes at a time: the fewest it can sum over.
CHUNK = tl.constexpr(16)
# Entries of a matrix that tl.dot takes at a time in the lane layout.
PIECE = tl.constexpr(16)
WARP = tl.constexpr(32)


@triton.jit
def dot_exponents(
    z, l_ptr, k, left, n: tl.constexpr, columns: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """A = z L as a (block, columns) tile, 16 generators at a time: best for many entries."""
    element = tl.arange(0, block)[:, None]
    entry = tl.arange(0, columns)[None, :]
    total = tl.zeros((block, columns), dtype)
    for first in range(0, k, CHUNK):
        here = first + tl.arange(0, CHUNK)
        pointers = z[0] + element * z[1] + here[None, :] * z[2]
        inside = (element < left) & (here < k)[None, :]
        coefficients = tl.load(pointers, mask=inside, other=0.0).to(dtype)
        pointers = l_ptr + here[:, None] * (n * n) + entry
        inside = (here < k)[:, None] & (entry < n * n)
        generators = tl.load(pointers, mask=inside, other=0.0).to(dtype)
        total = tl.dot(coefficients, generators, total, input_precision="ieee", out_dtype=dtype)
    return total


@triton.jit
def dot_coefficient_gradient(
    gz, l_ptr, gradient, k, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """Store gz from a tuple of n*n lanes, 16 generators at a time.

    In pieces of 16 entries, here and below: tl.dot loads all operands of its inner sum at once.
    """
    element = tl.arange(0, block)[:, None]
    for first in range(0, k, CHUNK):
        here = (first + tl.arange(0, CHUNK))[None, :]
        sums = tl.zeros((block, CHUNK), dtype)
        for start in tl.static_range(0, n * n, PIECE):
            entry = start + tl.arange(0, PIECE)[:, None]
            pointers = l_ptr + here * (n * n) + entry
            inside = (here < k) & (entry < n * n)
            generators = tl.load(pointers, mask=inside, other=0.0).to(dtype)
            piece = joined(gradient, start, n * n, block)
            sums = tl.dot(piece, generators, sums, input_precision=SPLIT, out_dtype=dtype)
        pointers = gz[0] + element * gz[1] + here * gz[2]
        inside = (element < left) & (here < k)
        tl.store(pointers, sums.to(gz[0].dtype.element_ty), mask=inside)


@triton.jit
def dot_generator_gradient(
    part_ptr, z, gradient, k, left, is_first, n: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Add this block's z^T gA to the program's own part of gL, 16 generators at a time.

    The part is kept in memory and not in registers because it has k n^2 entries.
    """
    groups: tl.constexpr = block // WARP
    group = tl.arange(0, groups)[:, None, None]
    element = group * WARP + tl.arange(0, WARP)[None, :, None]
    for start in tl.static_range(0, n * n, PIECE):
        piece = joined(gradient, start, n * n, block)
        # A product for each warp, of its own elements: one for all would be held by every warp.
        piece = tl.permute(tl.reshape(piece, (groups, WARP, PIECE)), (0, 2, 1))
        entry = start + tl.arange(0, PIECE)[:, None]
        for first in range(0, k, CHUNK):
            here = first + tl.arange(0, CHUNK)
            pointers = z[0] + element * z[1] + here[None, None, :] * z[2]
            inside = (element < left) & (here < k)[None, None, :]
            coefficients = tl.load(pointers, mask=inside, other=0.0).to(dtype)
            shares = tl.dot(piece, coefficients, input_precision=SPLIT, out_dtype=dtype)
            pointers = part_ptr + here[None, :] * (n * n) + entry
            inside = (here < k)[None, :] & (entry < n * n)
            before = tl.load(pointers, mask=inside & (is_first == 0), other=0.0)
            # Added after the product: summing a block first keeps the rounding error small.
            tl.store(pointers, before + tl.sum(shares, axis=0), mask=inside)
    # Another thread may load in the next round what this one has stored.
    tl.debug_barrier()


@triton.jit
def lane_generator_gradient(
    part_ptr, z, gradient, k, left, is_first, n: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """As :func:`dot_generator_gradient`, generator by generator, for at most 16 entries.

    Slower for many generators; the float64 product by tl.dot would spill registers.
    """
    lane = tl.arange(0, block)
    entry = tl.arange(0, PIECE)
    piece = joined(gradient, 0, n * n, block)
    for q in range(k):
        pointers = z[0] + lane * z[1] + q * z[2]
        coefficients = tl.load(pointers, mask=lane < left, other=0.0).to(dtype)
        pointers = part_ptr + q * (n * n) + entry
        inside = entry < n * n
        before = tl.load(pointers, mask=inside & (is_first == 0), other=0.0)
        share = tl.sum(coefficients[:, None] * piece, axis=0)
        tl.store(pointers, before + share, mask=inside)
    # Another thread may load in the next round what this one has stored.
    tl.debug_barrier()


@triton.jit
def add_to_lane_sums(
    sums, z, gradient, left, n: tl.constexpr, few: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Add z^T gA of each lane to its own sums: few * n * n lanes, generator by generator."""
    lane = tl.arange(0, block)
    results = ()
    for q in tl.static_range(few):
        pointers = z[0] + lane * z[1] + q * z[2]
        coefficient = tl.load(pointers, mask=lane < left, other=0.0).to(dtype)
        for entry in tl.static_range(n * n):
            results = results + (sums[q * n * n + entry] + coefficient * gradient[entry],)
    return results


@triton.jit
def store_lane_sums(part_ptr, sums, count: tl.constexpr, block: tl.constexpr):
    """Store the program's part of gL: the sums of all its lanes."""
    for start in tl.static_range(0, count, PIECE):
        entry = start + tl.arange(0, PIECE)
        total = tl.sum(joined(sums, start, count, block), axis=0)
        tl.store(part_ptr + entry, total, mask=entry < count)


@triton.jit
def lane_exponents(z, l_ptr, k, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """A = z L as a tuple of n*n lanes, generator by generator: best for few entries."""
    lane = tl.arange(0, block)
    a = ()
    for _ in tl.static_range(n * n):
        a = a + (tl.zeros((block,), dtype),)
    for q in range(k):
        coefficient = tl.load(z[0] + lane * z[1] + q * z[2], mask=lane < left, other=0.0).to(dtype)
        following = ()
        for entry in tl.static_range(n * n):
            generator = tl.load(l_ptr + q * (n * n) + entry).to(dtype)
            following = following + (a[entry] + coefficient * generator,)
        a = following
    return a


@triton.jit
def lane_coefficient_gradient(
    gz, l_ptr, gradient, k, left, n: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """Store gz from a tuple of n*n lanes, generator by generator."""
    lane = tl.arange(0, block)
    for q in range(k):
        total = gradient[0] * tl.load(l_ptr + q * (n * n)).to(dtype)
        for entry in tl.static_range(1, n * n):
            total += gradient[entry] * tl.load(l_ptr + q * (n * n) + entry).to(dtype)
        pointers = gz[0] + lane * gz[1] + q * gz[2]
        tl.store(pointers, total.to(gz[0].dtype.element_ty), mask=lane < left)


@triton.jit
def tile_exponents(
    z, l_ptr, k, left, n, side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """A = z L as (block, side, side), generator by generator.

    Here tl.dot would hold so many operands in registers that they spill, and k is often far
    below the 16 that it multiplies at least.
    """
    row, column, is_entry = places(n, side)
    element = tl.arange(0, block)
    a = tl.zeros((block, side, side), dtype)
    for q in range(k):
        pointers = z[0] + element * z[1] + q * z[2]
        coefficients = tl.load(pointers, mask=element < left, other=0.0).to(dtype)
        pointers = l_ptr + q * (n * n) + row * n + column
        generator = tl.load(pointers, mask=is_entry, other=0.0).to(dtype)
        a += coefficients[:, None, None] * generator
    return a


@triton.jit
def tile_coefficient_gradient(
    gz, l_ptr, gradient, k, left, n, side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr
):
    """Store gz from gA as (block, side, side), generator by generator."""
    row, column, is_entry = places(n, side)
    element = tl.arange(0, block)
    for q in range(k):
        pointers = l_ptr + q * (n * n) + row * n + column
        products = gradient * tl.load(pointers, mask=is_entry, other=0.0).to(dtype)
        sums = tl.sum(tl.sum(products, axis=2), axis=1)
        pointers = gz[0] + element * gz[1] + q * gz[2]
        tl.store(pointers, sums.to(gz[0].dtype.element_ty), mask=element < left)


@triton.jit
def tile_generator_gradient(
    part_ptr, z, gradient, k, left, is_first, n, side: tl.constexpr, block: tl.constexpr,
    dtype: tl.constexpr,
):  # fmt: skip
    """Add this block's z^T gA to the program's own part of gL, generator by generator."""
    row, column, is_entry = places(n, side)
    element = tl.arange(0, block)
    for q in range(k):
        pointers = z[0] + element * z[1] + q * z[2]
        coefficients = tl.load(pointers, mask=element < left, other=0.0).to(dtype)
        pointers = part_ptr + q * (n * n) + row * n + column
        before = tl.load(pointers, mask=is_entry & (is_first == 0), other=0.0)
        share = tl.sum(coefficients[:, None, None] * gradient, axis=0)
        tl.store(pointers, before + share[None, :, :], mask=is_entry)
    # Another thread may load in the next round what this one has stored.
    tl.debug_barrier()


@triton.jit
def joined(entries, start: tl.constexpr, used: tl.constexpr, block: tl.constexpr):
    """16 lanes of a tuple as a (block, 16) tile, zero from the entry ``used`` on."""
    level = ()
    for i in tl.static_range(start, start + PIECE):
        level = level + ((entries[i] if i < used else entries[0] * 0.0),)
    return _joined(level, PIECE, block)


@triton.jit
def _joined(level, width: tl.constexpr, block: tl.constexpr):
    if width == 1:
        return tl.reshape(level[0], (block, PIECE))
    else:
        # Each join appends the next less significant digit of the column's number.
        half: tl.constexpr = width // 2
        following = ()
        for i in tl.static_range(half):
            following = following + (tl.join(level[i], level[i + half]),)
        return _joined(following, half, block)


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
