"""Timing: processor time for one thread, wall time for several, events on a GPU.

Other programs on the machine stretch wall time but hardly processor time, so one thread is timed
with ``time.process_time``; it counts every thread of the process. What is compared is measured in
turns, so that a change of the clock rate meets all alike.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch

Run = Callable[[int], object]
"""Does the work as often as it is told."""

Clock = Callable[[], float]

LEAST_REPETITIONS = 3
MOST_REPETITIONS = 200
_LEAST_SECONDS = 2e-3  # of one sample: far above the cost of reading the clock


@dataclass(frozen=True)
class Timing:
    """Seconds of one call: median, 20 % and 80 % quantile, and how many samples they are from.

    Attributes:
        peak_memory: Bytes allocated on the GPU beyond what was there before, at most.
    """

    median: float
    q20: float
    q80: float
    repetitions: int
    peak_memory: int | None = None


@dataclass
class _Samples:
    run: Run
    calls: int
    seconds: list[float] = field(default_factory=list)

    def take(self, clock: Clock) -> None:
        start = clock()
        self.run(self.calls)
        self.seconds.append((clock() - start) / self.calls)

    def is_complete(self, budget: float) -> bool:
        taken = len(self.seconds)
        spent = sum(self.seconds) * self.calls
        return taken >= LEAST_REPETITIONS and (spent >= budget or taken >= MOST_REPETITIONS)


def clock_for(threads: int) -> Clock:
    """Processor time of the process for one thread, wall time for several."""
    return time.process_time if threads == 1 else time.perf_counter


def time_in_turns(
    runs: Mapping[str, Run], seconds: float, clock: Clock = time.process_time
) -> dict[str, Timing]:
    """Time several runs in turns, after one call of each that is not counted.

    Args:
        runs: What to time, by name.
        seconds: How long each is sampled; three samples are taken at least, 200 at most.
        clock: Reads the time in seconds.
    """
    samples = {name: _calibrated(run, clock) for name, run in runs.items()}
    while pending := [s for s in samples.values() if not s.is_complete(seconds)]:
        for sample in pending:
            sample.take(clock)
    return {name: timing_of(sample.seconds) for name, sample in samples.items()}


def time_on_gpu(run: Run, seconds: float) -> Timing:
    """Time one run with CUDA events, the L2 cache flushed before each call."""
    from triton.testing import do_bench

    run(1)
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    run(1)
    torch.cuda.synchronize()
    peak = torch.cuda.max_memory_allocated() - before
    budget = 1e3 * seconds
    milliseconds = do_bench(lambda: run(1), warmup=budget / 4, rep=budget, return_mode="all")
    return timing_of([1e-3 * value for value in milliseconds], peak)


def _calibrated(run: Run, clock: Clock) -> _Samples:
    """Warm up, then find how many calls make one sample."""
    run(1)
    samples = _Samples(run, 1)
    samples.take(clock)
    once = samples.seconds[0]
    if once < _LEAST_SECONDS:
        return _Samples(run, math.ceil(_LEAST_SECONDS / max(once, 1e-7)))
    return samples


def timing_of(seconds: list[float], peak_memory: int | None = None) -> Timing:
    """The quantiles of samples in seconds."""
    places = torch.tensor((0.2, 0.5, 0.8), dtype=torch.float64)
    q20, median, q80 = torch.tensor(seconds, dtype=torch.float64).quantile(places).tolist()
    return Timing(median, q20, q80, len(seconds), peak_memory)
