"""Measuring one problem: directions, batches, failures, threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from symdisc_kernels.benchmark import Case, Contender, Problem, make_problem, measure_case, threads
from symdisc_kernels.benchmark.cases import Direction
from symdisc_kernels.benchmark.timing import Run

Sizes = dict[str, set[int]]


def _contender(
    name: str, run: Callable[[Problem], object], *, gradients: bool = True, entries: int = 10**9
) -> Contender:
    def bind(problem: Problem, direction: Direction) -> Run | None:
        if direction == "forward+backward" and not gradients:
            return None
        return lambda count: run(problem)

    return Contender(name, bind, lambda device: None, entries)


def _fails(problem: Problem) -> None:
    raise RuntimeError("no memory")


def test_both_directions_and_the_batch_that_fits() -> None:
    seen: set[int] = set()
    small = _contender("small", lambda p: seen.add(p.points.shape[0]), entries=400)
    found = measure_case(Case(2, batch=1000), [small], seconds=0.001)
    assert [m.direction for m in found] == ["forward", "forward+backward"]
    assert seen == {100}
    for measurement in found:
        assert measurement.measured_batch == 100
        assert measurement.scale == 10
        assert measurement.seconds == 10 * measurement.timing.median
        assert measurement.threads == torch.get_num_threads()
        assert measurement.norms.shape == (1000,)
        assert measurement.load >= 0


def test_what_has_no_gradients_is_measured_forward() -> None:
    one = _contender("one", lambda p: None, gradients=False)
    two = _contender("two", lambda p: None)
    found = measure_case(Case(2, batch=10), [one, two], seconds=0.001)
    assert [(m.contender, m.direction) for m in found] == [
        ("one", "forward"),
        ("two", "forward"),
        ("two", "forward+backward"),
    ]


def test_a_contender_that_fails_is_left_out_and_reported() -> None:
    failures: list[str] = []
    chosen = [_contender("bad", _fails), _contender("good", lambda p: None)]
    found = measure_case(
        Case(2, batch=10), chosen, 0.001, lambda name, error: failures.append(f"{name}: {error}")
    )
    assert {m.contender for m in found} == {"good"}
    assert failures == ["bad: no memory"] * 2


def test_a_failure_is_an_error_by_default() -> None:
    with pytest.raises(RuntimeError, match="no memory"):
        measure_case(Case(2, batch=10), [_contender("bad", _fails)], 0.001)


def test_threads_are_as_before_afterwards() -> None:
    before = torch.get_num_threads()
    with threads(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before
    with pytest.raises(RuntimeError, match="no memory"), threads(before + 1):
        _fails(make_problem(Case(2)))
    assert torch.get_num_threads() == before
