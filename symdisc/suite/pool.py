"""Processes side by side, one for each piece of work, with a limit of CPU time."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")


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


def run_all(
    work: Callable[[T], R], items: Sequence[T], jobs: int, limit: float
) -> Iterator[tuple[T, R | Lost]]:
    """Do work on every item, each in a fresh process; answers come in the order they are ready.

    A process that crashes takes nothing with it. Leaving the loop early ends all processes.

    Args:
        work: A function of a module.
        items: What it is to be called with.
        jobs: Processes at once.
        limit: CPU time after which a process is ended [s].
    """
    context = multiprocessing.get_context("spawn")
    waiting, running = list(items), list[_Running[T]]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_start(context, work, waiting.pop(0), limit))
            ready = wait([one.answers for one in running])
            for one in [one for one in running if one.answers in ready]:
                running.remove(one)
                yield one.item, _answer(one, limit)
    finally:
        for one in running:
            one.process.kill()
            one.process.join()


def _start(context: Any, work: Callable[[T], R], item: T, limit: float) -> _Running[T]:
    answers, sending = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sending, work, item, limit), daemon=True)
    process.start()
    sending.close()
    return _Running(item, process, answers)


def _child(answers: Connection, work: Callable[[T], R], item: T, limit: float) -> None:
    # Ctrl-C reaches all processes of a terminal; the first one decides what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    seconds = max(1, round(limit))
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))
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
        return one.answers.recv()
    except EOFError:
        one.process.join()
        return _lost(cast("int", one.process.exitcode), limit)
    finally:
        one.answers.close()
        one.process.join()


def _lost(code: int, limit: float) -> Lost:
    if code == -signal.SIGXCPU:
        return Lost(True, f"longer than {limit:g} s of CPU time")
    if code < 0:
        return Lost(False, f"its process was ended by {signal.Signals(-code).name}")
    return Lost(False, f"its process ended with code {code}")
