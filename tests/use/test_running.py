from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from latent_toy import toy_host, trajectories

import symdisc
from symdisc.errors import DataError
from symdisc.use.motion import MotionOptions
from symdisc.use.running import Request, equations_of_run, forecast_of_run

QUICK = {"verify.steps": 10, "verify.n_references": 5, "verify.draws": 1, "verify.resamples": 200}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "paths.npy", np.stack(trajectories(24, 30)))
    symdisc.discover(
        folder / "paths.npy",
        method="toy:known",
        seeds=2,
        host=toy_host(),
        options=QUICK,
        out=folder / "run",
    )
    return folder / "run"


def test_equations_are_kept_and_shown(run: Path) -> None:
    motion = equations_of_run(run, Request(time_step=0.2), toy_host())
    kept = json.loads((run / "equations.json").read_text(encoding="utf-8"))
    assert kept["lines"] == motion.system.lines()
    assert (kept["space"], kept["time_step"], kept["error"]) == ("latent", 0.2, motion.error)
    assert kept["latex"] == motion.latex()
    assert len(kept["frequency"]["measured"]) == 30
    assert (run / "figures" / "frequency.png").exists()
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "<h2>Equations of motion</h2>" in page
    assert kept["lines"][1] in page


def test_forecasts_are_kept_and_shown_until_there_are_other_equations(run: Path) -> None:
    _, errors = forecast_of_run(run, Request(time_step=0.2), 2.0, toy_host())
    assert errors.overall < 0.02
    assert len((run / "forecast.csv").read_text().splitlines()) == 12
    assert "How far forecasts by the equations" in (run / "report.html").read_text("utf-8")
    assert (run / "figures" / "forecast.png").exists()
    other = Request(MotionOptions(form="cartesian"), time_step=0.2)
    assert "dz1/dt = " in equations_of_run(run, other, toy_host()).text()
    assert not (run / "forecast.csv").exists()
    assert "How far forecasts" not in (run / "report.html").read_text("utf-8")


def test_the_same_from_the_result(run: Path) -> None:
    result = symdisc.load(run, host=toy_host())
    motion = equations_of_run(run, Request(time_step=0.2), toy_host())
    again = result.equations(time_step=0.2)
    assert again.text() == motion.text()
    with pytest.raises(
        ValueError, match=r"unknown option 'equations.degre'.*Did you mean 'degree'"
    ):
        result.equations(time_step=0.2, degre=3)


def test_no_result_yet(run: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("method: toy:known\n")
    with pytest.raises(DataError, match="give a run folder or a folder of"):
        equations_of_run(tmp_path, Request(), toy_host())
    (tmp_path / "checkpoint.safetensors").write_bytes(b"")
    with pytest.raises(DataError, match="only a checkpoint; go on with `symdisc discover --resume"):
        equations_of_run(tmp_path, Request(), toy_host())
