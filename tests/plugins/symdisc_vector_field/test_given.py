from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.svm import SVR
from torch import Tensor, nn

from symdisc.errors import DataError, OptionError
from symdisc.testing import check_oracle
from symdisc_vector_field.given import discover_in, given_oracle

RNG = np.random.default_rng(0)
X = RNG.normal(size=(1500, 2))


class Radius(nn.Module):
    """|x|² and a weight, in float32."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(N, d)`` to ``(N,)``."""
        return self.weight * x.square().sum(1)


def test_conformance() -> None:
    check_oracle(given_oracle(Radius().double()))
    check_oracle(given_oracle(lambda x: x.sin()))


def test_a_module_and_a_function() -> None:
    for function in (Radius(), lambda x: x.square().sum(1)):
        result = discover_in(function, X, X[:, 0] ** 2 + X[:, 1] ** 2)
        assert result.holds
        turn = result.generators[0] / result.generators[0, 1, 0]
        assert turn.flatten().tolist() == pytest.approx([0, -1, 1, 0], abs=1e-3)


def test_a_fitted_estimator() -> None:
    model = SVR(C=100).fit(X, (X**2).sum(1))
    check_oracle(given_oracle(model), x=torch.from_numpy(X[:200]))
    result = discover_in(model, X, (X**2).sum(1), options={"method.largest": 0.3})
    assert "Derivatives of F are finite differences." in result.notes
    turn = result.generators[0]
    assert abs(float(turn[0, 1] + turn[1, 0])) < 0.2


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x.sum(), "fails on rows of shape|it must give"),
        (lambda x: x.log(), "or a derivative, is not finite on the data"),
        (nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4)), r"as a module does after eval\(\)"),
        (SVR(), "fails on rows of shape .* it must be fitted"),
    ],
)
def test_functions_that_are_of_no_use(function: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        discover_in(function, X)


def test_what_is_no_function() -> None:
    with pytest.raises(OptionError, match="Linear is a class; give one of its objects"):
        discover_in(nn.Linear, X)
    with pytest.raises(OptionError, match=r"str has no predict\(\); give a torch module"):
        discover_in("net", X)
