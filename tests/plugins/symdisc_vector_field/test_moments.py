from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.reading import library
from symdisc.representations import Representation
from symdisc_vector_field.extended import Extended, Output
from symdisc_vector_field.moments import Scales, moments
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions

RNG = torch.Generator().manual_seed(0)
X = torch.randn(500, 2, generator=RNG)


def _oracle(y: Tensor) -> Polynomial:
    oracle = Polynomial(PolynomialOptions(fit_degree=2))
    oracle.fit(X, y, RNG)
    return oracle


@pytest.mark.parametrize(("output", "columns"), [("as-data", 1), ("free", 2)])
def test_portions_add_up_to_the_whole(output: Output, columns: int) -> None:
    y = torch.stack([X.square().sum(1), X[:, 0] * X[:, 1]], dim=1)[:, :columns]
    oracle = _oracle(y)
    extended = Extended(library("affine", 2), Representation.vector(2), None, output, columns)
    scales = Scales.of(oracle, X)
    whole = moments(extended, oracle, [X], scales)
    parts = moments(extended, oracle, [X[:77], X[77:300], X[300:]], scales)
    assert parts.n_rows == whole.n_rows == 500
    torch.testing.assert_close(parts.square, whole.square)
    torch.testing.assert_close(parts.size, whole.size)
    rows = extended.rows(X.double(), oracle.jacobian(X.double()), oracle.value(X.double()))
    flat = (rows / scales.rows[:, None]).flatten(0, 1)
    torch.testing.assert_close(whole.square, flat.T @ flat / 500)


def test_rows_that_count_twice_are_there_twice() -> None:
    oracle = _oracle(X.square().sum(1, keepdim=True))
    extended = Extended(library("affine", 2), Representation.vector(2), None, "free", 1)
    scales = Scales.of(oracle, X)
    weights = torch.ones(500, dtype=torch.float64)
    weights[:100] = 2
    found = moments(extended, oracle, [X[:50], X[50:]], scales, weights)
    twice = moments(extended, oracle, [torch.cat([X[:100], X])], scales)
    torch.testing.assert_close(found.square * 500, twice.square * 600)
    torch.testing.assert_close(found.size * 500, twice.size * 600)


def test_coordinates_and_values_that_do_not_vary_do_not_count() -> None:
    y = torch.stack([X.square().sum(1), torch.ones(500)], dim=1)
    scales = Scales.of(_oracle(y), X)
    assert scales.values[1] == torch.inf or scales.values[1] < 1e-6
    with pytest.raises(DataError, match="the oracle is the same for all rows"):
        Scales.of(_oracle(torch.zeros(500, 1)), X)
