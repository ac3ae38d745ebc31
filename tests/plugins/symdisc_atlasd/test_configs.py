"""The settings files of the paper's experiments: each runs as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import symdisc_atlasd
from symdisc import discover

CONFIGS = sorted((Path(symdisc_atlasd.__file__).parent / "configs").glob("*.yaml"))

SMALL: dict[str, dict[str, int]] = {
    "top-tagging": {"max_events": 500},
    "heat-equation": {"n_trajectories": 6, "n_states": 3},
}
QUICK = {
    "method.predictor_steps": 5,
    "method.algebra_steps": 5,
    "method.coset_steps": 2,
    "verify.steps": 10,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
}


def test_there_is_one_for_each_experiment() -> None:
    assert {yaml.safe_load(path.read_text())["source"] for path in CONFIGS} == set(SMALL)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_it_runs_with_the_published_settings(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    assert content["preset"] == "paper"
    small: dict[str, Any] = {
        f"dataset.{name}": value for name, value in SMALL[content["source"]].items()
    }
    result = discover(config=path, options={**QUICK, **small})
    used = result.config["options"]
    assert used["method"]["generator_rate"] == 5e-4
    assert used["method"]["orthonormal"] is False
    assert len(result.seeds) == 1
    for section, options in content["options"].items():
        for name, value in options.items():
            if f"{section}.{name}" not in {**QUICK, **small}:
                assert [*_flat(used[section][name])] == [*_flat(value)]


def _flat(value: Any) -> list[Any]:
    """Pairs may have become tuples."""
    nested = value if isinstance(value, list | tuple) else [value]
    return [list(each) if isinstance(each, tuple) else each for each in nested]


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_its_first_lines_say_how_to_run_it(path: Path) -> None:
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert f"symdisc discover --config {path.name}" in " ".join(comment)
    assert "arXiv:2504.10777" in " ".join(comment)
