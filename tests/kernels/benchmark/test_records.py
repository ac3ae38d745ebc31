"""Rows and the CSV file made of measurements."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch

from symdisc_kernels.benchmark import COLUMNS, Case, Measurement, Peaks, origin, rows_of, write_csv
from symdisc_kernels.benchmark.cases import Direction
from symdisc_kernels.benchmark.timing import Timing
from symdisc_kernels.benchmark.work import work_of

CASE = Case(2, batch=1000)
NORMS = torch.full((5,), 1.0)


def _measured(
    name: str, seconds: float, direction: Direction = "forward", batch: int = 1000
) -> Measurement:
    timing = Timing(seconds, seconds / 2, seconds * 2, 7)
    return Measurement(name, CASE, direction, timing, batch, NORMS, 1, 0.123)


MEASURED = [
    _measured("torch", 0.1, batch=100),
    _measured("taylor", 0.5),
    _measured("taylor-baddbmm", 0.25),
    _measured("cpu", 0.01),
    _measured("cpu", 0.02, "forward+backward"),
]


def test_columns_and_sizes() -> None:
    rows = rows_of(MEASURED, Peaks())
    assert all(tuple(row) == COLUMNS for row in rows)
    row = rows[3]
    assert (row["n"], row["k"], row["c"], row["B"], row["norm"]) == (2, 3, 1, 1000, 1.0)
    assert (row["contender"], row["device"], row["dtype"]) == ("cpu", "cpu", "float32")
    assert (row["repetitions"], row["threads"], row["load_average"]) == (7, 1, 0.12)


def test_seconds_stand_for_the_whole_batch() -> None:
    row = rows_of(MEASURED, Peaks())[0]
    assert (row["median_s"], row["q20_s"], row["q80_s"]) == (1.0, 0.5, 2.0)
    assert (row["B"], row["measured_batch"]) == (1000, 100)


def test_ratios_compare_the_same_problem_and_direction() -> None:
    rows = rows_of(MEASURED, Peaks())
    assert [row["times_torch"] for row in rows] == pytest.approx([1, 2, 4, 100, None])
    assert [row["times_best_plain"] for row in rows] == pytest.approx([0.25, 0.5, 1, 25, None])


def test_rates_and_shares() -> None:
    work = work_of(CASE, NORMS, "forward")
    per_second = 1000 / 0.01
    row = rows_of(MEASURED, Peaks(1e9, 1e6))[3]
    assert row["GFLOP/s"] == pytest.approx(work.operations * per_second / 1e9)
    assert row["GB/s"] == pytest.approx(work.bytes * per_second / 1e9)
    assert row["share_of_peak"] == pytest.approx(work.operations * per_second / 1e9)
    assert row["share_of_roofline"] == pytest.approx(work.bytes * per_second / 1e6)
    row = rows_of(MEASURED, Peaks(1e9, 1e15))[3]
    assert row["share_of_roofline"] == row["share_of_peak"]


def test_shares_of_an_unknown_peak_are_unknown() -> None:
    row = rows_of(MEASURED, Peaks())[3]
    assert row["share_of_peak"] is None
    assert row["share_of_roofline"] is None


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "kernels.csv"
    write_csv(path, rows_of(MEASURED, Peaks()), {"date": "today"})
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*COLUMNS, "date"]
    assert len(rows) == len(MEASURED)
    assert rows[3]["median_s"] == "0.01"
    assert rows[3]["share_of_peak"] == ""
    assert {row["date"] for row in rows} == {"today"}


def test_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    found = origin("Abacus 3")
    assert list(found) == ["symdisc", "torch", "triton", "python", "processor", "date"]
    assert found["processor"] == "Abacus 3"
    assert found["torch"] == torch.__version__
    assert len(found["date"]) == 10
