"""What a later reader has to know."""

from __future__ import annotations

import platform
import time
from datetime import datetime, timedelta
from importlib import metadata

import pytest
import torch

from symdisc.provenance import PACKAGES, machine, stopwatch, versions


def test_versions_of_python_and_packages() -> None:
    found = versions()
    assert list(found) == ["python", *PACKAGES]
    assert found["python"] == platform.python_version()
    assert found["torch"] == metadata.version("torch")


def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdisc.provenance.PACKAGES", ("numpy", "no-such-package"))
    assert versions()["no-such-package"] == "not installed"


def test_machine() -> None:
    found = machine(torch.device("cpu"))
    assert found["device"]
    assert found["system"] == f"{platform.system()} {platform.machine()}"
    assert found["threads"] == str(torch.get_num_threads())


def test_a_processor_that_the_system_does_not_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **keywords: object) -> None:
        raise OSError

    monkeypatch.setattr("builtins.open", fail)
    monkeypatch.setattr(platform, "processor", lambda: "")
    assert machine(torch.device("cpu"))["device"] == "unknown processor"


def test_stopwatch_measures_from_its_start() -> None:
    read = stopwatch()
    time.sleep(0.05)
    found = read()
    assert 0.05 <= found["wall_time [s]"] < 5
    assert 0 <= found["cpu_time [s]"] < 5
    date = datetime.fromisoformat(found["date"])
    assert date.utcoffset() == timedelta(0)
    assert abs(datetime.now(date.tzinfo) - date) < timedelta(seconds=60)


def test_the_stopwatch_adds_what_was_spent_before() -> None:
    times = stopwatch(wall=100.0, cpu=50.0)()
    assert 100 <= times["wall_time [s]"] < 101
    assert 50 <= times["cpu_time [s]"] < 51
