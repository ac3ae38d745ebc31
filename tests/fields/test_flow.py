from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.flow import flow
from symdisc.fields.vector_fields import VectorFields


def _times(value: float, points: Tensor) -> Tensor:
    return torch.full((len(points), 1), value, dtype=torch.float64)


def test_affine_fields_move_by_their_exponential(turn: VectorFields, points: Tensor) -> None:
    moved = flow(turn, _times(0.7, points), points[:, None])[:, 0]
    element = torch.tensor([[0.0, -0.7], [0.7, 0.0]], dtype=torch.float64).matrix_exp()
    torch.testing.assert_close(moved, points @ element.T)


def test_other_fields_keep_their_invariant(cusp: VectorFields, points: Tensor) -> None:
    moved = flow(cusp, _times(0.02, points), points[:, None])[:, 0]
    before, after = (x[:, 0] ** 3 - x[:, 1] ** 2 for x in (points, moved))
    assert (after - before).abs().max() < 1e-7
    assert (moved - points).norm(dim=1).median() > 0.02
    back = flow(cusp, _times(-0.02, points), moved[:, None])[:, 0]
    torch.testing.assert_close(back, points, atol=1e-7, rtol=1e-7)


def test_points_of_a_row_share_their_coefficients(
    turn: VectorFields, cusp: VectorFields, points: Tensor
) -> None:
    both = VectorFields(turn.library, torch.cat([turn.coefficients, cusp.coefficients]))
    rows = points.reshape(150, 2, 2)
    z = torch.zeros(150, 2, dtype=torch.float64)
    z[:75, 0] = 0.3
    moved = flow(both, z, rows)
    assert torch.equal(moved[75:], rows[75:])
    torch.testing.assert_close(moved[:75], flow(turn, z[:75, :1], rows[:75]), atol=1e-7, rtol=1e-6)
    assert flow(both, z[:0], rows[:0]).shape == (0, 2, 2)


def test_points_that_run_off_are_told(cusp: VectorFields, points: Tensor) -> None:
    with pytest.raises(DataError, match="run off to infinity at"):
        flow(cusp, _times(50, points), points[:, None])
