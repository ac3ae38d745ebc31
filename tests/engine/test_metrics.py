from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from torch import Tensor

from symdisc.engine.metrics import MetricsFiles
from symdisc.errors import OutputError

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


def _steps(path: Path) -> list[int]:
    return [int(row["step [1]"]) for row in read(path)]


def test_what_lies_behind_a_checkpoint_is_cut_off(tmp_path: Path) -> None:
    before = MetricsFiles(tmp_path, [7, 11])
    for stage in ("over", "present", "later"):
        for step in (0, 50, 99):
            before.write(stage, step, losses(0.1 * step), UNITS)
    whole = (tmp_path / "over.csv").read_bytes()
    after = MetricsFiles(tmp_path, [7, 11], spent=1000.0)
    after.cut({"over": None, "present": 50, "absent": 3})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["over.csv", "present.csv"]
    assert (tmp_path / "over.csv").read_bytes() == whole
    assert _steps(tmp_path / "present.csv") == [0, 0]
    after.write("present", 50, losses(5.0), UNITS)
    rows = read(tmp_path / "present.csv")
    assert _steps(tmp_path / "present.csv") == [0, 0, 50, 50]
    assert float(rows[1]["cpu_time [s]"]) < 1000 <= float(rows[2]["cpu_time [s]"]) < 1010


def test_a_row_that_a_kill_cut_short_is_left_out(tmp_path: Path) -> None:
    before = MetricsFiles(tmp_path, [7, 11])
    for step in (0, 50):
        before.write("present", step, losses(1.0), UNITS)
    path = tmp_path / "present.csv"
    path.write_text(path.read_text()[:-20])
    after = MetricsFiles(tmp_path, [7, 11])
    after.cut({"present": 60})
    assert _steps(path) == [0, 0, 50]


def test_terms_known_before_the_cut_keep_their_columns(tmp_path: Path) -> None:
    before = MetricsFiles(tmp_path, [7, 11])
    before.write("stage", 0, {"g": {"a": torch.ones(2), "b": torch.ones(2)}}, {})
    after = MetricsFiles(tmp_path, [7, 11])
    after.cut({"stage": 1})
    after.write("stage", 1, {"g": {"b": torch.ones(2)}}, {})
    assert [row["g.a [1]"] for row in read(tmp_path / "stage.csv")] == ["1", "1", "nan", "nan"]


def test_nothing_to_cut(tmp_path: Path) -> None:
    MetricsFiles(None, [7]).cut({})
    MetricsFiles(tmp_path / "none", [7]).cut({"stage": 3})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_cut(tmp_path: Path) -> None:
    (tmp_path / "stage.csv").mkdir()
    with pytest.raises(OutputError, match=r"^cannot write .*stage.csv: Is a directory; free some"):
        MetricsFiles(tmp_path, [7]).cut({"stage": 3})
