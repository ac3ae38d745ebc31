from __future__ import annotations

from torch import Tensor

from symdisc.fields.trigonometric import Trigonometric


def test_sines_come_before_cosines_of_each_order(points: Tensor) -> None:
    values = Trigonometric(2, 2).values(points)
    assert values[:, 4:6].allclose((2 * points).sin())
    assert values[:, 2:4].allclose(points.cos())
