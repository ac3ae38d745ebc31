"""``resume``: what goes on, and everything that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

import symdisc
from symdisc import SymmetryResult, discover
from symdisc.cli import main
from symdisc.engine.checkpoint import read_checkpoint, write_checkpoint
from symdisc.errors import DataError, OptionError, OutputError
from symdisc.resuming import Unfinished, unfinished
from symdisc.run_folder import RunFolder, read_config
from symdisc.run_lock import locked

X = np.random.default_rng(0).standard_normal((60, 2))
OPTIONS: dict[str, Any] = {
    "run.seeds": 2,
    "run.device": "cpu",
    "run.checkpoint_every": 0.0,
    "method.steps": 30,
}
STOP_AT = 17


@pytest.fixture(autouse=True)
def _untested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test on held-out rows, which takes most of the time of such short runs."""
    monkeypatch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
    monkeypatch.setattr("os.fsync", lambda _: None)


def _stopped(out: Path, error: type[BaseException], data: Any = X, step: int = STOP_AT) -> None:
    """A run that ends at a step: with Ctrl-C, or as if the power was cut."""
    from symdisc.engine.training import Training

    advance: Callable[[Training], Any] = Training.advance

    def stop(self: Training) -> Any:
        if self.step == step:
            raise error("stopped")
        return advance(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Training, "advance", stop)
        if error is KeyboardInterrupt and step > 0:
            assert discover(data, options=OPTIONS, out=out).interrupted
            return
        with pytest.raises(error):
            discover(data, options=OPTIONS, out=out)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SymmetryResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
        return discover(X, options=OPTIONS, out=tmp_path_factory.mktemp("whole") / "run")


def _same(first: SymmetryResult, second: SymmetryResult) -> bool:
    return torch.equal(first.generators, second.generators) and torch.equal(
        first.seed_generators, second.seed_generators
    )


