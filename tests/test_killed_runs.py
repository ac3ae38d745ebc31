"""Runs that are killed with ``kill -9`` end in the same bits as a run that was left alone."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("killing.py")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[dict[str, Any]]]:
    """The seed of the moments and what the script tells of each run."""
    seed = random.SystemRandom().randrange(10**6)
    command = [sys.executable, "-W", "error", str(SCRIPT), str(tmp_path_factory.mktemp("killed"))]
    done = subprocess.run([*command, str(seed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return seed, [json.loads(line) for line in done.stdout.splitlines()]


def test_every_killed_run_ends_in_the_same_bits(told: tuple[int, list[dict[str, Any]]]) -> None:
    seed, runs = told
    assert len(runs) == 20
    wrong = [run["name"] for run in runs if not (run["ended"] and run["same"])]
    assert wrong == [], f"python {SCRIPT.name} FOLDER {seed}"


def test_all_of_them_were_killed(told: tuple[int, list[dict[str, Any]]]) -> None:
    seed, runs = told
    deaths = {run["name"]: run["deaths"] for run in runs}
    assert deaths == {name: 2 if name == "twice" else 1 for name in deaths}, seed
    assert sum(name.startswith("from outside") for name in deaths) == 5


def test_nothing_is_left_of_the_kill(told: tuple[int, list[dict[str, Any]]]) -> None:
    assert all(run["left"] == ["config.yaml", "metrics", "result"] for run in told[1])
