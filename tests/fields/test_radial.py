from __future__ import annotations

from torch import Tensor

from symdisc.fields.radial import Radial


def test_a_width_is_that_of_a_normal_law(points: Tensor) -> None:
    values = Radial(2, (0.5, 2.0)).values(points)
    assert values[:, 1].allclose((-points.square().sum(1) / 8).exp())
