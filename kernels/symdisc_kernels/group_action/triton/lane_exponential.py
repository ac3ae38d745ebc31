"""exp(A) x, exp(A) and the adjoint of both in the lane layout.

Sources: Al-Mohy and Higham, SIAM J. Sci. Comput. 33 (2011) 488 (action), and SIAM J. Matrix
Anal. Appl. 30 (2009) 1639 (derivative by scaling and squaring).
"""

# ruff: noqa: ANN001, ANN201, RUF005
# mypy: ignore-errors

import triton
import triton.language as tl

from symdisc_kernels.group_action.triton import lanes
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
def taylor(a, x, degree, n: tl.constexpr, dtype: tl.constexpr):
    """The Taylor polynomial of exp(A) times x, by Horner's scheme."""
    h = x
    for j in range(degree):
        r = reciprocal(degree - j, dtype)
        moved = lanes.times_vector(a, h, n)
        following = ()
        for i in tl.static_range(n):
            following = following + (x[i] + moved[i] * r,)
        h = following
    return h


@triton.jit
def repeated_taylor(a, x, degree, steps, n: tl.constexpr, dtype: tl.constexpr):
    """exp(steps A) x in equal steps."""
    for _ in range(steps):
        x = taylor(a, x, degree, n, dtype)
    return x


@triton.jit
def at_nodes(a, x, degree, n: tl.constexpr, count: tl.constexpr, dtype: tl.constexpr):
    """exp(t A) x at the quadrature nodes t and, last, at t = 1: (count + 1) * n entries."""
    nodes = node_powers(dtype)
    powers = nodes
    term = x
    sums = ()
    for _ in tl.static_range(count + 1):
        sums = sums + x
    for j in range(degree):
        r = reciprocal(degree * 0 + j + 1, dtype)
        term = lanes.scaled(lanes.times_vector(a, term, n), r, n)
        following = ()
        for q in tl.static_range(count):
            for i in tl.static_range(n):
                following = following + (sums[q * n + i] + powers[q] * term[i],)
        for i in tl.static_range(n):
            following = following + (sums[count * n + i] + term[i],)
        sums = following
        raised = ()
        for q in tl.static_range(count):
            raised = raised + (powers[q] * nodes[q],)
        powers = raised
    return sums


@triton.jit
def add_adjoint(total, a, x, g, degree, n: tl.constexpr, dtype: tl.constexpr):
    """One step: total + the gradient of <g, exp(A) x> in A, and exp(A)^T g.

    The nodes lie symmetrically, so exp((1 - t) A)^T g is read at the mirrored node.
    """
    count: tl.constexpr = QUADRATURE_64 if dtype == tl.float64 else QUADRATURE_32
    v = at_nodes(a, x, degree, n, count, dtype)
    u = at_nodes(lanes.transposed(a, n), g, degree, n, count, dtype)
    for q in tl.static_range(count):
        ahead = u[(count - 1 - q) * n : (count - q) * n]
        # Not through a variable: a number that is assigned becomes float32.
        total = lanes.add_outer(
            total, ahead, v[q * n : q * n + n],
            WEIGHTS_64[q] if dtype == tl.float64 else WEIGHTS_32[q], n,
        )  # fmt: skip
    return total, u[count * n : count * n + n]


@triton.jit
def add_adjoint_steps(total, a, x, g, degree, steps, n: tl.constexpr, dtype: tl.constexpr):
    """As :func:`add_adjoint` over several steps, last step first.

    The point at the start of a step is computed again from x: steps are few, and storing the
    points would need memory of the batch's size.
    """
    for step in range(steps):
        start = repeated_taylor(a, x, degree, steps - 1 - step, n, dtype)
        total, g = add_adjoint(total, a, start, g, degree, n, dtype)
    return total, g


@triton.jit
def halved(a, norm, n: tl.constexpr, pair: tl.constexpr, dtype: tl.constexpr):
    """Each matrix halved until squaring can start from it, and how often."""
    count = squarings_of(norm, pair, dtype)
    first, second = half_powers(count, dtype)
    return lanes.scaled(lanes.scaled(a, first, n * n), second, n * n), count


@triton.jit
def matrix_step(a, a2, e, odd, even, diagonal, n: tl.constexpr):
    """Diagonal I + odd A + even A^2 E."""
    squared = lanes.product(a2, e, n)
    results = ()
    for i in tl.static_range(n * n):
        results = results + (a[i] * odd + squared[i] * even,)
    return lanes.plus_diagonal(results, diagonal, n)


@triton.jit
def matrix_taylor(a, n: tl.constexpr, pair: tl.constexpr, block: tl.constexpr, dtype: tl.constexpr):
    """exp(A), or exp(A) - I for a pair, of halved matrices, two degrees a step.

    T_j = I + A/(2j+1) + A^2 T_(j+1) / ((2j+1)(2j+2)); the last step may leave I away.
    """
    a2 = lanes.product(a, a, n)
    pairs = squared_degree(pair, dtype) // 2
    e = lanes.plus_diagonal(lanes.zeros(n * n, block, dtype), 1.0, n)
    for step in range(pairs):
        place = 2 * (pairs - step)
        odd = reciprocal(place - 1, dtype)
        diagonal = tl.where((place > 2) | (pair == 0), 1.0, 0.0)
        e = matrix_step(a, a2, e, odd, odd * reciprocal(place, dtype), diagonal, n)
    return e


@triton.jit
def squared(e, count, n: tl.constexpr):
    """E squared as often as each lane's count says."""
    for i in range(tl.max(count, axis=0)):
        e = lanes.chosen(count > i, lanes.product(e, e, n), e, n * n)
    return e


@triton.jit
def squared_pair(d, f, count, n: tl.constexpr, dtype: tl.constexpr):
    """exp(A) and its derivative through the squarings, from D = exp(A / 2^count) - I.

    E <- E E and F <- (E F + F E)/2. While E is near I, it is E - I that is squared: what E
    loses in rounding to 1 + D would double with every squaring. Later D would lose instead,
    where exp(A) is small. The half belongs to the direction of the derivative, which shrinks
    with the scaled matrix: taken here, step by step, it cannot underflow.
    """
    most = tl.max(count, axis=0)
    for i in range(most):
        turn = most * 0 + i
        d = lanes.plus_diagonal(d, diagonal_before(turn, dtype), n)
        following = ()
        for row in tl.static_range(n):
            for column in tl.static_range(n):
                entry = lanes.dot(d, f, row * n, column, n, n)
                entry += lanes.dot(f, d, row * n, column, n, n)
                following = following + (entry,)
        following = lanes.scaled(
            lanes.added_twice(following, f, is_early(turn, dtype), n), 0.5, n * n
        )
        f = lanes.chosen(count > turn, following, f, n * n)
        following = lanes.added_twice(lanes.product(d, d, n), d, is_early(turn, dtype), n)
        d = lanes.chosen(count > turn, following, d, n * n)
    return lanes.plus_diagonal(d, diagonal_after(most, dtype), n), f
