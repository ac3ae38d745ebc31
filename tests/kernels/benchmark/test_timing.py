"""Timing by a clock that the test holds."""

from __future__ import annotations

import time

import pytest

from symdisc_kernels.benchmark.timing import (
    LEAST_REPETITIONS,
    MOST_REPETITIONS,
    Run,
    clock_for,
    time_in_turns,
)


class Clock:
    """Time passes only while something runs."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[tuple[str, int]] = []

    def __call__(self) -> float:
        return self.now

    def run(self, name: str, *seconds: float) -> Run:
        """A run that takes these seconds a call, in turn; the last for ever."""

        def run(count: int) -> None:
            done = sum(1 for called, _ in self.calls if called == name)
            self.calls.append((name, count))
            self.now += count * seconds[min(done, len(seconds) - 1)]

        return run


def test_long_runs_are_called_once_a_sample() -> None:
    clock = Clock()
    found = time_in_turns({"a": clock.run("a", 1.0), "b": clock.run("b", 0.25)}, 0.5, clock)
    assert (found["a"].median, found["a"].repetitions) == (1.0, LEAST_REPETITIONS)
    assert (found["b"].median, found["b"].repetitions) == (0.25, LEAST_REPETITIONS)
    assert {count for _, count in clock.calls} == {1}


def test_samples_are_taken_in_turns() -> None:
    clock = Clock()
    time_in_turns({"a": clock.run("a", 1.0), "b": clock.run("b", 1.0)}, 0.5, clock)
    # Each is warmed up and sampled once, then they alternate.
    assert "".join(name for name, _ in clock.calls) == "aabb" + "abab"


def test_the_warm_up_does_not_count() -> None:
    clock = Clock()
    found = time_in_turns({"a": clock.run("a", 100.0, 1.0)}, 0.5, clock)
    assert found["a"].q80 == 1.0


def test_short_runs_are_repeated_within_a_sample() -> None:
    clock = Clock()
    found = time_in_turns({"a": clock.run("a", 1e-5)}, 0.1, clock)["a"]
    assert found.median == pytest.approx(1e-5)
    assert clock.calls[-1] == ("a", 200)
    assert found.repetitions == pytest.approx(50, abs=1)


def test_there_is_an_upper_limit() -> None:
    clock = Clock()
    found = time_in_turns({"a": clock.run("a", 0.01)}, 1e6, clock)["a"]
    assert found.repetitions == MOST_REPETITIONS


def test_quantiles() -> None:
    clock = Clock()
    seconds = [9.0, 1.0, 2.0, 3.0, 4.0, 5.0]  # the first is the warm-up
    found = time_in_turns({"a": clock.run("a", *seconds)}, 15.0, clock)["a"]
    assert (found.q20, found.median, found.q80, found.repetitions) == (1.8, 3.0, 4.2, 5)
    assert found.peak_memory is None


def test_one_thread_is_timed_in_processor_time() -> None:
    assert clock_for(1) is time.process_time
    assert clock_for(2) is time.perf_counter
