"""exp(A) x, exp(A) and the adjoint of both in the tile layout.

The same formulas as in :mod:`symdisc_kernels.group_action.triton.lane_exponential`, whose
sources and reasons hold here too.
"""

# ruff: noqa: ANN001, ANN201, RUF005
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import tiles
from symdisc_kernels.group_action.triton.numerics import (
    QUADRATURE_32,
    QUADRATURE_64,
    WEIGHTS_32,
    WEIGHTS_64,
    diagonal_after,
    diagonal_before,
    half_powers,
    is_early,
    node_powers,
    reciprocal,
    squared_degree,
    squarings_of,
)


@triton.jit
def repeated_taylor(a, x, degree, steps, dtype: tl.constexpr):
    """exp(steps A) x in equal steps, each by Horner's scheme."""
    for _ in range(steps):
        h = x
        for j in range(degree):
            h = x + tiles.times_vector(a, h) * reciprocal(degree - j, dtype)
        x = h
    return x


@triton.jit
def at_nodes(a, x, degree, count: tl.constexpr, dtype: tl.constexpr):
    """exp(t A) x at the quadrature nodes t and, last, at t = 1: count + 1 vectors."""
    nodes = node_powers(dtype)
    powers = nodes
    term = x
    sums = ()
    for _ in tl.static_range(count + 1):
        sums = sums + (x,)
    for j in range(degree):
        term = tiles.times_vector(a, term) * reciprocal(degree * 0 + j + 1, dtype)
        following = ()
        raised = ()
        for q in tl.static_range(count):
            following = following + (sums[q] + powers[q] * term,)
            raised = raised + (powers[q] * nodes[q],)
        sums = following + (sums[count] + term,)
        powers = raised
    return sums


@triton.jit
def add_adjoint(total, a, x, g, degree, dtype: tl.constexpr):
    """One step: total + the gradient of <g, exp(A) x> in A, and exp(A)^T g."""
    count: tl.constexpr = QUADRATURE_64 if dtype == tl.float64 else QUADRATURE_32
    v = at_nodes(a, x, degree, count, dtype)
    u = at_nodes(tiles.transposed(a), g, degree, count, dtype)
    for q in tl.static_range(count):
        # Not through a variable: a number that is assigned becomes float32.
        ahead = u[count - 1 - q] * (WEIGHTS_64[q] if dtype == tl.float64 else WEIGHTS_32[q])
        total += ahead[:, :, None] * v[q][:, None, :]
    return total, u[count]


@triton.jit
def add_adjoint_steps(total, a, x, g, degree, steps, dtype: tl.constexpr):
    """As :func:`add_adjoint` over several steps, last step first."""
    for step in range(steps):
        start = repeated_taylor(a, x, degree, steps - 1 - step, dtype)
        total, g = add_adjoint(total, a, start, g, degree, dtype)
    return total, g


@triton.jit
def halved(a, norm, pair: tl.constexpr, dtype: tl.constexpr):
    """Each matrix halved until squaring can start from it, and how often."""
    count = squarings_of(norm, pair, dtype)
    first, second = half_powers(count, dtype)
    return a * first[:, None, None] * second[:, None, None], count


@triton.jit
def matrix_taylor(a, n, side: tl.constexpr, pair: tl.constexpr, dtype: tl.constexpr):
    """exp(A), or exp(A) - I for a pair, of halved matrices, two degrees a step."""
    one = tiles.identity(n, side, dtype)
    a2 = tiles.product(a, a)
    e = tl.zeros_like(a) + one
    pairs = squared_degree(pair, dtype) // 2
    for step in range(pairs):
        place = 2 * (pairs - step)
        odd = reciprocal(place - 1, dtype)
        diagonal = one * tl.where((place > 2) | (pair == 0), 1.0, 0.0)
        e = diagonal + a * odd + tiles.product(a2, e) * (odd * reciprocal(place, dtype))
    return e


@triton.jit
def squared(e, count, n, side: tl.constexpr):
    """E squared as often as each element's count says.

    Entries beyond n stay 0: an infinity times such a 0 would spread as NaN.
    """
    _, _, is_entry = tiles.places(n, side)
    for i in range(tl.max(count, axis=0)):
        is_due = (count > i)[:, None, None] & is_entry
        e = tl.where(is_due, tiles.product(e, e), e)
    return e


@triton.jit
def squared_pair(d, f, count, n, side: tl.constexpr, dtype: tl.constexpr):
    """exp(A) and its derivative through the squarings, from D = exp(A / 2^count) - I."""
    _, _, is_entry = tiles.places(n, side)
    one = tiles.identity(n, side, dtype)
    most = tl.max(count, axis=0)
    for i in range(most):
        turn = most * 0 + i
        d += one * diagonal_before(turn, dtype)
        is_due = (count > turn)[:, None, None] & is_entry
        following = tiles.product(d, f) + tiles.product(f, d)
        following += tl.where(is_early(turn, dtype), f + f, 0.0)
        f = tl.where(is_due, following * 0.5, f)
        following = tiles.product(d, d) + tl.where(is_early(turn, dtype), d + d, 0.0)
        d = tl.where(is_due, following, d)
    return d + one * diagonal_after(most, dtype), f
