"""Results with vector fields: what they do and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from symdisc import SymmetryResult, discover, load
from symdisc.errors import DataError
from symdisc.report.words import defect_explained, power_explained

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2000, 3)) + np.array([0.5, 0.0, 0.0])
Y = (X[:, 0] - 0.5) ** 2 + X[:, 1] ** 2 + X[:, 2] ** 2


def _value(x: np.ndarray) -> np.ndarray:
    return np.asarray((x[..., 0] - 0.5) ** 2 + x[..., 1] ** 2 + x[..., 2] ** 2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fields") / "run"
    noisy = Y + 0.05 * RNG.normal(size=2000)
    discover(
        X,
        noisy,
        method="vector-field",
        library="affine",
        options={"oracle.fit_degree": 4},
        out=path,
    )
    return path


@pytest.fixture(scope="module")
def result(run: Path) -> SymmetryResult:
    return load(run)


def test_three_turns_about_a_centre(result: SymmetryResult) -> None:
    assert result.fields is not None
    assert len(result.fields) == 3
    assert result.holds
    assert result.group == "the flow of 3 vector fields in affine"
    within = r"brackets of the fields lie in their span within 0\.\d+ % of their size"
    assert re.fullmatch(within, result.evidence)
    assert str(result.algebra) == "so(3) ≅ su(2)"


def test_it_acts_by_its_flow(result: SymmetryResult) -> None:
    moved = result.transform(X, [0.4, -0.3, 0.2])
    np.testing.assert_allclose(_value(moved), _value(X), atol=0.3, rtol=0.05)
    assert np.abs(moved - X).mean() > 0.05
    augmented, same = result.augment(X, Y, scale=0.3)
    assert same is Y
    assert _value(augmented) == pytest.approx(Y, abs=0.5, rel=0.1)
    orbit = result.orbit(X[0], generator=1)
    assert orbit.shape == (201, 3)
    assert result.transform(X[0], [0.1, 0, 0]).shape == (3,)
    assert result.invariants(X).shape == (2000, 1)
    assert len(result.vector_field()) == 3


def test_what_only_matrices_have_is_refused(result: SymmetryResult) -> None:
    for what, call in (
        ("quadratic form", result.invariant_form),
        ("angle to true generators", result.angle_to_truth),
        ("cosine with a true generator", result.cosine_to_truth),
    ):
        with pytest.raises(DataError, match=f"there is no {what}: the group acts by the flow"):
            call()


def test_it_is_written_about(result: SymmetryResult, run: Path) -> None:
    assert result.generator_text().startswith("X_1 = ")
    assert "∂/∂x1" in result._repr_html_()
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "A field X moves a state along its flow" in page
    assert "mean square of X(F)" in defect_explained(result.defects[0])
    assert power_explained(result) == ""
