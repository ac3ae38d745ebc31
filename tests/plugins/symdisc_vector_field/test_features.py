from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

from symdisc.errors import DataError, OptionError
from symdisc_vector_field.features import InvariantFeatures

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2000, 2))
Y = X[:, 0] ** 2 + 4 * X[:, 1] ** 2


def test_the_invariant_is_what_a_linear_model_needs() -> None:
    raw = LinearRegression().fit(X[:1500], Y[:1500]).score(X[1500:], Y[1500:])
    pipeline = make_pipeline(InvariantFeatures(), LinearRegression()).fit(X[:1500], Y[:1500])
    assert raw < 0.1
    assert pipeline.score(X[1500:], Y[1500:]) > 0.999


def test_parameters_and_columns() -> None:
    features = InvariantFeatures(keep=True, options={"oracle.fit_degree": 2})
    copied = clone(features.set_params(library="polynomial(3)"))
    found = copied.fit(X, Y).transform(X[:7])
    assert found.shape[0] == 7
    np.testing.assert_array_equal(found[:, :2], X[:7])
    assert copied.n_features_in_ == 2
    assert not hasattr(features, "result_")


def test_without_a_symmetry_there_are_no_features() -> None:
    with pytest.raises(DataError, match="there is nothing to make features of: no symmetry"):
        InvariantFeatures().fit(X, X[:, 0] + X[:, 1] ** 3)
    with pytest.raises(DataError, match="no function of the library 'linear' is left unchanged"):
        InvariantFeatures(library="linear").fit(X, Y)


def test_a_law_without_targets() -> None:
    options = {"oracle": "density", "method.largest": 0.3, "method.defect": 0.3}
    features = InvariantFeatures(supervised=False, options={**options, "verify.confirmed": 0.5})
    found = features.fit(X, Y).transform(X)
    assert np.abs(np.corrcoef(found[:, 0], (X**2).sum(1))[0, 1]) > 0.98


def test_input_is_checked() -> None:
    with pytest.raises(ValueError, match="Expected 2D array, got 1D array"):
        InvariantFeatures().fit(X[:, 0], Y)
    with pytest.raises(OptionError, match="'cubes' in library 'cubes' is not known"):
        InvariantFeatures(library="cubes").fit(X, Y)
    with pytest.raises(NotFittedError):
        InvariantFeatures().transform(X)
    fitted = InvariantFeatures().fit(X, Y)
    with pytest.raises(ValueError, match="X has 1 features, but InvariantFeatures is expecting 2"):
        fitted.transform(X[:, :1])
    with pytest.raises(ValueError, match="contains NaN"):
        fitted.transform(X * np.nan)