def test_a_run_goes_on_where_it_was(whole: SymmetryResult, tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    assert unfinished(run).position == f"step {STOP_AT} of liegan"
    result = discover(X, resume=run)
    assert _same(result, whole)
    assert _same(symdisc.load(run), whole)
    assert result.config == whole.config == read_config(run / "config.yaml")
    assert result.provenance["resumed"] == [f"step {STOP_AT} of liegan"]
    assert "resumed" not in whole.provenance
    kept = sorted(path.name for path in run.iterdir())
    assert kept == ["config.yaml", "figures", "metrics", "report.html", "result"]


def test_times_add_up(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    saved = read_checkpoint(run / "checkpoint.safetensors")
    saved["spent"] = {"wall": 5000.0, "cpu": 4000.0}
    write_checkpoint(run / "checkpoint.safetensors", saved)
    provenance = discover(X, resume=run).provenance
    assert 5000 <= provenance["wall_time [s]"] < 5060
    assert 4000 <= provenance["cpu_time [s]"] < 4060


def test_ctrl_c_can_be_taken_back(whole: SymmetryResult, tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, KeyboardInterrupt)
    assert not _same(symdisc.load(run), whole)
    result = discover(X, resume=run)
    assert (result.interrupted, _same(result, whole)) == ("", True)
    assert _same(symdisc.load(run), whole)
    before = symdisc.load(run / "result-cut-short-1")
    assert before.interrupted == f"liegan stopped after {STOP_AT} of 30 steps"


def test_a_run_that_ended_before_its_first_checkpoint(
    whole: SymmetryResult, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    folder = RunFolder.create(run)
    folder.write_config(whole.config)
    result = discover(X, resume=run)
    assert _same(result, whole)
    assert result.provenance["resumed"] == ["the beginning"]


def test_a_test_that_failed_is_made_again_without_training(
    whole: SymmetryResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise MemoryError("no memory left")

    run = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr("symdisc.discovery.verify_result", breaks)
        with pytest.raises(MemoryError):
            discover(X, options=OPTIONS, out=run)
    monkeypatch.setattr("symdisc.engine.training.Training.advance", breaks)
    result = discover(X, resume=run)
    assert _same(result, whole)
    assert result.provenance["resumed"] == ["the end of liegan"]


def test_files_are_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "x.npy", X)
    run = tmp_path / "run"
    _stopped(run, MemoryError, tmp_path / "x.npy")
    np.save(tmp_path / "x.npy", X + 1e-3)
    message = (
        rf"^{run} was run on other data: the values read from {tmp_path}/x.npy are not those of "
        "the checkpoint; give the data of that run, or start a new one$"
    )
    with pytest.raises(DataError, match=message):
        discover(resume=run)
    assert not (run / "result").exists()
    np.save(tmp_path / "moved.npy", X)
    assert main(["discover", str(tmp_path / "moved.npy"), "--resume", str(run)]) == 0
    out, err = capsys.readouterr()
    assert f"Run folder:    {run}\n" in out
    assert f"going on from step {STOP_AT} of liegan" in err


def test_arrays_must_be_passed_again(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    with pytest.raises(
        OptionError, match=r"^these settings are of a run on arrays; pass the array"
    ):
        discover(resume=run)
    with pytest.raises(DataError, match="was run on other data: the values read from arrays"):
        discover(X + 1e-3, resume=run)
    with pytest.raises(DataError, match="was run on other data"):
        discover(X, X[:, 0], resume=run)


def test_settings_may_not_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    message = (
        rf"^{run} goes on with the settings of its config.yaml; leave out method.steps = 5, "
        rf"seeds = 3, config = 'c.yaml', out = 'there', or start a new run with --config {run}/con"
    )
    with pytest.raises(OptionError, match=message):
        discover(X, resume=run, options={"method.steps": 5}, seeds=3, config="c.yaml", out="there")
    assert main(["discover", "--resume", str(run), "--seeds", "3"]) == 2
    assert "leave out seeds = 3, or start" in capsys.readouterr().err


def test_settings_that_were_changed_are_refused(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    config = read_config(run / "config.yaml")
    config["options"]["method"]["steps"] = 50
    del config["options"]["run"]["seed"]
    (run / "config.yaml").write_text(yaml.safe_dump(config))
    message = (
        rf"^{run}/config.yaml was changed since this run began, so it cannot go on: method.steps "
        r"was 30 and is now 50; run.seed was 0 and is now None; put it back, or start a new run "
        rf"with --config {run}/config.yaml$"
    )
    with pytest.raises(OptionError, match=message):
        discover(X, resume=run)


def test_a_finished_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    discover(X, options={**OPTIONS, "method.steps": 2}, out=run)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert main(["discover", "--resume", str(run)]) == 2
    assert capsys.readouterr().err == (
        f"symdisc: {run} is finished, there is nothing left to do; `symdisc report {run}` shows "
        f"what was found, and `symdisc discover --config {run}/config.yaml --seed N` runs it with "
        "other seeds\n"
    )
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_a_run_that_is_being_written_is_refused(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    with locked(run), pytest.raises(OutputError, match=f"^{run} is being written by process "):
        discover(X, resume=run)
    assert discover(X, resume=run).interrupted == ""


def test_a_new_run_holds_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(*_: Any, **__: Any) -> None:
        seen.append((tmp_path / "run" / "lock").is_file())

    monkeypatch.setattr("symdisc.discovery.verify_result", look)
    discover(X, options={**OPTIONS, "method.steps": 2}, out=tmp_path / "run")
    assert seen == [True]
    assert not (tmp_path / "run" / "lock").exists()


def test_what_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none is not a run folder: it has no config.yaml"):
        discover(resume=tmp_path / "none")


@pytest.mark.parametrize("left_out", ["config", "data", "stages", "spent", "resumed"])
def test_a_checkpoint_that_lacks_something(left_out: str, tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, MemoryError)
    saved = read_checkpoint(run / "checkpoint.safetensors")
    del saved[left_out]
    write_checkpoint(run / "checkpoint.safetensors", saved)
    message = rf"checkpoint.safetensors is damaged \(KeyError: '{left_out}'\); start the run anew$"
    with pytest.raises(DataError, match=message):
        discover(X, resume=run)


@pytest.mark.parametrize(
    ("stages", "position"),
    [
        ((), "the beginning"),
        (({"stage": "fit", "over": True},), "the end of fit"),
        (({"stage": "fit", "over": True}, {"stage": "b", "over": False}), "step 0 of b"),
        (({"stage": "b", "over": False, "step": 7},), "step 7 of b"),
    ],
)
def test_positions_in_words(
    stages: tuple[dict[str, Any], ...], position: str, tmp_path: Path
) -> None:
    assert Unfinished(RunFolder(tmp_path), {}, stages=stages).position == position


def test_a_damaged_result_counts_as_none(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _stopped(run, KeyboardInterrupt)
    (run / "result" / "result.json").write_text("{")
    assert unfinished(run).position == f"step {STOP_AT} of liegan"
    (run / "result" / "result.json").write_text(json.dumps({"interrupted": ""}))
    with pytest.raises(DataError, match="is finished"):
        unfinished(run)


def test_the_best_state_is_kept_where_it_is_wanted(tmp_path: Path) -> None:
    looks = {**OPTIONS, "run.evaluate_every": 5}
    last = discover(X, options=looks)
    best = discover(X, options={**looks, "run.keep": "best"})
    assert _same(last, discover(X, options=OPTIONS))
    assert not _same(last, best)
    assert last.provenance["validation"] == best.provenance["validation"]


@pytest.mark.parametrize("options", [{"run.keep": "best"}, {"run.patience": 3}])
def test_what_needs_looks_says_so(options: dict[str, Any]) -> None:
    message = (
        r"keep = 'best' and patience need looks at the validation rows; set run.evaluate_every, "
        r"for instance to 50"
    )
    with pytest.raises(OptionError, match=message):
        discover(X, options={**OPTIONS, **options})


def test_validation_values_reach_the_result(tmp_path: Path) -> None:
    result = discover(X, options={**OPTIONS, "run.evaluate_every": 10}, out=tmp_path / "run")
    values = result.provenance["validation"]["liegan"]
    assert len(values["criterion"]) == len(values["step"]) == 2
    lines = (tmp_path / "run" / "metrics" / "liegan-validation.csv").read_text().splitlines()
    assert lines[0] == "step [1],seed [1],cpu_time [s],validation.criterion [1]"
    assert [line.split(",")[0] for line in lines[1:]] == [
        *("9", "9", "19", "19", "29", "29", "30", "30")
    ]
