"""The CPU kernels beside torch, for ``pytest benchmarks --benchmark-only``.

Times are processor time. As an ordinary test each benchmark runs once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from symdisc_kernels.benchmark import DIRECTIONS, Case, known_contenders, make_problem, threads
from symdisc_kernels.benchmark.cases import Direction
from symdisc_kernels.benchmark.timing import Run


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Torch computes with one thread."""
    with threads(1):
        yield


@pytest.fixture
def run(n: int, batch: int, direction: Direction, name: str) -> Run:
    """One contender on one problem, its kernel compiled."""
    contender = known_contenders()[name]
    if reason := contender.unavailable("cpu"):
        pytest.skip(reason)
    run = contender.bind(make_problem(Case(n, batch=batch)), direction)
    assert run is not None
    run(1)
    return run


@pytest.mark.benchmark(timer=time.process_time, min_rounds=3, max_time=0.3, warmup=False)
@pytest.mark.parametrize("name", ["torch", "cpu"])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("batch", [64, 10_000])
@pytest.mark.parametrize("n", [2, 3, 4, 8])
def test_group_action(benchmark: BenchmarkFixture, run: Run, n: int, batch: int) -> None:
    """Time y = exp(Σ z L) x and its gradients."""
    benchmark.group = f"n = {n}, B = {batch}"
    benchmark(run, 1)
