from __future__ import annotations

import pytest
import torch

from symdisc.testing import check_oracle
from symdisc_vector_field.oracles.density import Density, DensityOptions


def test_conformance() -> None:
    check_oracle(Density)


def test_it_is_the_density_of_a_normal_law() -> None:
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(20_000, 2, generator=rng) * torch.tensor([1.0, 10.0])
    oracle = Density(DensityOptions(max_rows=20_000))
    oracle.fit(x, None, rng)
    points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 10.0]], dtype=torch.float64)
    values = oracle.value(points)[:, 0]
    assert (values / values[0]).tolist() == pytest.approx([1, 0.61, 0.61], abs=0.06)
    slopes = oracle.jacobian(points)[1, 0] / values[0]
    assert slopes.tolist() == pytest.approx([-0.61, 0], abs=0.1)
