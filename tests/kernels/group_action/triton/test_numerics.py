"""Degrees, quadrature and scalings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from symdisc_kernels.group_action.triton import numerics

_TABLES = {
    torch.float32: (numerics.DEGREES_32.value, numerics.NORMS_32.value, 2.0**-24),
    torch.float64: (numerics.DEGREES_64.value, numerics.NORMS_64.value, 2.0**-53),
}


@pytest.mark.parametrize("dtype", _TABLES)
def test_taylor_remainder_is_below_rounding_at_the_norm_of_each_degree(dtype: torch.dtype) -> None:
    degrees, norms, unit = _TABLES[dtype]
    for degree, norm in zip(degrees, norms, strict=True):
        remainder = sum(norm**j / math.factorial(j) for j in range(degree + 1, degree + 30))
        # The table bounds the backward error: remainder of exp relative to the norm.
        assert remainder / norm <= 1.2 * unit * math.exp(norm)


def test_stored_terms_leave_the_derivative_below_rounding() -> None:
    degrees, norms, unit = _TABLES[torch.float32]
    stored = numerics.STORED.value
    # The norm that squaring starts from has a degree of its own.
    served = [*zip(degrees, norms, strict=True), (numerics.PAIR_DEGREE_32.value, 1.0)]
    for degree, norm in served:
        terms = next((m for m in stored[:-1] if degree < m), stored[-1])
        remainder = sum(norm ** (j - 1) / math.factorial(j - 1) for j in range(terms + 1, 40))
        assert remainder <= unit * math.exp(norm)
    # As many coefficients as terms, and all degrees are written out.
    assert len(numerics.INVERSE_FACTORIALS.value) == stored[-1] + 1
    assert numerics.HIGHEST_32.value == degrees[-1]
    assert numerics.HIGHEST_64.value == numerics.DEGREES_64.value[-1]


def test_tables_grow() -> None:
    for degrees, norms, _ in _TABLES.values():
        assert list(degrees) == sorted(set(degrees))
        assert list(norms) == sorted(set(norms))
        assert len(degrees) == len(norms) == 9


@pytest.mark.parametrize(
    ("nodes", "weights", "norm", "unit"),
    [
        (numerics.NODES_32, numerics.WEIGHTS_32, 1.0, 2.0**-24),
        (numerics.NODES_64, numerics.WEIGHTS_64, 0.25, 2.0**-53),
    ],
)
def test_quadrature_integrates_exponentials(
    nodes: Any, weights: Any, norm: float, unit: float
) -> None:
    points, shares = np.array(nodes.value), np.array(weights.value)
    assert np.allclose(points, 1 - points[::-1])
    for low in (-norm, 0.0, norm):
        # exp((1 - t) low) exp(t high), the extreme of what is integrated for that norm.
        high = -norm
        exact = math.exp(low) if low == high else (math.exp(high) - math.exp(low)) / (high - low)
        found = float(shares @ np.exp((1 - points) * low + points * high))
        assert abs(found - exact) <= 4 * unit * exact


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_norms_become_degrees_steps_and_halvings(
    dtype: torch.dtype, interpreted: Callable[..., Any]
) -> None:
    largest = torch.finfo(dtype).max
    small = torch.finfo(dtype).tiny / 4  # below the normal numbers
    norms = torch.tensor([0.0, small, 1e-3, 0.24, 0.99, 1.6, 50.0, largest], dtype=dtype)
    halvings, pair_halvings, halved, degrees, *steps = interpreted("scalings", norms)
    start, pair_start = (2.0, 1.0) if dtype == torch.float32 else (1.0, 0.25)
    assert (halved < start).all()
    assert (halved[halvings > 0] >= start / 2).all()
    extra = math.log2(start / pair_start)
    assert torch.equal(pair_halvings[norms >= start], halvings[norms >= start] + extra)
    assert not pair_halvings[norms < pair_start].any()
    assert halvings[-1] == (127 if dtype == torch.float32 else 1024)
    table = _TABLES[dtype]
    for norm, degree in zip(norms.tolist(), degrees.tolist(), strict=True):
        fitting = [m for m, theta in zip(*table[:2], strict=True) if norm <= theta]
        assert degree == (fitting or [table[0][-1]])[0]
    # Of the action, of the adjoint over stored terms, and of that by a quadrature.
    lengths = (1.7, 1.7, 0.896) if dtype == torch.float32 else (1.8, 0.25, 0.25)
    for length, counts in zip(lengths, steps, strict=True):
        for norm, count in zip(norms[:-1], counts, strict=False):
            assert count == max(1, math.ceil(float(norm) / length - 1e-6))


@pytest.mark.parametrize(("dtype", "early"), [(torch.float32, 1), (torch.float64, 3)])
def test_identity_is_added_once(
    dtype: torch.dtype, early: int, interpreted: Callable[..., Any]
) -> None:
    before, after = interpreted("diagonals", 6, dtype)
    for turns in range(6):
        added = before[:turns].sum() + after[turns]
        assert added == 1
    assert before.tolist() == [float(turn == early) for turn in range(6)]
