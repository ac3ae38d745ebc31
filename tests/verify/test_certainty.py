from __future__ import annotations

import pytest
import torch

from symdisc.data.pairs import Pairs
from symdisc.representations import Representation
from symdisc.verify.certainty import MOST_ROWS, row_weights
from symdisc_vector_field.oracles.neighbours import Neighbours, NeighboursOptions
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions

RNG = torch.Generator().manual_seed(0)
X = torch.randn(800, 2, generator=RNG)
Y = X.square().sum(1, keepdim=True) + 0.2 * torch.randn(800, 1, generator=RNG)
PAIRS = Pairs(X, Y, Representation.vector(2))


def test_rows_at_the_rim_count_less() -> None:
    oracle = Polynomial(PolynomialOptions(fit_degree=4))
    oracle.fit(X, Y, RNG)
    weights = row_weights(oracle, PAIRS, RNG)
    assert weights is not None
    assert weights.mean() == pytest.approx(1)
    far, near = X.norm(dim=1) > 2, X.norm(dim=1) < 1
    assert weights[far].mean() < 0.5 * weights[near].mean()


def test_where_all_count_alike() -> None:
    slow = Neighbours(NeighboursOptions())
    slow.fit(X, Y, RNG)
    assert row_weights(slow, PAIRS, RNG) is None
    oracle = Polynomial(PolynomialOptions(fit_degree=1))
    oracle.fit(X, torch.zeros(800, 1), RNG)
    assert row_weights(oracle, Pairs(X, torch.zeros(800, 1), PAIRS.representation), RNG) is None
    many = torch.zeros(MOST_ROWS + 1, 2)
    assert row_weights(oracle, Pairs(many, None, PAIRS.representation), RNG) is None
