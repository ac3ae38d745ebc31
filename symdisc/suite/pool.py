"""Processes side by side, one for each piece of work, with a limit of CPU time."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Environment of each process: processes side by side would take threads from each other."""

PATIENCE = 20.0
"""Times the limit after which a process is ended that does nothing and so uses no CPU time [1]."""

_GRACE = 10.0
"""Time that a process has to end after its answer [s]."""


@dataclass(frozen=True)
class Lost:
    """Work whose process ended without an answer.

    Attributes:
        over_time: Whether it ran longer than it was allowed to.
        reason: How the process ended, in words.
    """

    over_time: bool
    reason: str


@dataclass
class _Running(Generic[T]):
    item: T
    process: SpawnProcess
    answers: Connection
    deadline: float


def run_all(
    work: Callable[[T], R], items: Sequence[T], jobs: int, limit: float
) -> Iterator[tuple[T, R | Lost]]:
    """Do work on every item, each in a fresh process; answers come in the order they are ready.

    A process that crashes takes nothing with it. Leaving the loop early ends all processes.

    Args:
        work: A function of a module.
        items: What it is to be called with.
        jobs: Processes at once.
        limit: CPU time after which a process is ended [s]; one that waits for something is ended
            after :data:`PATIENCE` times that on the clock.
    """
    context = multiprocessing.get_context("spawn")
    waiting, running = list(items), list[_Running[T]]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_start(context, work, waiting.pop(0), limit))
            soonest = min(one.deadline for one in running)
            ready = wait([one.answers for one in running], max(0.0, soonest - time.monotonic()))
            now = time.monotonic()
            for one in [o for o in running if o.answers in ready or o.deadline <= now]:
                running.remove(one)
                yield one.item, _answer(one, limit)
    finally:
        for one in running:
            one.process.kill()
            one.process.join()


def _start(context: Any, work: Callable[[T], R], item: T, limit: float) -> _Running[T]:
    answers, sending = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sending, work, item, limit), daemon=True)
    with _inherited():
        process.start()
    sending.close()
    return _Running(item, process, answers, time.monotonic() + PATIENCE * limit)


@contextmanager
def _inherited() -> Iterator[None]:
    """What a new process takes over: one thread, and to wait for the first one at Ctrl-C.

    Ctrl-C reaches all processes of a terminal; the first one decides what becomes of the others.
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    resource_tracker.ensure_running()  # it would let signals through
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _child(answers: Connection, work: Callable[[T], R], item: T, limit: float) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    if most == resource.RLIM_INFINITY or limit < most:
        resource.setrlimit(resource.RLIMIT_CPU, (max(1, round(limit)), most))
    answers.send(work(item))
    answers.close()


def _end_with_parent() -> None:
    """However the first process ends, this one does not go on without it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _answer(one: _Running[T], limit: float) -> Any:
    try:
        if one.answers.poll():
            return one.answers.recv()
        one.process.kill()
        return Lost(True, f"no answer in {PATIENCE * limit:g} s")
    except EOFError:
        one.process.join()
        return _lost(cast("int", one.process.exitcode), limit)
    finally:
        one.answers.close()
        one.process.join(_GRACE)
        one.process.kill()
        one.process.join()


def _lost(code: int, limit: float) -> Lost:
    if code == -signal.SIGXCPU:
        return Lost(True, f"longer than {limit:g} s of CPU time")
    if code < 0:
        return Lost(False, f"its process was ended by {signal.Signals(-code).name}")
    return Lost(False, f"its process ended with code {code}")
