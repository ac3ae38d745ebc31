"""Time contenders on one problem."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc_kernels.benchmark.cases import DIRECTIONS, Case, Direction, make_problem
from symdisc_kernels.benchmark.contenders import Contender
from symdisc_kernels.benchmark.timing import Run, Timing, clock_for, time_in_turns, time_on_gpu


@dataclass(frozen=True)
class Measurement:
    """How long one contender took for one problem in one direction.

    Attributes:
        contender: Its name.
        case: The problem asked for.
        direction: Forward alone, or with the three gradients.
        timing: Seconds of a call at ``measured_batch`` samples.
        measured_batch: Samples that were computed, fewer than asked for where those do not fit.
        norms: 1-norms of the exponents ``(samples,)``.
        threads: Threads on the CPU.
        load: Processes that ran or waited on the machine, over the last minute.
    """

    contender: str
    case: Case
    direction: Direction
    timing: Timing
    measured_batch: int
    norms: Tensor
    threads: int
    load: float

    @property
    def scale(self) -> float:
        """What seconds are multiplied with to stand for the whole batch."""
        return self.case.batch / self.measured_batch

    @property
    def seconds(self) -> float:
        """Median for the batch asked for."""
        return self.timing.median * self.scale


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let torch compute with this number of threads inside the block."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def measure_case(
    case: Case,
    chosen: Sequence[Contender],
    seconds: float = 0.5,
    on_failure: Callable[[str, Exception], None] | None = None,
) -> list[Measurement]:
    """Time every contender forward and, where it has gradients, forward and backward.

    Args:
        case: The problem.
        chosen: What to time, in turns, with as many threads as torch is set to.
        seconds: Time for each contender and direction.
        on_failure: Called with the name of a contender that raises and its error; such a
            contender is left out. By default the error is raised.
    """
    problem = make_problem(case)
    norms = problem.norms()
    batches = {contender.name: contender.measured_batch(case) for contender in chosen}
    results = []
    for direction in DIRECTIONS:
        runs = {}
        for contender in chosen:
            run = contender.bind(problem.first(batches[contender.name]), direction)
            if run is not None and _starts(contender.name, run, on_failure):
                runs[contender.name] = run
        timings = _timings(case, runs, seconds)
        results += [
            Measurement(
                name,
                case,
                direction,
                timing,
                batches[name],
                norms,
                torch.get_num_threads(),
                os.getloadavg()[0],
            )
            for name, timing in timings.items()
        ]
    return results


def _starts(name: str, run: Run, on_failure: Callable[[str, Exception], None] | None) -> bool:
    """Whether a first call, in which kernels are compiled, succeeds."""
    if on_failure is None:
        return True
    try:
        run(1)
    except Exception as error:
        on_failure(name, error)
        return False
    return True


def _timings(case: Case, runs: dict[str, Run], seconds: float) -> dict[str, Timing]:
    if case.device == "cuda":
        return {name: time_on_gpu(run, seconds) for name, run in runs.items()}
    return time_in_turns(runs, seconds, clock_for(torch.get_num_threads()))
