"""``symdisc forecast``: what it prints and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from latent_toy import toy_host, trajectories

import symdisc
from symdisc.cli import main

QUICK = {
    "verify.steps": 10,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "paths.npy", np.stack(trajectories(20, 20)))
    symdisc.discover(
        folder / "paths.npy",
        method="toy:known",
        seeds=2,
        host=toy_host(),
        options=QUICK,
        out=folder / "run",
    )
    return folder / "run"


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy encoder as if its plugin were installed."""
    monkeypatch.setattr("symdisc.registry.default_host", toy_host)


def test_errors_are_told_and_kept(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", str(run), "--time-step", "0.2", "--horizon", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "  dr/dt = 0"
    assert lines[-2].startswith("Relative error of 3 forecasts over 3 units of time: mean 0.00")
    assert lines[-1] == f"Report: {run / 'report.html'}"
    assert len((run / "forecast.csv").read_text().splitlines()) == 17


def test_mistakes(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["forecast", str(run), "--time-step", "0.2"]
    assert main([*words, "--horizon", "5"]) == 2
    assert "--horizon 5: it must be at least" in capsys.readouterr().err
    assert main(["forecast", str(run)]) == 2
    assert "give it with --time-step" in capsys.readouterr().err
    assert main([*words, "--form", "polar", "--in", "data"]) == 2
    assert "leave out --in data" in capsys.readouterr().err
    assert main(["forecast", str(tmp_path)]) == 2
    assert "is not a run folder" in capsys.readouterr().err
