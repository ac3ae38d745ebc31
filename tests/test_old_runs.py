"""Run folders written by earlier versions are read, or the message says which version is needed.

``tests/data_files/write_runs.py`` wrote the folders.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

import symdisc
from symdisc import discover
from symdisc.cli import main
from symdisc.engine.checkpoint import FORMAT_VERSION as CHECKPOINT_FORMAT
from symdisc.result_io import FORMAT_VERSION as RESULT_FORMAT

FOLDER = Path(__file__).parent / "data_files"
FORMATS = sorted(path.name for path in FOLDER.glob("format_*"))


def _data() -> np.ndarray[Any, np.dtype[np.float64]]:
    """The data of these runs."""
    t = np.linspace(0.0, 9.0, 20)
    return np.stack([t * np.cos(t), t * np.sin(t)], axis=1)


@pytest.fixture(params=FORMATS)
def runs(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the finished and the unfinished run of one format."""
    shutil.copytree(FOLDER / request.param, tmp_path / "runs")
    return tmp_path / "runs"


def test_the_present_formats_are_kept() -> None:
    """Who changes a format adds a folder of the new one."""
    newest = f"format_{len(FORMATS)}"
    content = json.loads((FOLDER / newest / "finished" / "result" / "result.json").read_text())
    with safe_open(FOLDER / newest / "unfinished" / "checkpoint.safetensors", "pt") as file:
        header = file.metadata()
    assert content["format_version"] == RESULT_FORMAT
    assert header["format_version"] == str(CHECKPOINT_FORMAT)


def test_an_old_result_is_read_and_used(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = symdisc.load(runs / "finished")
    assert result.generators.shape == (1, 2, 2)
    assert result.transform(_data(), 0.3).shape == (20, 2)
    for command in ("report", "cite"):
        assert main([command, str(runs / "finished")]) == 0
    out = capsys.readouterr().out
    assert result.summary() in out
    assert "2302.00236" in out
    assert (runs / "finished" / "report.html").is_file()


def test_an_old_unfinished_run_goes_on(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
    result = discover(_data(), resume=runs / "unfinished")
    assert result.provenance["resumed"] == ["step 3 of liegan"]
    # Another processor may round differently, so not to the last bit.
    expected = symdisc.load(runs / "finished")
    assert torch.allclose(result.seed_generators, expected.seed_generators, atol=1e-3)


def test_a_result_of_the_future_names_its_version(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = runs / "finished" / "result" / "result.json"
    content = json.loads(path.read_text())
    content |= {"format_version": RESULT_FORMAT + 1, "symdisc_version": "9.8.7"}
    path.write_text(json.dumps(content))
    assert main(["report", str(runs / "finished")]) == 2
    err = capsys.readouterr().err
    assert f"has format {RESULT_FORMAT + 1}, written by symdisc 9.8.7" in err
    assert "install symdisc 9.8.7 or newer" in err


def test_a_checkpoint_of_the_future_names_its_version(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = runs / "unfinished" / "checkpoint.safetensors"
    with safe_open(path, "pt") as file:
        header = file.metadata()
    header |= {"format_version": str(CHECKPOINT_FORMAT + 1), "symdisc_version": "9.8.7"}
    save_file({"t0": torch.ones(1)}, path, metadata=header)
    assert main(["discover", "--resume", str(runs / "unfinished")]) == 2
    err = capsys.readouterr().err
    assert f"has format {CHECKPOINT_FORMAT + 1}, written by symdisc 9.8.7" in err
    assert "install symdisc 9.8.7 to continue this run" in err
