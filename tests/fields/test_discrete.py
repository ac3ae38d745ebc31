from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.discrete import discrete_symmetries


def _turned(angle: float, x: Tensor) -> Tensor:
    c, s = math.cos(angle), math.sin(angle)
    turned: Tensor = x @ torch.tensor([[c, s], [-s, c]], dtype=torch.float64)
    return turned


def _fold(order: int, x: Tensor) -> Tensor:
    values: Tensor = (order * torch.atan2(x[:, 1], x[:, 0])).cos() + 0.1 * x.norm(dim=1)
    return values[:, None]


@pytest.mark.parametrize("order", [2, 3, 7])
def test_turns_by_a_fraction_of_a_whole_one(points: Tensor, order: int) -> None:
    angles = torch.linspace(0, 2 * math.pi, 200, dtype=torch.float64)
    found = discrete_symmetries(lambda x: _fold(order, x), _turned, points, angles)
    expected = [2 * math.pi * k / order for k in range(1, order)]
    assert found.parameters == pytest.approx(expected, abs=1e-3)
    assert max(found.ratios) < 1e-3
    assert found.order(2 * math.pi) == order
    assert found.step == pytest.approx(2 * math.pi / order, abs=1e-4)


def test_none(points: Tensor) -> None:
    angles = torch.linspace(0, 2 * math.pi, 100, dtype=torch.float64)
    found = discrete_symmetries(lambda x: x[:, :1], _turned, points, angles)
    assert found.parameters == ()
    assert found.order(2 * math.pi) is None
    assert found.step is None


def test_what_cannot_be_scanned(points: Tensor) -> None:
    with pytest.raises(DataError, match="at least 5 parameters; got 3"):
        discrete_symmetries(lambda x: x, _turned, points, torch.zeros(3).double())
    with pytest.raises(DataError, match="the function is the same at all points"):
        discrete_symmetries(lambda x: 0 * x, _turned, points, torch.linspace(0, 1, 9).double())


def test_parameters_and_functions_that_do_not_fit(points: Tensor) -> None:
    for parameters in (torch.linspace(1, 6, 20), torch.linspace(0, -6, 20)):
        with pytest.raises(DataError, match="parameters must ascend from 0"):
            discrete_symmetries(lambda x: _fold(3, x), _turned, points, parameters.double())
    with pytest.raises(DataError, match="the function is not finite at all points"):
        discrete_symmetries(
            lambda x: _fold(3, x) * math.nan, _turned, points, torch.linspace(0, 6, 20).double()
        )
