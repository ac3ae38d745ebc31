"""``symdisc bench suite``: a small suite, going on with it, and every wrong request."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from symdisc import registry
from symdisc.cli import main
from symdisc.plugin_record import ENTRY_POINT_GROUP
from symdisc.registry import PluginHost
from symdisc.run_lock import locked
from symdisc.suite import pool
from symdisc.suite.pool import Lost
from symdisc.suite.task import Task

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
        (["--limit", "0"], r"--limit 0: must be from 1 to 1e\+08 seconds"),
        (["--limit", "inf"], r"--limit inf: must be from 1 to 1e\+08 seconds"),
        (["--limit", "nan"], r"--limit nan: must be from 1 to 1e\+08 seconds"),
        (["--problems", " ,"], "--problems ' ,': names no problem; known: .*two-body"),
        (["--problems", "cups,x,cusp"], "--problems cups, x: unknown; known: .* mean 'cusp'"),
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


PLUGIN = """
@hookimpl
def symdisc_problems():
    return [
        Component("cusp", "symdisc_basics.problems.fields:Cusp", "As a built-in one."),
        Component("good", "symdisc_basics.problems.fields:Cusp", "Works."),
        Component("gone", "nowhere.at_all:Problem", "Cannot be imported."),
        Component("odd", "odd_family:Odd", "Of a family that there is not."),
    ]
"""


@pytest.fixture
def with_plugin(
    make_host: Callable[[dict[str, str]], PluginHost], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = make_host({"new": PLUGIN})
    here = [record.entry_point for record in host.records]
    installed = metadata.entry_points(group=ENTRY_POINT_GROUP)
    both = PluginHost([*installed, *here])
    monkeypatch.setattr(registry, "default_host", lambda: both)


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    tasks: list[Task] = []

    def run_all(work: Any, items: list[Task], jobs: int, limit: float) -> Iterator[Any]:
        tasks.extend(items)
        yield from ()

    monkeypatch.setattr(pool, "run_all", run_all)
    return tasks


@pytest.mark.usefixtures("with_plugin")
def test_problems_of_a_plugin_take_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tasks = _asked(monkeypatch)
    command = ["bench", "suite", "--methods", "liegan", "--seeds", "1", "--out", str(tmp_path)]
    assert main(command) == 0
    names = [task.problem for task in tasks]
    assert {"cusp", "new:cusp", "good"} <= set(names)
    assert not {"gone", "odd", "basics:cusp"} & set(names)
    error = capsys.readouterr().err
    assert re.search("left out: .*'gone' could not be imported from nowhere.at_all", error)
    assert re.search("left out: problem 'odd': family 'strange'; allowed: continuous", error)


@pytest.mark.usefixtures("with_plugin")
def test_a_broken_problem_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "suite", "--problems", "cusp,gone,odd"]) == 2
    error = capsys.readouterr().err
    assert "left out" not in error
    assert all(words in error for words in ("nowhere.at_all", "family 'strange'"))


def test_each_component_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = _asked(monkeypatch)
    names = ["--problems", " cusp,basics:cusp, ,cusp", "--methods", "liegan:liegan"]
    assert main(["bench", "suite", *names, "--seeds", "1", "--out", str(tmp_path)]) == 0
    assert tasks == [Task("cusp", "liegan", 0)]


def test_one_suite_in_a_folder_at_a_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with locked(tmp_path):
        assert main([*QUICK, "--out", str(tmp_path)]) == 2
    assert "is being written by process" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main([*QUICK, "--out", str(tmp_path / "file" / "suite")]) == 2
    assert "cannot write" in capsys.readouterr().err
