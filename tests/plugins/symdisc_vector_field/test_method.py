from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from symdisc import discover, load
from symdisc.component_check import interface_problems
from symdisc.errors import OptionError
from symdisc.interfaces import Method
from symdisc.testing import check_method
from symdisc_vector_field.method import LieGG, LieSD, Shaw, VectorField

RNG = np.random.default_rng(0)
X = RNG.normal(0, 2, size=(2000, 2))
CUSP = X[:, 0] ** 3 - X[:, 1] ** 2 + RNG.normal(0, 1, size=2000)


@pytest.mark.parametrize("method", [VectorField, Shaw, LieGG, LieSD])
def test_the_classes_are_methods(method: type[Method]) -> None:
    assert interface_problems("method", method) == []
    assert "default" in method.presets


@pytest.mark.slow
def test_conformance() -> None:
    check_method(VectorField, {"oracle": "network"}, seeds=1)


def test_a_field_that_is_not_affine() -> None:
    result = discover(
        X, CUSP, method="vector-field", preset="polynomial", options={"oracle.fit_degree": 3}
    )
    assert result.holds
    assert result.fields is not None
    assert result.defects[0].statement == "field"
    assert any("holds by construction" in note for note in result.notes)
    assert "x1**2" in result.generator_text()


def test_each_published_method_runs_under_its_name() -> None:
    shaw = discover(X, CUSP, method="shaw", options={"oracle.fit_degree": 3})
    assert shaw.fields is not None
    turned = (X**2).sum(1)
    for name in ("liegg", "liesd"):
        result = discover(X, turned, method=name, options={"oracle.epochs": 10, "oracle.width": 32})
        assert result.config["method"] == name
        assert "citation" in result.provenance


def test_a_function_without_the_symmetry_that_is_asked_for() -> None:
    result = discover(X, CUSP, method="vector-field", options={"oracle.fit_degree": 3})
    assert not result.holds
    assert result.verification is not None
    assert result.summary().startswith("no symmetry")


def test_fields_keep_their_own_units() -> None:
    with pytest.raises(OptionError, match=r"data.standardise = 'scale': the functions of vector"):
        discover(X, CUSP, method="vector-field", library="affine", standardise="scale")


def test_results_come_back(tmp_path: object) -> None:
    result = discover(
        X,
        CUSP,
        method="vector-field",
        library="polynomial(2)",
        options={"oracle.fit_degree": 3},
        out=f"{tmp_path}/run",
    )
    again = load(f"{tmp_path}/run")
    assert again.fields is not None
    assert again.generator_text() == result.generator_text()
    np.testing.assert_array_equal(again.transform(X[:5], 0.01), result.transform(X[:5], 0.01))


def test_fields_that_move_images_are_kept_and_used(tmp_path: Path) -> None:
    result = discover(
        "digits-rotated",
        method="vector-field",
        oracle="network",
        library="polynomial(2)",
        n_generators=1,
        options={"oracle.epochs": 1, "method.defect": 9.0, "verify.n_references": 5},
        out=tmp_path / "run",
    )
    again = load(tmp_path / "run")
    assert again.fields is not None
    assert again.generators.shape == (1, 3, 3)
    pictures = again.preview[:, 0].double()
    torch.testing.assert_close(again.transform(pictures, 0.01), result.transform(pictures, 0.01))
    assert 0 < float((again.transform(pictures, 0.01) - pictures).abs().mean()) < 0.1
    assert (tmp_path / "run" / "figures" / "field.png").exists()
