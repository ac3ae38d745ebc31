from __future__ import annotations

import math

import pytest
import torch

from symdisc.algebra.spans import (
    RANK_TOLERANCE,
    cosine,
    largest_angle,
    numerical_rank,
    orthonormal_basis,
    principal_angles,
    unit_scaled,
)

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
STRETCH = torch.eye(2, dtype=torch.float64)
BOOST = torch.tensor([[0.0, 1.0], [1.0, 0.0]], dtype=torch.float64)


def test_unit_scaled_keeps_zero() -> None:
    scaled = unit_scaled(torch.stack([3 * TURN, 0 * TURN]))
    assert torch.linalg.matrix_norm(scaled).tolist() == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_orthonormal_basis_spans_the_same(dtype: torch.dtype) -> None:
    generators = torch.stack([TURN, TURN + 0.5 * STRETCH, 1e3 * BOOST]).to(dtype)
    basis = orthonormal_basis(generators)
    flat = basis.flatten(1)
    assert basis.dtype == torch.float64
    assert torch.allclose(flat @ flat.T, torch.eye(3, dtype=torch.float64), atol=1e-12)
    rows = generators.double().flatten(1)
    assert torch.allclose(rows @ flat.T @ flat, rows, atol=1e-4)


@pytest.mark.parametrize(
    ("size", "rank"), [(0.0, 1), (0.3 * RANK_TOLERANCE, 1), (4 * RANK_TOLERANCE, 2)]
)
def test_rank_follows_the_stated_tolerance(size: float, rank: int) -> None:
    assert numerical_rank(torch.stack([TURN, TURN + size * STRETCH])) == rank


def test_rank_does_not_depend_on_scale_and_zero_has_none() -> None:
    assert numerical_rank(torch.stack([TURN, 1e-6 * STRETCH])) == 2
    assert numerical_rank(torch.zeros(2, 3, 3)) == 0
    assert numerical_rank(torch.zeros(0, 3, 3)) == 0


@pytest.mark.parametrize("degrees", [1e-5, 10.0, 80.0])
def test_principal_angle_of_lines(degrees: float) -> None:
    angle = math.radians(degrees)
    line = math.cos(angle) * TURN + math.sin(angle) * STRETCH
    assert float(principal_angles(TURN[None], -2 * line[None])[0]) == pytest.approx(degrees)


def test_principal_angles_of_planes_are_ascending() -> None:
    angles = principal_angles(torch.stack([TURN, STRETCH]), torch.stack([STRETCH, TURN + BOOST]))
    assert angles.tolist() == pytest.approx([0.0, 45.0], abs=1e-6)


def test_largest_angle_has_a_direction() -> None:
    both = torch.stack([TURN, STRETCH])
    assert largest_angle(TURN[None], both) == pytest.approx(0.0, abs=1e-6)
    assert largest_angle(both, TURN[None]) == 90.0


def test_cosine() -> None:
    assert cosine(TURN, -3 * TURN) == pytest.approx(1.0)
    assert cosine(TURN, STRETCH) == 0.0
    assert cosine(TURN, TURN + STRETCH) == pytest.approx(math.sqrt(0.5))
    assert cosine(TURN, 0 * TURN) == 0.0
    assert cosine(TURN, math.nan * TURN) == 0.0
