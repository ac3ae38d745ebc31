"""``symdisc discover``: flags, short names, settings files, what it prints, and Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from made_elements import discrete_result

import symdisc
from symdisc.cli import main
from symdisc.cli.discover import _print_result, parse_assignments, parse_words
from symdisc.errors import OptionError
from symdisc.run_folder import read_config

TINY = ["--n-generators", "1", "--seeds", "2", "--set", "method.steps=30", "--device", "cpu"]
FEW = ["--set", "dataset.n_trajectories=20"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _options(run: str) -> dict[str, Any]:
    options: dict[str, Any] = read_config(Path(run) / "config.yaml")["options"]
    return options


@pytest.mark.parametrize(
    ("words", "source", "short"),
    [
        ([], None, {}),
        (["two-body"], "two-body", {}),
        (["two-body", "--n-generators", "2"], "two-body", {"n_generators": 2}),
        (["--n-generators", "2", "two-body"], "two-body", {"n_generators": 2}),
        (["--n-generators=2"], None, {"n_generators": 2}),
        (["--n_generators=2", "x.npz"], "x.npz", {"n_generators": 2}),
        (["--blocks", "[2, 2]", "--rate", "-1"], None, {"blocks": [2, 2], "rate": -1}),
        (["--law=a=b", "--none", "null"], None, {"law": "a=b", "none": None}),
        (["--steps", "5", "--steps", "5"], None, {"steps": 5}),
    ],
)
def test_words(words: list[str], source: str | None, short: dict[str, Any]) -> None:
    assert parse_words(words) == (source, short)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "b"], "^unexpected argument 'b'; see `symdisc discover --help`$"),
        (["a", "-x"], "^unexpected argument '-x'; see `symdisc discover --help`$"),
        (["--steps"], "^option --steps needs a value, e.g. --steps 1$"),
        (["--steps", "--n", "2"], "^option --steps needs a value, e.g. --steps 1$"),
        (["--b", "[1"], r"^--b \[1: the value '\[1' cannot be read: expected ',' or '\]', but got"),
        (["--k", "1", "--k", "2"], "^--k 2: k was set to 1 before; give one value$"),
    ],
)
def test_wrong_words(words: list[str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_words(words)


def test_all_wrong_words_are_listed() -> None:
    with pytest.raises(OptionError) as caught:
        parse_words(["a", "b", "--x", "[", "--y"])
    assert len(str(caught.value).splitlines()) == 3


def test_assignments_are_yaml() -> None:
    texts = ["group.blocks=[2, 2]", "method.steps = null", "a.b=c=d", "a.e=", "a.f=1.5", "a.f=1.5"]
    assert parse_assignments(texts) == {
        "group.blocks": [2, 2],
        "method.steps": None,
        "a.b": "c=d",
        "a.e": None,
        "a.f": 1.5,
    }


def test_wrong_assignments_are_listed() -> None:
    with pytest.raises(OptionError) as caught:
        parse_assignments(["group.blocks", "=3", "a.b=[1", "a.c=1", "a.c=2"])
    assert str(caught.value).splitlines() == [
        "--set 'group.blocks' must look like --set group.n_generators=3",
        "--set '=3' must look like --set group.n_generators=3",
        "--set 'a.b=[1': the value '[1' cannot be read: expected ',' or ']', but got "
        "'<stream end>'",
        "--set 'a.c=2': a.c was set to 1 before; give one value",
    ]


def test_a_run_says_what_was_found_and_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "two-body", *TINY, *FEW, "--out", "run"]) == 0
    out, err = capsys.readouterr()
    result = symdisc.load("run")
    assert result.summary() in out
    assert result.generator_text() in out
    assert result.evidence in out
    assert f"Why this name: {result.evidence}" in out
    assert "Run folder:    run\n" in out
    assert "Report:        run/report.html\n" in out
    assert "testing on held-out rows" in err
    assert Path("run/report.html").is_file()
    assert result.config["options"]["group"]["blocks"] == [2, 2, 2, 2]


def test_every_flag_reaches_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        *("--method", "liegan", "--preset", "paper", "--encoder", "identity"),
        *("--group", "lie-algebra", "--coefficients", "uniform", "--discriminator", "basics:mlp"),
        *("--seeds", "2", "--seed", "7", "--window", "3", "--representation", "4*V2"),
        *("--device", "cpu", "--kernel", "reference", "--n-generators", "2", "--steps=5"),
        *("--set", "method.epochs=null", "--set", "group.blocks=null", "--quiet"),
    ]
    assert main(["discover", *words, "two-body", *FEW, "--out", "run"]) == 0
    assert capsys.readouterr().err == ""
    config = read_config(Path("run/config.yaml"))
    assert config["preset"] == "paper"
    assert (config["coefficients"], config["discriminator"]) == ("uniform", "basics:mlp")
    options = config["options"]
    run = {"seeds": 2, "seed": 7, "device": "cpu", "kernel": "reference"}
    assert options["run"].items() >= run.items()
    assert (options["data"]["window"], options["data"]["representation"]) == (3, "4*V2")
    assert options["group"]["n_generators"] == 2
    assert options["method"]["steps"] == 5
    assert symdisc.load("run").generators.shape == (2, 2, 2)


def test_flags_are_stronger_than_the_settings_file() -> None:
    Path("first.yaml").write_text(
        "source: two-body\nmethod: liegan\noptions:\n  dataset: {n_trajectories: 20}\n"
        "  run: {seeds: 3, device: cpu}\n  method: {steps: 20}\n  group: {n_generators: 2}\n"
    )
    words = ["--config", "first.yaml", "--n-generators", "1", "--seeds", "2", "--quiet"]
    assert main(["discover", *words, "--out", "run"]) == 0
    assert _options("run")["group"]["n_generators"] == 1
    assert _options("run")["run"]["seeds"] == 2
    assert _options("run")["method"]["steps"] == 20
    again = ["--config", "run/config.yaml", "--set", "method.steps=10", "--method", "liegan"]
    assert main(["discover", *again, "--quiet", "--out", "again"]) == 0
    assert _options("again") == {**_options("run"), "method": _options("again")["method"]}
    assert _options("again")["method"]["steps"] == 10


def test_a_folder_is_chosen_without_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "two-body", *TINY, *FEW, "--quiet"]) == 0
    (run,) = Path("runs").iterdir()
    assert f"Run folder:    {run}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ([], ["no data given; name a data set or a file, e.g. symdisc discover two-body"]),
        (
            ["two-body", "--n-generatrs", "2"],
            [
                "unknown argument 'n_generatrs'; allowed: coefficients, columns, device, "
                "discriminator, encoder, group, kernel, method, n_generators, oracle, preset, "
                "representation, seed, seeds, standardise, states_key, steps, target_columns, "
                "target_representation, targets_key, trajectory_column, verifier, window. "
                "Did you mean 'n_generators'?"
            ],
        ),
        (
            ["two-body", "--steps", "3", "--set", "method.steps=4"],
            ["steps = 3 and method.steps = 4 contradict each other; give one of them"],
        ),
        (
            ["two-body", "--dataset", "no-symmetry"],
            [
                "dataset = 'no-symmetry': a data set is named as the data; write "
                "discover('no-symmetry') or symdisc discover no-symmetry"
            ],
        ),
        (
            ["two-body", "--logger", "tensorboard"],
            [
                "logger = 'tensorboard': a run may have several loggers; write "
                "--set run.loggers='[tensorboard]'"
            ],
        ),
        (
            ["two-body", "--set", "run.loggers=[tensorbord]"],
            ["no logger named 'tensorbord'; installed: tensorboard. Did you mean 'tensorboard'?"],
        ),
        (["two-body", "--config", "c.yaml"], ["no settings file c.yaml"]),
        (["two-body", "--steps"], ["option --steps needs a value, e.g. --steps 1"]),
        (
            ["two-body", "--seeds", "0", "--set", "group.blocks=x", "--discriminator", "mpl"],
            [
                "no discriminator named 'mpl'; installed: conv, mlp. Did you mean 'mlp'?",
                "option 'run.seeds' = 0: Input should be greater than or equal to 1",
                "option 'group.blocks' = 'x': Input should be a valid list",
            ],
        ),
    ],
)
def test_requests_that_make_no_sense(
    words: list[str], lines: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["discover", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "symdisc: " + "\n         ".join(lines) + "\n"
    assert list(tmp_path.iterdir()) == []


def test_usage_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "two-body", "--seeds", "many"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "'--seeds'" in err
    assert "Traceback" not in err


def _start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "symdisc", "discover", "two-body", "--device", "cpu", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.05)


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_found() -> None:
    process = _start("--seeds", "2", "--steps", "1000000", *FEW, "--out", "run")
    _wait_for(Path("run/metrics/liegan.csv"), process)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err
    result = symdisc.load("run")
    assert result.interrupted.startswith("liegan stopped after ")
    assert result.interrupted.endswith(" of 1000000 steps")
    assert f"interrupted: {result.interrupted}; not tested on held-out rows" in err
    assert f"not tested on held-out rows ({result.interrupted})" in out
    assert "Run folder:    run\n" in out
    assert "Go on with it: symdisc discover --resume run\n" in out
    assert result.interrupted in Path("run/report.html").read_text(encoding="utf-8")


# A plugin whose data set stops the process with Ctrl-C while the data are made.
INTERRUPTED = """
import os, signal, time
import symdisc_basics.datasets.two_body as two_body
from symdisc.cli import main

def stop(self):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)

two_body.TwoBody.make = stop
raise SystemExit(main(["discover", "two-body", "--out", "a/run"]))
"""


def test_ctrl_c_before_training_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "symdisc: interrupted\n"
    assert list(tmp_path.iterdir()) == []


def test_help_names_the_files_and_how_columns_are_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["discover", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert ".npy" in text
    assert ".parquet" in text
    for option in ("--columns", "--target-columns", "--trajectory-column", "--standardise scale"):
        assert option in text


def test_where_there_is_no_name_none_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for evidence in ("", "4 elements"):
        _print_result(discrete_result(evidence=evidence), None)
        assert ("Why this name" in capsys.readouterr().out) == bool(evidence)
