from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.flow import flow
from symdisc.fields.reading import library
from symdisc.fields.straightening import flow_time
from symdisc.fields.vector_fields import VectorFields


@pytest.mark.parametrize(
    ("matrix", "period"),
    [
        ([[0.0, -4, 4], [1, 0, -1]], 2 * math.pi / 2),
        ([[0.5, 0, 1], [0, 0.2, 0]], math.inf),
    ],
)
def test_it_grows_as_time_does(matrix: list[list[float]], period: float, points: Tensor) -> None:
    rows = torch.tensor(matrix, dtype=torch.float64)
    field = VectorFields(library("affine", 2), torch.stack([rows[:, 2], *rows[:, :2].T])[None])
    step = torch.full((300, 1), 0.3, dtype=torch.float64)
    later = flow(field, step, points[:, None])[:, 0]
    change = flow_time(field, later) - flow_time(field, points)
    if math.isfinite(period):
        change = change % period
    torch.testing.assert_close(change, step[:, 0])


def test_other_fields_have_none(turn: VectorFields, cusp: VectorFields, points: Tensor) -> None:
    with pytest.raises(DataError, match=r"one affine field; got 1 in polynomial\(2\)"):
        flow_time(cusp, points)
    shift = torch.zeros(1, 6, 2, dtype=torch.float64)
    shift[0, 0, 0] = 1
    with pytest.raises(DataError, match="neither turns nor scales"):
        flow_time(VectorFields(turn.library, shift), points)
