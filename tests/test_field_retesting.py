"""Vector fields of a result on rows that its run never saw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from symdisc import SymmetryResult, default_host, discover, load
from symdisc.errors import DataError
from symdisc.retesting import Retest

RNG = np.random.default_rng(0)
X = RNG.normal(size=(1500, 2))
Y = X[:, 0] ** 2 + 4 * X[:, 1] ** 2


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    return discover(X, Y, method="vector-field", library="affine")


@pytest.mark.parametrize("oracle", ["polynomial", "network"])
def test_the_function_is_fitted_to_the_new_rows(
    result: SymmetryResult, tmp_path: Path, oracle: str
) -> None:
    options = {**result.config["options"], "oracle": {}}
    again = replace(result, config={**result.config, "oracle": oracle, "options": options})
    x = np.random.default_rng(1).normal(size=(1000, 2))
    np.savez(tmp_path / "good.npz", x=x, y=x[:, :1] ** 2 + 4 * x[:, 1:] ** 2)
    np.savez(tmp_path / "other.npz", x=x, y=x[:, :1] ** 3 + 2 * x[:, 1:])
    good = Retest(tmp_path / "good.npz").test(default_host(), again)
    assert good.holds
    assert good.defects[0].statement == "field"
    assert good.defects[0].n_rows == (1000 if oracle == "polynomial" else 500)
    assert not Retest(tmp_path / "other.npz").test(default_host(), again).holds


def test_matrices_are_tested_by_both_statements_again(tmp_path: Path) -> None:
    result = discover(X, Y, method="vector-field", out=tmp_path / "run")
    assert result.fields is None
    x = np.random.default_rng(1).normal(size=(1000, 2))
    np.savez(tmp_path / "good.npz", x=x, y=x[:, :1] ** 2 + 4 * x[:, 1:] ** 2)
    np.savez(tmp_path / "other.npz", x=x, y=x[:, :1] ** 3 + 2 * x[:, 1:])
    for name, holds in (("good", True), ("other", False)):
        tested = Retest(tmp_path / f"{name}.npz").test(default_host(), load(tmp_path / "run"))
        assert tested.verification is not None
        assert tested.verification.beside is not None
        statements = {
            one.defects[0].statement for one in (tested.verification, tested.verification.beside)
        }
        assert statements == {"field", "conditional"}
        assert tested.holds == holds


def test_matrices_of_the_targets_are_kept(tmp_path: Path) -> None:
    """Squares of a vector move by a matrix of their own where the vector turns."""
    x = np.random.default_rng(1).normal(size=(1500, 2))
    y = np.stack([x[:, 0] ** 2 - x[:, 1] ** 2, 2 * x[:, 0] * x[:, 1]], axis=1)
    np.savez(tmp_path / "run.npz", x=x, y=y)
    result = discover(
        tmp_path / "run.npz",
        method="vector-field",
        options={"method.output": "free", "oracle.fit_degree": 2},
        out=tmp_path / "run",
    )
    assert result.holds
    again = load(tmp_path / "run")
    assert again.target_generators is not None
    assert Retest().test(default_host(), again).holds
    moved, targets = again.augment(x, y, scale=0.3)
    expected = np.stack([moved[:, 0] ** 2 - moved[:, 1] ** 2, 2 * moved[:, 0] * moved[:, 1]], 1)
    np.testing.assert_allclose(targets, expected, atol=1e-3)
    with pytest.raises(DataError, match=r"y has shape \(1500, 3\); the matrices .* need \(N, 2\)"):
        again.augment(x, np.zeros((1500, 3)))


def test_a_function_of_python_is_not_kept(result: SymmetryResult, tmp_path: Path) -> None:
    np.savez(tmp_path / "good.npz", x=X[:300], y=Y[:300, None])
    given = replace(result, config={**result.config, "oracle": "given:given"})
    with pytest.raises(DataError, match="was given in Python and is not kept; in Python, give it"):
        Retest(tmp_path / "good.npz").test(default_host(), given)


def test_how_targets_moved_must_be_known(result: SymmetryResult, tmp_path: Path) -> None:
    np.savez(tmp_path / "good.npz", x=X[:300], y=Y[:300, None])
    options = {**result.config["options"], "method": {"output": "free"}}
    free = replace(result, config={**result.config, "options": options})
    with pytest.raises(DataError, match="did not keep how the targets move; run it"):
        Retest(tmp_path / "good.npz").test(default_host(), free)
