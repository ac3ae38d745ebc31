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
    DEGREE_32,
    DEGREE_64,
    HIGHEST_32,
    HIGHEST_64,
    INVERSE_FACTORIALS,
    PAIR_DEGREE_32,
    PAIR_DEGREE_64,
    QUADRATURE_32,
    QUADRATURE_64,
    STORED,
    STORED_UP_TO,
    WEIGHTS_32,
    WEIGHTS_64,
    diagonal_after,
    diagonal_before,
    half_powers,
    is_early,
    node_powers,
    reciprocal,
    squarings_of,
)

# Up to this size series are written out degree by degree, with their coefficients in the
# instructions: a division by the degree would take as long as the product with the matrix.
WRITTEN_OUT_UP_TO = tl.constexpr(4)


@triton.jit
def taylor(a, x, degree, n: tl.constexpr, dtype: tl.constexpr):
    """The Taylor polynomial of exp(A) times x, by Horner's scheme."""
    h = x
    if n <= WRITTEN_OUT_UP_TO:
        highest: tl.constexpr = HIGHEST_64 if dtype == tl.float64 else HIGHEST_32
        for j in tl.static_range(highest, 0, -1):
            if degree >= j:
                h = lanes.plus_scaled(x, lanes.times_vector(a, h, n), 1.0 / j, n)
    else:
        for j in range(degree):
            h = lanes.plus_scaled(x, lanes.times_vector(a, h, n), reciprocal(degree - j, dtype), n)
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
    """One step: total + the gradient of <g, exp(A) x> in A, and exp(A)^T g."""
    if n <= STORED_UP_TO and dtype == tl.float32:
        # One term more than x needs: the derivative in A is that of one degree less.
        if degree < STORED[0]:
            total, moved = add_stored(total, a, x, g, STORED[0], n)
        elif degree < STORED[1]:
            total, moved = add_stored(total, a, x, g, STORED[1], n)
        else:
            total, moved = add_stored(total, a, x, g, STORED[2], n)
    else:
        total, moved = add_quadrature(total, a, x, g, degree, n, dtype)
    return total, moved


@triton.jit
def add_stored(total, a, x, g, degree: tl.constexpr, n: tl.constexpr):
    """As :func:`add_adjoint`: the Taylor polynomial backwards, over stored powers A^j x."""
    powers = x
    for j in tl.static_range(1, degree):
        powers = powers + lanes.times_vector(a, powers[(j - 1) * n : j * n], n)
    a = lanes.transposed(a, n)
    h = g
    for j in tl.static_range(degree, 0, -1):
        total = lanes.add_outer(total, h, powers[(j - 1) * n : j * n], INVERSE_FACTORIALS[j], n)
        h = lanes.plus_scaled(g, lanes.times_vector(a, h, n), 1.0 / j, n)
    return total, h


@triton.jit
def add_quadrature(total, a, x, g, degree, n: tl.constexpr, dtype: tl.constexpr):
    """As :func:`add_adjoint`, by Gauss-Legendre quadrature, which stores no terms.

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
    degree: tl.constexpr = (
        (PAIR_DEGREE_64 if pair else DEGREE_64)
        if dtype == tl.float64
        else (PAIR_DEGREE_32 if pair else DEGREE_32)
    )
    e = lanes.plus_diagonal(lanes.zeros(n * n, block, dtype), 1.0, n)
    if n <= WRITTEN_OUT_UP_TO:
        for place in tl.static_range(degree, 0, -2):
            e = matrix_step(
                a, a2, e, 1.0 / (place - 1), 1.0 / (place * (place - 1)),
                0.0 if pair and place <= 2 else 1.0, n,
            )  # fmt: skip
    else:
        for step in range(degree // 2):
            place = step * 0 + degree - 2 * step
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
