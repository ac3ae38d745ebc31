"""The settings files of the paper's experiments: each runs as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import symdisc_laligan
from symdisc import discover

CONFIGS = sorted((Path(symdisc_laligan.__file__).parent / "configs").glob("*.yaml"))

SMALL: dict[str, dict[str, int]] = {
    "pendulum": {"n_trajectories": 30, "n_states": 20},
    "lotka-volterra": {"n_trajectories": 30, "n_states": 20},
    "reaction-diffusion": {"size": 8, "n_arcs": 10, "n_states": 30},
    "double-bump": {"n_samples": 300},
    "rotating-object": {"n_samples": 300, "size": 16},
}
QUICK = {
    "method.epochs": 0.5,
    "method.batch_size": 32,
    "encoder.width": 16,
    "discriminator.width": 16,
    "verify.steps": 10,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
}


def test_there_is_one_for_each_experiment() -> None:
    sources = [yaml.safe_load(path.read_text())["source"] for path in CONFIGS]
    assert set(sources) == set(SMALL)
    assert len(sources) == len(SMALL)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_runs_with_the_published_settings(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    assert content["preset"] == "paper"
    small: dict[str, Any] = {
        f"dataset.{name}": value for name, value in SMALL[content["source"]].items()
    }
    quick = {k: v for k, v in QUICK.items() if k != "encoder.width" or "encoder" not in content}
    result = discover(config=path, options={**quick, **small})
    used = result.config["options"]
    assert used["method"]["conditional"] == 0.0
    assert used["method"]["adversarial"] > 0
    assert len(result.seeds) == 1
    assert result.latent is not None
    for section, options in content["options"].items():
        for name, value in options.items():
            if f"{section}.{name}" not in {**quick, **small}:
                assert used[section][name] == value


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_its_first_lines_say_how_to_run_it(path: Path) -> None:
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert f"symdisc discover --config {path.name}" in " ".join(comment)
    assert "arXiv:2310.00105" in " ".join(comment)
