"""``symdisc equations``: what it prints and what it refuses."""

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


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy encoder as if its plugin were installed."""
    monkeypatch.setattr("symdisc.registry.default_host", toy_host)


@pytest.fixture(scope="module")
def latent_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "paths.npy", np.stack(trajectories(20, 20)))
    symdisc.discover(
        folder / "paths.npy",
        method="toy:known",
        seeds=2,
        host=toy_host(),
        options=QUICK,
        out=folder / "latent",
    )
    return folder / "latent"


@pytest.fixture(scope="module")
def rows_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that finds nothing, on rows that are no trajectories."""
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "rows.npy", np.random.default_rng(0).standard_normal((700, 2)))
    symdisc.discover(
        folder / "rows.npy", seeds=2, steps=5, device="cpu", options=QUICK, out=folder / "rows"
    )
    return folder / "rows"


def test_polar_equations(latent_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["equations", str(latent_run), "--time-step", "0.2", "--latex"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("taken to themselves by SO(2):")
    assert lines[1] == "  dr/dt = 0"
    assert lines[2].startswith("  dtheta/dt = ")
    assert sum(line.startswith(r"\frac{d}{d t}") for line in lines) == 2
    assert lines[-1] == f"Report: {latent_run / 'report.html'}"


def test_cartesian_equations(latent_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["equations", str(latent_run), "--time-step", "0.2"]
    assert main([*words, "--form", "cartesian", "--degree", "3"]) == 0
    assert "dz2/dt = " in capsys.readouterr().out
    assert main([*words, "--in", "data", "--library", "linear + trigonometric(1)"]) == 0
    assert "dx3/dt = " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the time between two states of the run's data is not known"),
        (["--time-step", "-1"], "the time step must be positive"),
        (["--in", "space"], "equations.space"),
        (["--form", "round"], "equations.form"),
        (["--degree", "99"], "equations.degree"),
        (["--threshold", "2"], "equations.threshold"),
        (["--symmetry", "full"], "equations.symmetry"),
        (["--derivative", "none"], "equations.derivative"),
        (["--time-step", "1", "--form", "polar", "--symmetry", "none"], "give one of them"),
        (["--time-step", "1", "--library", "cubic"], "'cubic' in library 'cubic' is not known"),
        (["--data", "nowhere.npy", "--time-step", "1"], "nowhere.npy"),
    ],
)
def test_mistakes(
    latent_run: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["equations", str(latent_run), *words]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_wrong_values_are_listed_together(
    latent_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["equations", str(latent_run), "--form", "round", "--degree", "99"]) == 2
    error = capsys.readouterr().err
    assert "equations.form" in error
    assert "equations.degree" in error


def test_runs_that_they_do_not_fit(
    rows_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["equations", str(rows_run), "--time-step", "1"]) == 2
    assert "need trajectories of at least 5 states" in capsys.readouterr().err
    np.save(tmp_path / "paths.npy", np.random.default_rng(1).standard_normal((6, 9, 2)))
    more = ["--data", str(tmp_path / "paths.npy"), "--time-step", "1"]
    assert main(["equations", str(rows_run), *more, "--in", "latent"]) == 2
    assert "there are no learned coordinates" in capsys.readouterr().err
    assert main(["equations", str(tmp_path)]) == 2
    assert "is not a run folder" in capsys.readouterr().err
    assert main(["equations", str(rows_run), *more, "--symmetry", "none", "--degree", "1"]) == 0
    assert "Equations of motion in the data's coordinates:" in capsys.readouterr().out
