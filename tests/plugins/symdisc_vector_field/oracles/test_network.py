from __future__ import annotations

import pytest
import torch

from symdisc.testing import check_oracle
from symdisc_vector_field.oracles.network import Network, NetworkOptions

RNG = torch.Generator().manual_seed(0)
X = torch.randn(1000, 2, generator=RNG)


def test_conformance() -> None:
    check_oracle(Network, {"epochs": 2})
    check_oracle(Network, {"epochs": 2, "depth": 1}, X, (X[:, 0] > 0).long())


def test_it_learns_a_function_and_its_derivatives() -> None:
    oracle = Network(NetworkOptions(epochs=100))
    oracle.fit(X, 50 * X.square().sum(1, keepdim=True) + 100, RNG)
    inside = X[X.norm(dim=1) < 1.5].double()
    error = oracle.jacobian(inside)[:, 0] - 100 * inside
    assert error.norm() / (100 * inside).norm() < 0.1
    with pytest.raises(ValueError, match="needs targets"):
        oracle.fit(X, None, RNG)


@pytest.mark.parametrize("rows", [1, 128, 1280])
def test_few_steps_are_a_cycle_as_well(rows: int) -> None:
    oracle = Network(NetworkOptions(epochs=1))
    x = torch.randn(rows, 2, generator=RNG)
    oracle.fit(x, x[:, :1], RNG)
    assert bool(oracle.value(x.double()).isfinite().all())
