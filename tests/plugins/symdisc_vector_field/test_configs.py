"""The settings files of the papers' experiments: each runs as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

import symdisc_vector_field
from symdisc import discover

CONFIGS = sorted((Path(symdisc_vector_field.__file__).parent / "configs").glob("*.yaml"))
QUICK = {
    "dataset.copies": 1,
    "oracle.epochs": 3,
    "verify.steps": 10,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
}


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_runs_with_the_published_settings(path: Path) -> None:
    result = discover(config=path, options=QUICK)
    assert result.config["method"] == "liegg"
    assert result.generators.shape[1:] == (3, 3)
    assert result.mask[-1].abs().sum() == 0
