"""Vectors and matrices with one batch element per lane.

A vector is a tuple of n and a matrix a tuple of n*n (row by row) tensors of shape (block,): its
entries lie in the registers of the lane that owns the element, so products need no exchange.
"""

# ruff: noqa: ANN001, ANN201, RUF005
# mypy: ignore-errors

import triton
import triton.language as tl


@triton.jit
def zeros(count: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """``count`` entries of zero."""
    entries = ()
    for _ in tl.static_range(count):
        entries = entries + (tl.zeros((block,), dtype),)
    return entries


@triton.jit
def load(view, place, left, count: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """Vector number ``place`` of each of the ``left`` elements of a view; zero for other lanes.

    A view is (pointer to the block's first element, stride of elements, of vectors, of entries):
    scalars, because a pointer for each lane takes two registers.
    """
    lane = tl.arange(0, block)
    pointers = view[0] + place * view[2] + lane * view[1]
    entries = ()
    for i in tl.static_range(count):
        entry = tl.load(pointers + i * view[3], mask=lane < left, other=0.0)
        entries = entries + (entry.to(dtype),)
    return entries


@triton.jit
def store(view, place, entries, left, count: tl.constexpr, block: tl.constexpr):
    """Store vectors, in the type of the memory."""
    lane = tl.arange(0, block)
    pointers = view[0] + place * view[2] + lane * view[1]
    for i in tl.static_range(count):
        entry = entries[i].to(view[0].dtype.element_ty)
        tl.store(pointers + i * view[3], entry, mask=lane < left)


@triton.jit
def scaled(entries, factor, count: tl.constexpr):
    """Entries times a factor."""
    results = ()
    for i in tl.static_range(count):
        results = results + (entries[i] * factor,)
    return results


@triton.jit
def chosen(condition, entries, others, count: tl.constexpr):
    """Entries where the condition holds, else the others."""
    results = ()
    for i in tl.static_range(count):
        results = results + (tl.where(condition, entries[i], others[i]),)
    return results


@triton.jit
def filled(condition, entries, value, count: tl.constexpr):
    """Entries where the condition holds, else one value."""
    results = ()
    for i in tl.static_range(count):
        results = results + (tl.where(condition, entries[i], value),)
    return results


@triton.jit
def unit(place, like, n: tl.constexpr):
    """The basis vector of number ``place``, which may be known at run time only."""
    results = ()
    for i in tl.static_range(n):
        results = results + (tl.zeros_like(like[i]) + tl.where(place == i, 1.0, 0.0),)
    return results


@triton.jit
def transposed(a, n: tl.constexpr):
    """The transpose: costs nothing."""
    results = ()
    for i in tl.static_range(n):
        for j in tl.static_range(n):
            results = results + (a[j * n + i],)
    return results


@triton.jit
def norms(a, n: tl.constexpr):
    """The 1-norm of each matrix; NaN where it is not finite."""
    largest = tl.abs(a[0]) * 0.0
    poison = largest
    for j in tl.static_range(n):
        column = tl.abs(a[j])
        for i in tl.static_range(1, n):
            column += tl.abs(a[i * n + j])
        largest = tl.maximum(largest, column)
        # The maximum hides a NaN.
        poison += column * 0.0
    return largest + poison


@triton.jit
def dot(a, b, start_a: tl.constexpr, start_b: tl.constexpr, step_b: tl.constexpr, n: tl.constexpr):
    """Sum over t of a[start_a + t] * b[start_b + t * step_b]."""
    total = a[start_a] * b[start_b]
    for term in tl.static_range(1, n):
        total += a[start_a + term] * b[start_b + term * step_b]
    return total


@triton.jit
def times_vector(a, v, n: tl.constexpr):
    """The vectors A v."""
    results = ()
    for i in tl.static_range(n):
        results = results + (dot(a, v, i * n, 0, 1, n),)
    return results


@triton.jit
def plus_scaled(x, y, factor, n: tl.constexpr):
    """The vectors x + factor y."""
    results = ()
    for i in tl.static_range(n):
        results = results + (x[i] + y[i] * factor,)
    return results


@triton.jit
def product(a, b, n: tl.constexpr):
    """The matrices A B."""
    results = ()
    for i in tl.static_range(n):
        for j in tl.static_range(n):
            results = results + (dot(a, b, i * n, j, n, n),)
    return results


@triton.jit
def plus_diagonal(a, amount, n: tl.constexpr):
    """The matrices A + amount I."""
    results = ()
    for i in tl.static_range(n * n):
        results = results + (a[i] + amount if i % (n + 1) == 0 else a[i],)
    return results


@triton.jit
def added_twice(a, b, condition, n: tl.constexpr):
    """The matrices A + 2 B where the (scalar) condition holds, else A, also for infinite B."""
    results = ()
    for i in tl.static_range(n * n):
        results = results + (a[i] + tl.where(condition, b[i] + b[i], 0.0),)
    return results


@triton.jit
def add_outer(total, u, v, weight, n: tl.constexpr):
    """The matrices total + weight u v^T."""
    results = ()
    for i in tl.static_range(n):
        scaled_u = u[i] * weight
        for j in tl.static_range(n):
            results = results + (total[i * n + j] + scaled_u * v[j],)
    return results
