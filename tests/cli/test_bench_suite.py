"""``symdisc bench suite``: a small suite, going on with it, and every wrong request."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from symdisc.cli import main
from symdisc.suite import pool
from symdisc.suite.pool import Lost

QUICK = ["bench", "suite", "--problems", "cusp", "--methods", "vector-field", "--seeds", "1"]


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "suite.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_small_suite_and_going_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "suite"
    assert main([*QUICK, "--out", str(out)]) == 0
    shown = capsys.readouterr()
    (row,) = _rows(out)
    assert (row["problem"], row["method"], row["status"]) == ("cusp", "vector-field", "ran")
    assert float(row["cpu_time [s]"]) > 0
    assert float(row["peak_memory [MiB]"]) > 100
    assert "[1/1] cusp by vector-field, seed 0: " in shown.err
    assert "FAMILY" in shown.out
    assert f"Written: {out / 'suite.csv'}, {out / 'suite.md'} and {out / 'suite.png'}" in shown.out
    assert (out / "suite.md").read_text().startswith("| method | field |")
    assert (out / "suite.png").read_bytes().startswith(b"\x89PNG")
    before = (out / "suite.csv").read_bytes()
    assert main([*QUICK, "--out", str(out)]) == 0
    assert f"1 of 1 runs are in {out / 'suite.csv'}" in capsys.readouterr().err
    assert (out / "suite.csv").read_bytes() == before


def _with(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    def run_all(work: Any, items: Any, jobs: int, limit: float) -> Iterator[Any]:
        for item in items:
            if isinstance(answer, BaseException):
                raise answer
            yield item, answer

    monkeypatch.setattr(pool, "run_all", run_all)


def test_a_lost_process_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(monkeypatch, Lost(True, "longer than 5 s of CPU time"))
    assert main([*QUICK, "--out", str(tmp_path)]) == 0
    assert "seed 0: over time: longer than 5 s of CPU time" in capsys.readouterr().err
    assert [row["status"] for row in _rows(tmp_path)] == ["over time"]


def test_ctrl_c_keeps_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(monkeypatch, KeyboardInterrupt())
    assert main([*QUICK, "--out", str(tmp_path)]) == 130
    assert "interrupted; the same command goes on where it ended" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--problems", "two-bodies"], "--problems two-bodies: unknown; known: .*'two-body'"),
        (["--methods", "liegam"], "--methods liegam: unknown; known: .*'liegan'"),
        (["--seeds", "0"], "--seeds 0: must be at least 1"),
        (["--jobs", "0"], "--jobs 0: must be from 1 to"),
        (["--limit", "0"], "--limit 0: must be at least 1 second"),
        (["--limit", "inf"], "--limit inf: must be at least 1 second"),
    ],
)
def test_wrong_requests(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "suite", *arguments, "--out", str(tmp_path / "new")]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert re.search(message, error), error
    assert not (tmp_path / "new").exists()


def test_all_wrong_options_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "suite", "--seeds", "0", "--jobs", "0", "--methods", "x"]) == 2
    error = capsys.readouterr().err
    assert all(option in error for option in ("--seeds 0", "--jobs 0", "--methods x"))


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main([*QUICK, "--out", str(tmp_path / "file" / "suite")]) == 2
    assert "cannot write" in capsys.readouterr().err
