"""``symdisc verify``: what it prints and where its result is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import symdisc
from symdisc.cli import main

OPTIONS = {"verify.steps": 20, "verify.n_references": 5, "verify.draws": 1, "verify.resamples": 200}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "rows.npy", np.random.default_rng(0).standard_normal((700, 2)))
    out = folder / "run"
    symdisc.discover(folder / "rows.npy", seeds=2, steps=20, device="cpu", options=OPTIONS, out=out)
    return out


def test_own_rows(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = symdisc.load(run)
    assert main(["verify", str(run)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == before.summary()
    assert lines[1].startswith("L1: ")
    assert lines[2] == f"Report: {run / 'report.html'}"
    assert symdisc.load(run / "result-earlier-1").summary() == before.summary()


def test_new_rows(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "new.npy", np.random.default_rng(1).standard_normal((200, 2)))
    words = ["verify", str(run), "--data", str(tmp_path / "new.npy"), "--alpha", "0.1"]
    assert main(words) == 0
    assert "200 rows of new.npy" in capsys.readouterr().out.splitlines()[0]


def test_mistakes(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    assert "is not a run folder" in capsys.readouterr().err
    np.save(tmp_path / "new.npy", np.zeros((200, 3)))
    assert main(["verify", str(run), "--data", str(tmp_path / "new.npy")]) == 2
    assert "has 3 coordinates, the generators act on 2" in capsys.readouterr().err
    assert main(["verify", str(run), "--alpha", "7"]) == 2
    assert "verify.alpha" in capsys.readouterr().err
