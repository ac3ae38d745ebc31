from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from torch import Tensor

from symdisc.engine.metrics import MetricsFiles

UNITS = {"adversarial": "nat"}


def losses(value: float) -> dict[str, dict[str, Tensor]]:
    return {
        "generator": {
            "adversarial": torch.tensor([value, 2 * value], requires_grad=True),
            "similarity": torch.tensor([0.5, torch.nan]),
        },
        "discriminator": {"adversarial": torch.tensor([1.0, torch.inf])},
    }


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_header_has_units_and_every_step_and_seed_a_row(tmp_path: Path) -> None:
    metrics = MetricsFiles(tmp_path / "metrics", [7, 11])
    for step in (0, 50, 99):
        metrics.write("liegan", step, losses(0.1 * step), UNITS)
    lines = (tmp_path / "metrics" / "liegan.csv").read_text().splitlines()
    assert lines[0].split(",") == [
        "step [1]",
        "seed [1]",
        "cpu_time [s]",
        "generator.adversarial [nat]",
        "generator.similarity [1]",
        "discriminator.adversarial [nat]",
    ]
    rows = read(tmp_path / "metrics" / "liegan.csv")
    assert [(row["step [1]"], row["seed [1]"]) for row in rows] == [
        (step, seed) for step in ("0", "50", "99") for seed in ("7", "11")
    ]
    assert float(rows[3]["generator.adversarial [nat]"]) == pytest.approx(10.0)
    assert rows[3]["generator.similarity [1]"] == "nan"
    assert rows[3]["discriminator.adversarial [nat]"] == "inf"
    times = [float(row["cpu_time [s]"]) for row in rows]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] < 10


def test_every_stage_has_its_own_file(tmp_path: Path) -> None:
    metrics = MetricsFiles(tmp_path, [7, 11])
    metrics.write("first", 0, losses(1.0), UNITS)
    metrics.write("second", 0, {"encoder": {"loss": torch.ones(2)}}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.csv", "second.csv"]
    assert list(read(tmp_path / "second.csv")[0])[3:] == ["encoder.loss [1]"]


def test_terms_that_come_and_go_are_nan_elsewhere(tmp_path: Path) -> None:
    metrics = MetricsFiles(tmp_path, [7, 11])
    one, two = torch.ones(2), 2 * torch.ones(2)
    metrics.write("stage", 0, {"g": {"a": one, "b": one}}, {})
    metrics.write("stage", 1, {"g": {"a": two}}, {})
    metrics.write("stage", 2, {"g": {"a": two, "c": two}}, {})
    rows = read(tmp_path / "stage.csv")
    assert len(rows) == 6
    terms = [[row[f"g.{term} [1]"] for term in "abc"] for row in rows[::2]]
    assert terms == [["1", "1", "nan"], ["2", "nan", "nan"], ["2", "nan", "2"]]


def test_without_a_folder_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    MetricsFiles(None, [7, 11]).write("liegan", 0, losses(1.0), UNITS)
    assert list(tmp_path.iterdir()) == []
