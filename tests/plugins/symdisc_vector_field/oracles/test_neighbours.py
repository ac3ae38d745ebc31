from __future__ import annotations

import pytest
import torch

from symdisc.testing import check_oracle
from symdisc_vector_field.oracles.neighbours import Neighbours, NeighboursOptions

RNG = torch.Generator().manual_seed(0)
X = torch.randn(4000, 2, generator=RNG) * torch.tensor([1.0, 100.0])


def test_conformance() -> None:
    check_oracle(Neighbours)
    check_oracle(Neighbours, {"neighbours": 30}, X, (X[:, 0] > 0).long())


def test_slopes_are_exact_for_a_plane_and_near_for_a_curved_function() -> None:
    oracle = Neighbours(NeighboursOptions())
    a, b = (X.double() / torch.tensor([1.0, 100.0])).T
    oracle.fit(X, torch.stack([2 * a - b, a**2 + b**2], dim=1), RNG)
    points = X[:200].double()
    slopes = oracle.jacobian(points)
    assert slopes[:, 0, 0].tolist() == pytest.approx([2.0] * 200, abs=1e-4)
    assert slopes[:, 0, 1].tolist() == pytest.approx([-0.01] * 200, abs=1e-6)
    assert (slopes[:, 1, 0] - 2 * a[:200]).abs().median() < 0.1
    with pytest.raises(ValueError, match="need targets"):
        oracle.fit(X, None, RNG)
