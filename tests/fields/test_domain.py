from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.domain import box, largest_field_angle, similarity
from symdisc.fields.vector_fields import VectorFields


def test_similarity_and_angle(turn: VectorFields, cusp: VectorFields, points: Tensor) -> None:
    assert similarity(turn, turn.along(torch.tensor([[-3.0]])), points) == pytest.approx(1)
    value = similarity(turn, cusp, points)
    assert value < 0.9
    angle = largest_field_angle(turn, cusp, points)
    assert torch.cos(torch.tensor(angle).deg2rad()) == pytest.approx(value, abs=1e-6)
    both = VectorFields(turn.library, torch.cat([turn.coefficients, cusp.coefficients]))
    assert largest_field_angle(turn, both, points) == pytest.approx(0, abs=1e-5)
    assert largest_field_angle(both, turn, points) == 90
    assert similarity(turn, turn.along(torch.zeros(1, 1)), points) == 0
    with pytest.raises(DataError, match="got 2 and 1; use largest_field_angle"):
        similarity(both, turn, points)


def test_points_of_a_box(points: Tensor) -> None:
    drawn = box(points, 5000, torch.Generator().manual_seed(0))
    assert bool((drawn.min(0).values >= points.min(0).values).all())
    assert drawn.max(0).values.tolist() == pytest.approx(points.max(0).values.tolist(), abs=0.02)


def test_fields_without_an_angle(turn: VectorFields, points: Tensor) -> None:
    still = VectorFields(turn.library, torch.zeros_like(turn.coefficients))
    with pytest.raises(DataError, match="zero or depend on each other at the points"):
        largest_field_angle(still, turn, points)
    with pytest.raises(DataError, match="there are no points"):
        largest_field_angle(turn, turn, points[:0])
