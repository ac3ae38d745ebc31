from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pool_work import end, interrupt, linger, sleep, spin, square, threads

from symdisc.suite import pool
from symdisc.suite.pool import Lost, run_all


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_is_answered(jobs: int) -> None:
    assert sorted(run_all(square, [1, 2, 3], jobs, 60)) == [(1, 1), (2, 4), (3, 9)]


def test_a_crash_takes_nothing_with_it() -> None:
    answers = dict(run_all(end, [0, 1, 2, 3], 1, 60))
    assert answers == {
        0: 0,
        1: Lost(False, "its process ended with code 3"),
        2: Lost(False, "its process was ended by SIGKILL"),
        3: 3,
    }


def test_time_that_is_up() -> None:
    began = time.monotonic()
    assert dict(run_all(spin, [1, 0], 1, 1)) == {1: Lost(True, "longer than 1 s of CPU time"), 0: 0}
    assert time.monotonic() - began < 60


def test_one_that_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "PATIENCE", 10.0)
    lost = Lost(True, "no answer in 10 s")
    assert dict(run_all(sleep, [str(tmp_path)], 1, 1)) == {str(tmp_path): lost}
    assert not _is_there(int((tmp_path / "began").read_text()))


def test_one_that_does_not_end_after_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_GRACE", 0.1)
    began = time.monotonic()
    assert list(run_all(linger, [1], 1, 60)) == [(1, 1)]
    assert time.monotonic() - began < 30


def test_each_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    assert list(run_all(threads, ["OMP_NUM_THREADS"], 1, 60)) == [("OMP_NUM_THREADS", "1")]
    assert list(run_all(threads, ["MKL_NUM_THREADS"], 1, 60)) == [("MKL_NUM_THREADS", "1")]
    assert os.environ["OMP_NUM_THREADS"] == "2"
    assert "MKL_NUM_THREADS" not in os.environ


def test_ctrl_c_is_for_the_first_one() -> None:
    assert list(run_all(interrupt, [1], 1, 60)) == [(1, 1)]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_no_process_goes_on_without_the_first_one(tmp_path: Path) -> None:
    code = (
        "from pool_work import sleep\n"
        "from symdisc.suite.pool import run_all\n"
        f"if __name__ == '__main__': next(run_all(sleep, [{str(tmp_path)!r}], 1, 60))\n"
    )
    script = tmp_path / "first.py"
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first = subprocess.Popen([sys.executable, str(script)], env=environment)
    number = _wait_for(tmp_path / "began")
    first.kill()
    first.wait()
    deadline = time.monotonic() + 20
    while _is_there(number) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_there(number)


def _wait_for(sign: Path) -> int:
    deadline = time.monotonic() + 60
    while not (sign.exists() and sign.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return int(sign.read_text())


def _is_there(number: int) -> bool:
    """Whether this process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_leaving_early_ends_the_processes(tmp_path: Path) -> None:
    began = time.monotonic()
    answers = run_all(square, [1, 2], 2, 60)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    slow = run_all(sleep, [str(tmp_path)], 1, 60)
    with pytest.raises(TimeoutError):
        _interrupted(slow, tmp_path / "began")
    assert time.monotonic() - began < 50


def _interrupted(answers: object, sign: Path) -> None:
    def stop(*_: object) -> None:
        if sign.exists():
            raise TimeoutError
        signal.setitimer(signal.ITIMER_REAL, 0.2)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        next(answers)  # type: ignore[call-overload]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
