"""Degrees, numbers of terms, quadrature nodes and scalings of the lane and the tile kernels."""

# ruff: noqa: ANN001, ANN201, RUF005, RET505
# mypy: ignore-errors

import math

import numpy as np
import triton
import triton.language as tl

# Largest 1-norm at which the Taylor polynomial of this degree has a relative backward error
# below half a unit in the last place (Al-Mohy and Higham, SIAM J. Sci. Comput. 33 (2011) 488,
# table 3.1). The last norm is where a sub-step ends: beyond it the intermediate terms of the
# sum grow so large that their rounding costs more than fewer sub-steps save.
DEGREES_32 = tl.constexpr((3, 4, 5, 6, 7, 8, 10, 12, 13))
NORMS_32 = tl.constexpr((1.12e-2, 5.12e-2, 0.1308, 0.2495, 0.4015, 0.5801, 0.9952, 1.462, 1.7))
DEGREES_64 = tl.constexpr((6, 8, 10, 12, 14, 16, 18, 20, 22))
NORMS_64 = tl.constexpr((9.07e-3, 4.99e-2, 0.1442, 0.2996, 0.5139, 0.7803, 1.091, 1.438, 1.8))


def _gauss_legendre(count: int) -> tuple[tl.constexpr, tl.constexpr]:
    """Nodes and weights of Gauss-Legendre quadrature on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    half = (0.5 * weights).tolist()
    return tl.constexpr(tuple((0.5 * nodes + 0.5).tolist())), tl.constexpr(tuple(half))


# The highest degrees that occur.
HIGHEST_32, HIGHEST_64 = tl.constexpr(13), tl.constexpr(22)

# Up to this size, in float32, a lane has registers for all terms of the series, so that the
# derivative can run over them backwards, with one of these numbers of terms.
STORED_UP_TO = tl.constexpr(4)
STORED = tl.constexpr((9, 11, 14))
INVERSE_FACTORIALS = tl.constexpr(tuple(1.0 / math.factorial(j) for j in range(15)))

# The derivative of exp(A) in direction G is the integral over t in [0, 1] of
# exp((1 - t) A) G exp(t A). Q nodes integrate it to rounding error up to the norm below, from
# the bound (Q!)^4 / ((2Q + 1) (2Q)!^3) (2 |A|)^(2Q).
QUADRATURE_32 = tl.constexpr(4)
QUADRATURE_64 = tl.constexpr(5)
QUADRATURE_NORM_32 = tl.constexpr(0.896)
QUADRATURE_NORM_64 = tl.constexpr(0.25)
NODES_32, WEIGHTS_32 = _gauss_legendre(QUADRATURE_32.value)
NODES_64, WEIGHTS_64 = _gauss_legendre(QUADRATURE_64.value)

# Squaring exp(A) starts from a norm below 2^1 (float32) or 2^0 (float64), and together with its
# derivative from below 2^0 or 2^-2, where the derivative is exact. These even degrees serve
# those norms.
START_32 = tl.constexpr(1)
START_64 = tl.constexpr(0)
DEGREE_32 = tl.constexpr(14)
DEGREE_64 = tl.constexpr(18)
PAIR_START_32 = tl.constexpr(0)
PAIR_START_64 = tl.constexpr(-2)
PAIR_DEGREE_32 = tl.constexpr(10)
PAIR_DEGREE_64 = tl.constexpr(12)


@triton.jit
def degree_of(norm, dtype: tl.constexpr):
    """The smallest degree of the table that serves this norm, a scalar."""
    if dtype == tl.float64:
        degree = tl.full((), DEGREES_64[8], tl.int32)
        for place in tl.static_range(7, -1, -1):
            degree = tl.where(norm <= NORMS_64[place], DEGREES_64[place], degree)
    else:
        degree = tl.full((), DEGREES_32[8], tl.int32)
        for place in tl.static_range(7, -1, -1):
            degree = tl.where(norm <= NORMS_32[place], DEGREES_32[place], degree)
    return degree


@triton.jit
def action_steps(norm, dtype: tl.constexpr):
    """Sub-steps of the action alone, for the largest norm of the block."""
    if dtype == tl.float64:
        steps = tl.ceil(norm * (1.0 / NORMS_64[8]))
    else:
        steps = tl.ceil(norm * (1.0 / NORMS_32[8]))
    return tl.maximum(steps, 1.0).to(tl.int32)


@triton.jit
def adjoint_steps(norm, n: tl.constexpr, dtype: tl.constexpr):
    """Sub-steps of action and derivative, for the largest norm of the block."""
    if n <= STORED_UP_TO and dtype == tl.float32:
        steps = tl.ceil(norm * (1.0 / NORMS_32[8]))
    elif dtype == tl.float64:
        steps = tl.ceil(norm * (1.0 / QUADRATURE_NORM_64))
    else:
        steps = tl.ceil(norm * (1.0 / QUADRATURE_NORM_32))
    return tl.maximum(steps, 1.0).to(tl.int32)


@triton.jit
def squared_degree(pair: tl.constexpr, dtype: tl.constexpr):
    """Degree for every norm that squaring starts from, alone or as a pair with its derivative."""
    if dtype == tl.float64:
        return tl.full((), PAIR_DEGREE_64 if pair else DEGREE_64, tl.int32)
    else:
        return tl.full((), PAIR_DEGREE_32 if pair else DEGREE_32, tl.int32)


@triton.jit
def squarings_of(norm, pair: tl.constexpr, dtype: tl.constexpr):
    """How often each norm must be halved before squaring; never more than 130 in float32.

    Read from the exponent's bits: a logarithm would be inexact.
    """
    if dtype == tl.float64:
        exponent = (norm.to(tl.int64, bitcast=True) >> 52).to(tl.int32) - 1023
        return tl.maximum(exponent + 1 - (PAIR_START_64 if pair else START_64), 0)
    else:
        exponent = (norm.to(tl.int32, bitcast=True) >> 23) - 127
        return tl.maximum(exponent + 1 - (PAIR_START_32 if pair else START_32), 0)


@triton.jit
def is_early(turn, dtype: tl.constexpr):
    """Whether this squaring, a scalar, ends at a norm below 2: exp(A) - I is squared so far."""
    if dtype == tl.float64:
        return turn <= -PAIR_START_64
    else:
        return turn <= -PAIR_START_32


@triton.jit
def diagonal_before(turn, dtype: tl.constexpr):
    """1 in the turn in which the squaring of exp(A) - I gives way to that of exp(A), else 0."""
    return tl.where(is_early(turn - 1, dtype) & (is_early(turn, dtype) == 0), 1.0, 0.0)


@triton.jit
def diagonal_after(turns, dtype: tl.constexpr):
    """1 if after so many turns it is still exp(A) - I that is squared, else 0."""
    return tl.where(is_early(turns - 1, dtype), 1.0, 0.0)


@triton.jit
def power_of_half(count, dtype: tl.constexpr):
    """2^-count, exact, for counts of at most 126 (float32) or 1022 (float64)."""
    if dtype == tl.float64:
        return ((1023 - count).to(tl.int64) << 52).to(tl.float64, bitcast=True)
    else:
        return ((127 - count) << 23).to(tl.float32, bitcast=True)


@triton.jit
def half_powers(count, dtype: tl.constexpr):
    """Two normal numbers whose product is 2^-count, which may itself be too small to be one."""
    first = count // 2
    return power_of_half(first, dtype), power_of_half(count - first, dtype)


@triton.jit
def reciprocal(number, dtype: tl.constexpr):
    """1 / number for an integer scalar."""
    return 1.0 / number.to(dtype)


@triton.jit
def node_powers(dtype: tl.constexpr):
    """The quadrature nodes as scalars: the first powers, which the Taylor sums continue."""
    powers = ()
    if dtype == tl.float64:
        for q in tl.static_range(QUADRATURE_64):
            powers = powers + (tl.full((), NODES_64[q], dtype),)
    else:
        for q in tl.static_range(QUADRATURE_32):
            powers = powers + (tl.full((), NODES_32[q], dtype),)
    return powers
