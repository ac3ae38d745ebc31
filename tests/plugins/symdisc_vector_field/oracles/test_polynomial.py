from __future__ import annotations

import pytest
import torch

from symdisc.testing import check_oracle
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions

RNG = torch.Generator().manual_seed(0)
X = torch.randn(300, 2, generator=RNG)


@pytest.mark.parametrize("degree", [1, 4])
def test_conformance(degree: int) -> None:
    check_oracle(Polynomial, {"fit_degree": degree})


def test_a_polynomial_is_recovered_in_other_units() -> None:
    x = X * torch.tensor([1e-3, 1e4]) + torch.tensor([1.0, 5e4])
    a, b = (x.double() / torch.tensor([1e-3, 1e4])).T
    oracle = Polynomial(PolynomialOptions(fit_degree=3))
    oracle.fit(x, (a**3 - b**2)[:, None], RNG)
    expected = torch.stack([3e3 * a**2, -2e-4 * b], dim=1)
    found = oracle.jacobian(x.double())[:, 0]
    scale = torch.tensor([1e3, 1e-4])
    assert ((found - expected) / scale).abs().max() < 1e-3 * 3e6
    assert oracle.degree == 3


def test_labels_and_rows_that_determine_too_little() -> None:
    labels = (X.square().sum(1) > 1).long()
    check_oracle(Polynomial, {"fit_degree": 2}, X, labels)
    check_oracle(Polynomial, {"fit_degree": 3}, X[:60], labels[:60])
    check_oracle(Polynomial, {}, X, labels)
    line = torch.cat([X[:, :1], X[:, :1]], dim=1)
    check_oracle(Polynomial, {"fit_degree": 2}, line, X[:, :1].square())
    with pytest.raises(ValueError, match="needs targets"):
        Polynomial(PolynomialOptions()).fit(X, None, RNG)


def test_a_ridge_makes_weights_small() -> None:
    sizes = []
    for ridge in (0.0, 10.0):
        oracle = Polynomial(PolynomialOptions(ridge=ridge))
        oracle.fit(X, X[:, :1], RNG)
        sizes.append(float(oracle.jacobian(X.double()).norm()))
    assert sizes[1] < 0.5 * sizes[0]


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_the_degree_is_chosen_once(degree: int) -> None:
    rng = torch.Generator().manual_seed(1)
    y = (X[:, :1] + 0.5 * X[:, 1:]) ** degree
    oracle = Polynomial(PolynomialOptions())
    oracle.fit(X, y + 0.05 * torch.randn(300, 1, generator=rng), rng)
    assert oracle.degree == degree
    oracle.fit(X, X[:, :1] ** 5, rng)
    assert oracle.degree == degree
    few = Polynomial(PolynomialOptions())
    few.fit(X[:6], y[:6], rng)
    assert few.degree == 1
