from __future__ import annotations

import numpy as np
import pytest
import torch

from symdisc import SymmetryResult, discover
from symdisc.errors import DataError, OptionError
from symdisc.result_invariants import state_fields, state_invariants

RNG = np.random.default_rng(0)
X = RNG.normal(size=(1500, 4))
INNER = X[:, 0] * X[:, 2] + X[:, 1] * X[:, 3]
WEDGE = X[:, 0] * X[:, 3] - X[:, 1] * X[:, 2]


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    """A turn of two vectors of a plane together."""
    targets = np.stack([INNER, WEDGE], axis=1)
    return discover(X, targets, method="vector-field", representation="2*V2")


def test_lengths_and_products_of_vectors_stay(result: SymmetryResult) -> None:
    assert len(result.generators) == 1
    found = result.invariants(X)
    assert found.shape == (1500, 4)
    moved = result.invariants(result.transform(X, 0.8))
    np.testing.assert_allclose(moved, found, atol=1e-3)
    known = np.stack([INNER, WEDGE, (X[:, :2] ** 2).sum(1), (X[:, 2:] ** 2).sum(1)], axis=1)
    both = np.hstack([found, known, np.ones((1500, 1))])
    assert np.linalg.matrix_rank(both, tol=1e-2 * np.linalg.norm(both)) == 5
    assert state_fields(result).size == 4


def test_features_are_the_same_for_every_array(result: SymmetryResult) -> None:
    alone = result.invariants(torch.from_numpy(X[:3]))
    assert isinstance(alone, torch.Tensor)
    np.testing.assert_allclose(alone.numpy(), result.invariants(X)[:3])
    assert len(state_invariants(result, "linear")) == 0


def test_what_has_no_invariants_is_told(result: SymmetryResult) -> None:
    with pytest.raises(DataError, match=r"states have shape \(\.\.\., 4\)"):
        result.invariants(X[:, :3])
    with pytest.raises(OptionError, match="is not known"):
        result.invariants(X, "lineer")
