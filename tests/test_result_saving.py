"""Full disks and folders that cannot be written: the run goes on and its result is saved."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import symdisc
from symdisc import discover
from symdisc.cli import main
from symdisc.errors import OutputError
from symdisc.result_saving import save_and_report
from symdisc.run_folder import RunFolder

X = np.random.default_rng(0).standard_normal((60, 2))
OPTIONS: dict[str, Any] = {
    "run.seeds": 2,
    "run.device": "cpu",
    "run.checkpoint_every": 0.0,
    "method.steps": 60,
}


@pytest.fixture(autouse=True)
def _untested(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))


def _place(message: str) -> Path:
    found = re.search(r"the result was saved in (\S+) instead", message)
    assert found is not None, message
    return Path(found[1])


def test_a_full_disk_while_training_is_told_once_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    expected = discover(X, options=OPTIONS)
    with monkeypatch.context() as patch:
        patch.setattr("symdisc.engine.checkpoint._write_through", full)
        result = discover(X, options=OPTIONS, out=tmp_path / "run")
    assert torch.equal(result.seed_generators, expected.seed_generators)
    assert [note for note in result.notes if "checkpoint" in note] == [
        "no checkpoint could be written, training goes on without: cannot write "
        f"{tmp_path / 'run' / 'checkpoint.safetensors'}: No space left on device; free some space "
        "or name another folder with --out"
    ]
    assert symdisc.load(tmp_path / "run").notes == result.notes


def test_a_run_folder_that_becomes_a_file_loses_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also root, whom no permission stops, cannot write below a file."""
    run = tmp_path / "run"

    def spoil(*_: Any, **__: Any) -> None:
        shutil.rmtree(run)
        run.write_text("no folder any more")

    np.save(tmp_path / "x.npy", X)
    expected = discover(X, options=OPTIONS)
    monkeypatch.setattr("symdisc.discovery.verify_result", spoil)
    words = [f"--set={name}={value}" for name, value in OPTIONS.items()]
    assert main(["discover", str(tmp_path / "x.npy"), *words, "--out", str(run), "--quiet"]) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"symdisc: cannot write the result to {run / 'result'}: ")
    result = symdisc.load(_place(message))
    assert torch.equal(result.seed_generators, expected.seed_generators)


def test_nowhere_to_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = discover(X, options=OPTIONS)
    (tmp_path / "run").write_text("no folder")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    message = r"^cannot write the result to .*; nor could it be saved elsewhere: .*No such file"
    with pytest.raises(OutputError, match=message):
        save_and_report(result, RunFolder(tmp_path / "run"), print)


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    result = discover(X, options=OPTIONS)
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config(result.config)
    (tmp_path / "run" / "report.tmp").mkdir()
    message = (
        rf"^cannot write {tmp_path}/run/report.html: .*; the result is saved; "
        rf"`symdisc report {tmp_path}/run` writes the report$"
    )
    with pytest.raises(OutputError, match=message):
        save_and_report(result, folder, print)
    assert torch.equal(symdisc.load(tmp_path / "run").generators, result.generators)


ON_A_SMALL_DISK = """
import json, sys
from pathlib import Path
import numpy as np
import symdisc.discovery
from symdisc.errors import OutputError

symdisc.discovery.verify_result = lambda *_, **__: None
try:
    symdisc.discover(np.load(sys.argv[1]), options=json.loads(sys.argv[2]), out=sys.argv[3])
except OutputError as error:
    print(error)
"""
# A file system of 8 kB, in a mount name space of its own, which ends with the process.
MOUNTED = 'mount -t tmpfs -o size=8k tmpfs "$1" && shift && exec "$@"'


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk, x = tmp_path / "disk", tmp_path / "x.npy"
    disk.mkdir()
    np.save(x, X)
    apart = ["unshare", "--mount", "sh", "-c", MOUNTED, "sh", str(disk)]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*apart, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no file system can be mounted here")
    run = [sys.executable, "-c", ON_A_SMALL_DISK, str(x), json.dumps(OPTIONS), str(disk / "run")]
    environment = os.environ | {"TMPDIR": str(tmp_path / "elsewhere")}
    done = subprocess.run(
        [*apart, *run], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stdout.startswith("cannot write the result to "), done.stderr
    result = symdisc.load(_place(done.stdout))
    assert torch.equal(result.seed_generators, discover(X, options=OPTIONS).seed_generators)
    (note,) = [note for note in result.notes if "checkpoint" in note]
    assert "No space left on device" in note
