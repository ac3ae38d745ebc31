"""The settings files of the paper's experiments: each runs as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import symdisc_liegan
from symdisc import discover

CONFIGS = sorted((Path(symdisc_liegan.__file__).parent / "configs").glob("*.yaml"))

SMALL: dict[str, dict[str, int]] = {
    "two-body": {"n_trajectories": 30},
    "three-body": {"n_trajectories": 30},
    "discrete-rotation": {"n_samples": 500},
    "lorentz": {"n_events": 500},
    "top-tagging": {"max_events": 500},
    "digits-rotated": {"copies": 1},
}
QUICK = {
    "method.epochs": 0.2,
    "verify.steps": 10,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
}


def test_there_is_one_for_each_experiment() -> None:
    sources = [yaml.safe_load(path.read_text())["source"] for path in CONFIGS]
    assert set(sources) == set(SMALL)
    assert len(sources) == 7  # two-body has two search spaces


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_runs_with_the_published_settings(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    assert content["preset"] == "paper"
    small: dict[str, Any] = {
        f"dataset.{name}": value for name, value in SMALL[content["source"]].items()
    }
    result = discover(config=path, options={**QUICK, **small})
    used = result.config["options"]
    assert used["method"]["generator_rate"] == 1e-3
    assert used["method"]["whiten"] is False
    assert len(result.seeds) == 1
    for section, options in content["options"].items():
        for name, value in options.items():
            if f"{section}.{name}" not in QUICK:
                assert used[section][name] == value


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_its_first_lines_say_how_to_run_it(path: Path) -> None:
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert f"symdisc discover --config {path.name}" in " ".join(comment)
    assert "arXiv:2302.00236" in " ".join(comment)
