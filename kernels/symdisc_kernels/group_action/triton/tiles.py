"""Vectors and matrices as tiles: (block, side) and (block, side, side), zero beyond n.

A matrix is spread over the lanes of the program, so n up to 16 needs few registers; one compiled
kernel serves every n up to its side.
"""

# ruff: noqa: ANN001, ANN201
# mypy: ignore-errors

import triton
import triton.language as tl


@triton.jit
def load(view, place, left, n, side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """Vector number ``place`` of each of the ``left`` elements of a view.

    A view is (pointer to the block's first element, stride of elements, of vectors, of entries).
    """
    element = tl.arange(0, block)[:, None]
    entry = tl.arange(0, side)[None, :]
    pointers = view[0] + place * view[2] + element * view[1] + entry * view[3]
    return tl.load(pointers, mask=(element < left) & (entry < n), other=0.0).to(dtype)


@triton.jit
def store(view, place, vectors, left, n, side: tl.constexpr, block: tl.constexpr):
    """Store vectors, in the type of the memory."""
    element = tl.arange(0, block)[:, None]
    entry = tl.arange(0, side)[None, :]
    pointers = view[0] + place * view[2] + element * view[1] + entry * view[3]
    vectors = vectors.to(view[0].dtype.element_ty)
    tl.store(pointers, vectors, mask=(element < left) & (entry < n))


@triton.jit
def places(n, side: tl.constexpr):
    """Row numbers, column numbers and which entries belong to an n x n matrix."""
    place = tl.arange(0, side)
    row = place[None, :, None]
    column = place[None, None, :]
    return row, column, (row < n) & (column < n)


@triton.jit
def load_matrices(view, left, n, side: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """The matrix of each element: its vectors are the rows."""
    row, column, is_entry = places(n, side)
    element = tl.arange(0, block)[:, None, None]
    pointers = view[0] + element * view[1] + row * view[2] + column * view[3]
    return tl.load(pointers, mask=(element < left) & is_entry, other=0.0).to(dtype)


@triton.jit
def store_matrices(view, matrices, left, n, side: tl.constexpr, block: tl.constexpr):
    """Store matrices, in the type of the memory."""
    row, column, is_entry = places(n, side)
    element = tl.arange(0, block)[:, None, None]
    pointers = view[0] + element * view[1] + row * view[2] + column * view[3]
    matrices = matrices.to(view[0].dtype.element_ty)
    tl.store(pointers, matrices, mask=(element < left) & is_entry)


@triton.jit
def identity(n, side: tl.constexpr, dtype: tl.constexpr):
    """The n x n identity as (1, side, side)."""
    row, column, is_entry = places(n, side)
    return tl.where((row == column) & is_entry, 1.0, 0.0).to(dtype)


@triton.jit
def norms(a):
    """The 1-norm of each matrix, and whether it is finite; 0 where it is not."""
    columns = tl.sum(tl.abs(a), axis=1)
    # The maximum would hide a NaN; multiplied by 0, only finite sums vanish.
    finite = tl.sum(columns * 0.0, axis=1) == 0.0
    return tl.where(finite, tl.max(columns, axis=1), 0.0), finite


@triton.jit
def times_vector(a, v):
    """The vectors A v."""
    return tl.sum(a * v[:, None, :], axis=2)


@triton.jit
def transposed(a):
    """The transposes."""
    return tl.permute(a, (0, 2, 1))


@triton.jit
def product(a, b):
    """The matrices A B."""
    if a.shape[2] < 16:
        # tl.dot sums over at least 16: every second column of A and row of B is zero.
        zero = tl.zeros_like(a)
        shape: tl.constexpr = (a.shape[0], a.shape[1], 2 * a.shape[2])
        a = tl.reshape(tl.join(a, zero), shape)
        b = tl.permute(tl.reshape(tl.join(tl.permute(b, (0, 2, 1)), zero), shape), (0, 2, 1))
    return tl.dot(a, b, input_precision="ieee", out_dtype=a.dtype)
