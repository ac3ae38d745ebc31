"""Runs that are killed at given or random moments, forked from one small process.

``python killing.py FOLDER`` prints one JSON line for each case: where the run was killed, how
often, and whether it ended in the same bits as a run that was left alone. Forking saves the seconds
that importing torch takes; nothing is installed into the program but in this file.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

import symdisc
import symdisc.discovery
import symdisc.report.page
from symdisc.engine import checkpoint
from symdisc.engine.training import Training

STEPS = 40
PAUSE = 0.01
"""Time that a step takes at least in a run that is killed from outside [s]."""

X = np.random.default_rng(0).standard_normal((60, 2))
OPTIONS = {
    "run.seeds": 2,
    "run.device": "cpu",
    "run.checkpoint_every": 0.0,
    "method.steps": STEPS,
}

Kill = Callable[[], None]


def killed() -> None:
    """What ``kill -9`` does: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def at_step(step: int, before: bool) -> Kill:
    """Kill around a step of the training."""

    def install() -> None:
        advance = Training.advance

        def counted(self: Training) -> Any:
            if before and self.step == step:
                killed()
            losses = advance(self)
            if self.step == step:
                killed()
            return losses

        Training.advance = counted  # type: ignore[method-assign]

    return install


def in_checkpoint(number: int, share: float) -> Kill:
    """Kill while a checkpoint is written, after a share of its bytes."""

    def install() -> None:
        write, count = checkpoint._write_through, iter(range(10**6))

        def cut(path: Path, content: bytes) -> None:
            if next(count) == number:
                write(path, content[: int(share * len(content))])
                killed()
            write(path, content)

        checkpoint._write_through = cut

    return install


def after_checkpoint(number: int) -> Kill:
    """Kill between the writing of a checkpoint and its new name."""

    def install() -> None:
        replace, count = Path.replace, iter(range(10**6))

        def cut(self: Path, target: Any) -> Any:
            if self.name.startswith("checkpoint") and next(count) == number:
                killed()
            return replace(self, target)

        Path.replace = cut  # type: ignore[method-assign]

    return install


_ENDS: dict[str, tuple[Any, str]] = {
    "verifying": (symdisc.discovery, "verify_result"),
    "saving": (symdisc.SymmetryResult, "save"),
}


def at_end(what: str) -> Kill:
    """Kill while the result is tested or saved."""

    return lambda: setattr(*_ENDS[what], lambda *_, **__: killed())


def nothing() -> None:
    """Leave the run alone."""


def slowed() -> None:
    """Make the run last long enough to be killed from outside."""
    advance = Training.advance

    def slow(self: Training) -> Any:
        time.sleep(PAUSE)
        return advance(self)

    Training.advance = slow  # type: ignore[method-assign]


def child(run: Path, kill: Kill) -> int:
    """Start or go on with the run in a forked process; return its number."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        kill()
        begun = (run / "config.yaml").exists()
        given: dict[str, Any] = {"resume": run} if begun else {"out": run, "options": OPTIONS}
        symdisc.discover(X, **given)
        status = 0
    finally:
        os._exit(status)


def tensors(run: Path) -> list[torch.Tensor]:
    result = symdisc.load(run)
    return [result.generators, result.seed_generators]


def case(name: str, run: Path, kills: list[Kill], delays: list[float]) -> dict[str, Any]:
    """One run: killed by itself, then from outside after the delays, then left alone."""
    deaths = 0
    for kill in kills:
        deaths += os.waitpid(child(run, kill), 0)[1] == signal.SIGKILL
    for delay in delays:
        pid = child(run, slowed)
        while not (run / "metrics").exists():
            time.sleep(0.001)
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        deaths += os.waitpid(pid, 0)[1] == signal.SIGKILL
    ended = os.waitpid(child(run, nothing), 0)[1] == 0
    return {"name": name, "deaths": deaths, "ended": ended, "run": run.name}


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    # A kill loses nothing that a process has written; only a power cut could, and fsync is slow.
    left_out: list[tuple[Any, str]] = [
        (symdisc.discovery, "verify_result"),
        (symdisc.report.page, "write_report"),
        (os, "fsync"),
    ]
    for place, name in left_out:
        setattr(place, name, lambda *_, **__: None)
    symdisc.discover(X, out=folder / "whole", options=OPTIONS)  # warms up what children share
    rng = random.Random(int(sys.argv[2]))
    cases: list[tuple[str, list[Kill], list[float]]] = []
    for _ in range(6):
        step = rng.randrange(1, STEPS)
        cases.append((f"step {step}", [at_step(step, rng.random() < 0.5)], []))
    for _ in range(4):
        number, share = rng.randrange(STEPS), rng.random()
        cases.append((f"in checkpoint {number}, {share:.2f}", [in_checkpoint(number, share)], []))
    for _ in range(2):
        number = rng.randrange(STEPS)
        cases.append((f"after checkpoint {number}", [after_checkpoint(number)], []))
    cases.append(("verifying", [at_end("verifying")], []))
    cases.append(("saving", [at_end("saving")], []))
    twice = [at_step(STEPS // 3, True), in_checkpoint(STEPS // 3, 0.5)]
    cases.append(("twice", twice, []))
    for number in range(5):
        # Before the last step, which cannot come earlier than this.
        delay = rng.uniform(0.0, 0.9) * STEPS * PAUSE
        cases.append((f"from outside {number}", [], [delay]))
    whole = tensors(folder / "whole")
    for number, (name, kills, delays) in enumerate(cases):
        told = case(name, folder / f"run{number}", kills, delays)
        mine = tensors(folder / f"run{number}")
        told["same"] = all(torch.equal(a, b) for a, b in zip(whole, mine, strict=True))
        told["left"] = sorted(path.name for path in (folder / f"run{number}").iterdir())
        print(json.dumps(told), flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(Path(sys.argv[1]))
