from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symdisc.errors import OutputError
from symdisc.run_lock import locked

HOLDER = """
import sys, time
from pathlib import Path
from symdisc.run_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_names_its_process_and_is_gone_afterwards(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
    assert list(tmp_path.iterdir()) == []
    with locked(tmp_path):
        assert (tmp_path / "lock").exists()


def test_the_lock_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), locked(tmp_path):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_another_process_is_refused_until_the_holder_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        message = (
            rf"^{tmp_path} is being written by process {holder.pid}; wait until it ends, or stop "
            "it first$"
        )
        with pytest.raises(OutputError, match=message), locked(tmp_path):
            pytest.fail("the lock was given twice")
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (tmp_path / "lock").read_text() == f"{holder.pid}\n"
    with locked(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_lock_of_this_process_counts_too(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(OutputError, match=f"written by process {os.getpid()};"),
        locked(tmp_path),
    ):
        pytest.fail("the lock was given twice")


def test_a_lock_removed_by_its_holder_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder may end between the opening of the file and its locking."""
    flock = fcntl.flock
    calls: list[int] = []

    def removed_meanwhile(descriptor: int, how: int) -> Any:
        if not calls:
            (tmp_path / "lock").unlink()
        calls.append(descriptor)
        return flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", removed_meanwhile)
    with locked(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
    assert len(calls) == 2


def test_a_file_system_without_locks_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    ran = []
    with locked(tmp_path):
        ran.append(True)
    with locked(tmp_path / "no such folder"):
        ran.append(True)
    assert ran == [True, True]
