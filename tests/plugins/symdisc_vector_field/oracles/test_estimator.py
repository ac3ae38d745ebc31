from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from symdisc.errors import OptionError
from symdisc.testing import check_oracle
from symdisc_vector_field.oracles.estimator import Estimator, EstimatorOptions, outputs

RNG = torch.Generator().manual_seed(0)
X = torch.randn(300, 2, generator=RNG)


@pytest.mark.parametrize("name", ["svm", "gaussian-process", "random-forest"])
def test_conformance(name: str) -> None:
    check_oracle(Estimator, {"name": name}, X, X.square().sum(1, keepdim=True))
    check_oracle(Estimator, {"name": name}, X, (X.square().sum(1) > 1).long())


def test_a_smooth_regressor_has_good_derivatives() -> None:
    oracle = Estimator(EstimatorOptions(name="gaussian-process"))
    oracle.fit(X, X[:, :1] * X[:, 1:], RNG)
    inside = X[X.norm(dim=1) < 1].double()
    expected = inside.flip(1)
    assert (oracle.jacobian(inside)[:, 0] - expected).abs().median() < 0.05
    assert oracle.derivatives == "finite differences"


def test_margins_of_several_classes_have_no_steps() -> None:
    labels = (X[:, 0] > -0.5).long() + (X[:, 0] > 0.5).long()
    slopes = []
    for step in (0.01, 0.001):
        oracle = Estimator(EstimatorOptions(step=step))
        oracle.fit(X, labels, torch.Generator().manual_seed(0))
        slopes.append(oracle.jacobian(X.double()))
    torch.testing.assert_close(slopes[0], slopes[1], atol=0.01, rtol=0.01)


def test_what_is_no_estimator_is_refused() -> None:
    with pytest.raises(OptionError, match="object has neither decision_function nor predict"):
        outputs(object(), np.zeros((1, 2)))


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(f"no {name}")

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(OptionError, match=r"no sklearn.svm.*pip install 'symdisc\[datasets\]'"):
        Estimator(EstimatorOptions()).fit(X, X[:, :1], RNG)
