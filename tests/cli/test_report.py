"""``symdisc report``: the page of an earlier run, written again."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import symdisc
from symdisc.cli import main


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    x = np.random.default_rng(0).standard_normal((60, 2))
    symdisc.discover(x, seeds=2, steps=20, device="cpu", out=out)
    return out


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished, tmp_path / "run")
    return tmp_path / "run"


def _fails(run: Path, capsys: pytest.CaptureFixture[str]) -> str:
    before = {p: p.read_bytes() for p in run.parent.rglob("*") if p.is_file()}
    assert main(["report", str(run)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("symdisc: ")
    assert "Traceback" not in err
    assert before == {p: p.read_bytes() for p in run.parent.rglob("*") if p.is_file()}
    return err


def test_the_page_is_written_again(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    (run / "report.html").unlink()
    shutil.rmtree(run / "figures")
    assert main(["report", str(run)]) == 0
    result = symdisc.load(run)
    assert capsys.readouterr().out == f"{result.summary()}\nReport: {run / 'report.html'}\n"
    assert (run / "report.html").read_text(encoding="utf-8") == page
    assert list((run / "figures").glob("*.png"))


def test_an_older_page_is_replaced(run: Path) -> None:
    (run / "report.html").write_text("old")
    assert main(["report", str(run)]) == 0
    assert "<h1" in (run / "report.html").read_text(encoding="utf-8")


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _fails(tmp_path / "none", capsys) == (
        f"symdisc: {tmp_path / 'none'} is not a run folder: it has no config.yaml; give the "
        "folder that `symdisc discover` named at its end\n"
    )


def test_a_run_without_a_result(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(run / "result")
    assert "holds no result: result.json is missing" in _fails(run, capsys)


def test_a_damaged_result(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "result" / "result.json").write_text("{")
    assert "cannot read" in _fails(run, capsys)


def test_damaged_tensors(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "result" / "tensors.safetensors").write_bytes(b"no tensors")
    assert "cannot read" in _fails(run, capsys)


def test_damaged_settings(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "config.yaml").write_text("a: [1")
    assert main(["report", str(run)]) == 2
    assert "symdisc: cannot read the settings file" in capsys.readouterr().err


def test_damaged_metrics(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "metrics" / "liegan.csv").write_text("no metrics\n")
    assert main(["report", str(run)]) == 2
    assert "is not a metrics file: its first columns must be" in capsys.readouterr().err


def test_a_run_that_was_cut_short(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(run / "result")
    (run / "checkpoint.safetensors").write_bytes(b"")
    assert _fails(run, capsys) == (
        f"symdisc: {run} has no result yet, only a checkpoint; go on with "
        f"`symdisc discover --resume {run}`\n"
    )
