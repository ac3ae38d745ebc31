from __future__ import annotations

from torch import Tensor

from symdisc.fields.exponential import Exponential


def test_one_function_a_coordinate(points: Tensor) -> None:
    functions = Exponential(2)
    assert len(functions) == 2
    assert functions.values(points).log().allclose(points)
