"""Vector fields of a result on rows that its run never saw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from symdisc import SymmetryResult, default_host, discover
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


def test_how_targets_moved_must_be_known(result: SymmetryResult, tmp_path: Path) -> None:
    np.savez(tmp_path / "good.npz", x=X[:300], y=Y[:300, None])
    options = {**result.config["options"], "method": {"output": "free"}}
    free = replace(result, config={**result.config, "options": options})
    with pytest.raises(DataError, match="how the targets of this result move is not kept"):
        Retest(tmp_path / "good.npz").test(default_host(), free)
