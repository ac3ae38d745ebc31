from __future__ import annotations

import os
import subprocess
import sys

import pytest

import symdisc
from symdisc.cli import main
from symdisc.errors import OptionError


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"symdisc {symdisc.__version__}\n"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_the_commands(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([option]) == 0
    text = capsys.readouterr().out
    assert all(command in text for command in ("list", "show", "plugins", "--version"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lst"], "No such command 'lst'. Did you mean 'list'?"),
        (["plugins", "chek"], "No such command 'chek'. Did you mean 'check'?"),
        (["list", "--jsn"], "No such option: --jsn"),
        (["show"], "Missing argument 'kind'"),
    ],
)
def test_usage_errors_exit_with_2(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message.lower() in " ".join(err.lower().split())


def test_our_errors_are_one_message_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OptionError("unknown option 'a'\nunknown option 'b'")

    monkeypatch.setattr("symdisc.registry.default_host", fail)
    assert main(["list"]) == 2
    assert capsys.readouterr().err == ("symdisc: unknown option 'a'\n         unknown option 'b'\n")


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("symdisc.registry.default_host", fail)
    with pytest.raises(ZeroDivisionError, match="a fault"):
        main(["list"])


def test_python_m_symdisc_is_the_same_command() -> None:
    command = [sys.executable, "-m", "symdisc", "show", "grup", "x"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("symdisc: no kind of component is called 'grup'; kinds: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "completions"),
    [
        ("symdisc sho", ["show"]),
        ("symdisc list da", ["dataset"]),
        ("symdisc show kernel ref", ["reference"]),
        ("symdisc show kernel basics:ref", ["basics:reference"]),
        ("symdisc plugins show liega", ["liegan"]),
        ("symdisc plugins check liega", ["liegan"]),
    ],
)
def test_shell_completion(typed: str, completions: list[str]) -> None:
    environment = {
        **os.environ,
        "_SYMDISC_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    command = [sys.executable, "-m", "symdisc"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == completions
