"""Damaged files are read or refused, whatever the damage; nothing crashes, hangs or escapes."""

from __future__ import annotations

import csv
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "data" / "fuzz_readers.py"
READERS = ("npy", "npz", "csv", "parquet", "h5", "pt")


@pytest.fixture(scope="module")
def fuzzing() -> ModuleType:
    spec = util.spec_from_file_location("fuzz_readers", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files(fuzzing: Any, reader: str) -> None:
    found = fuzzing.fuzz(reader, 0, 2000)
    assert {seed: what for seed, what in found.items() if what not in ("read", "refused")} == {}
    counted = list(found.values())
    assert len(counted) == 2000
    # Damage that is never noticed, or files that are always refused, would show nothing.
    assert counted.count("refused") > 200
    assert counted.count("read") > 15


def test_the_table_counts_every_file(fuzzing: Any, tmp_path: Path) -> None:
    assert (
        fuzzing.main(["--readers", "npy", "--files", "20", "--out", str(tmp_path / "a.csv")]) == 0
    )
    with (tmp_path / "a.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["reader"] == "npy"
    assert int(row["read"]) + int(row["refused"]) == int(row["files"]) == 20
    assert row["crashed"] == "0"


def test_damage_is_repeatable_and_differs(fuzzing: Any) -> None:
    good = bytes(range(256)) * 4

    def made(seed: int) -> bytes:
        content: bytes = fuzzing.damaged(good, np.random.default_rng(seed))
        return content

    assert made(3) == made(3)
    assert len({made(seed) for seed in range(200)}) > 150
    assert all(fuzzing.damaged(b"", np.random.default_rng(seed)) == b"" for seed in range(20))


def test_other_errors_are_seen(
    fuzzing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr("symdisc.data.reading.read", fail)
    assert fuzzing.read_one("npy", 0, fuzzing.good_files("npy"), tmp_path) == "KeyError: 'x'"


def test_workers_that_die_are_seen_and_started_again(
    fuzzing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A worker that dies at every third seed: by a crash, or by the alarm that ends a hang."""
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, os, signal, sys\n"
        "first, count = int(sys.argv[4]), int(sys.argv[6])\n"
        "for seed in range(first, first + count):\n"
        "    if seed % 3 == 2:\n"
        "        os.kill(os.getpid(), signal.SIGSEGV if seed < 5 else signal.SIGALRM)\n"
        "    print(json.dumps([seed, 'read']), flush=True)\n"
    )
    monkeypatch.setattr(fuzzing, "__file__", str(worker))
    found = fuzzing.fuzz("npy", 0, 7)
    assert found == {
        **dict.fromkeys((0, 1, 3, 4, 6), "read"),
        2: "died by signal 11",
        5: "died by signal 14",
    }
    assert fuzzing.row_of("npy", 0, 7)["crashed"] == 2


def test_a_worker_that_cannot_work_is_no_result(
    fuzzing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("raise SystemExit('no such reader')\n")
    monkeypatch.setattr(fuzzing, "__file__", str(worker))
    with pytest.raises(RuntimeError, match="the worker itself failed:\nno such reader"):
        fuzzing.fuzz("npy", 0, 7)
