"""One run of the suite: a problem, a method and a seed in, a row out."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdisc.data.cache import make_cached
from symdisc.discovery import discover
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import Problem, RawData, TrueSymmetry
from symdisc.options import parse_options
from symdisc.registry import PluginHost, default_host
from symdisc.suite.pool import Lost
from symdisc.suite.rows import Row
from symdisc.suite.scoring import score
from symdisc.suite.tangents import Values

FIRST_SEED = 7000
"""Seed of the data of the first run; models have 100 times this seed and those after it."""

POINTS = 1000
"""States at which found and true fields are compared, at most."""


@dataclass(frozen=True)
class Task:
    """What is to be run.

    Attributes:
        problem: Name of the problem.
        method: Name of the method.
        seed: Number of the run, from 0.
    """

    problem: str
    method: str
    seed: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells rows apart."""
        return (self.problem, self.method, self.seed)


def run_task(task: Task, host: PluginHost | None = None) -> Row:
    """Run and judge; whatever the method or the problem raises becomes a row that says so.

    Args:
        task: What to run.
        host: The plugins to choose from; those installed by default.
    """
    host = host or default_host()
    target: type[Problem] = host.get("problem", task.problem)
    row, began = Row(task.problem, target.family, task.method, task.seed), time.process_time()
    try:
        problem = target()
        truth, states = _known(problem, task.seed, host)
        row, began = row.about(truth), time.process_time()
        row = _judged(row, problem, truth, states, host)
    except Exception as error:  # a plugin may raise anything; the other runs go on
        row = row.ended("failed", f"{type(error).__name__}: {error}")
    return row.measured(time.process_time() - began, _peak_memory())


def _judged(
    row: Row, problem: Problem, truth: TrueSymmetry, states: Values, host: PluginHost
) -> Row:
    """Only what the method itself refuses is not applicable, not what fails when it is judged."""
    try:
        result = discover(
            problem.dataset,
            method=row.method,
            seed=100 * (FIRST_SEED + row.seed),
            options=settings_of(problem, row.method, row.seed),
            host=host,
        )
    except (DataError, OptionError) as error:
        return row.ended("not applicable", str(error))
    return row.scored(score(result, truth, states))


def lost_row(task: Task, lost: Lost, host: PluginHost | None = None) -> Row:
    """The row of a run whose process ended without an answer."""
    target: type[Problem] = (host or default_host()).get("problem", task.problem)
    row = Row(task.problem, target.family, task.method, task.seed)
    return row.ended("over time" if lost.over_time else "crashed", lost.reason)


def settings_of(problem: Problem, method: str, seed: int) -> dict[str, Any]:
    """Settings of a run by address, beside what the data set recommends."""
    given: Mapping[str, Any] = {**problem.settings.get("*", {}), **problem.settings.get(method, {})}
    options = {f"dataset.{name}": value for name, value in problem.options.items()}
    return {**options, **given, "dataset.seed": FIRST_SEED + seed}


def _known(problem: Problem, seed: int, host: PluginHost) -> tuple[TrueSymmetry, Values]:
    """The truth, and states at which fields are compared."""
    dataset = host.get("dataset", problem.dataset)
    given = {**problem.options, "seed": FIRST_SEED + seed}
    options = parse_options(dataset.Options, given, "dataset")
    raw = make_cached(dataset, options)
    return problem.truth(options, raw), _states(raw)


def _states(raw: RawData) -> Values:
    rows = raw.rows
    return rows[np.random.default_rng(0).permutation(len(rows))[:POINTS]]


def _peak_memory() -> float:
    """Largest resident memory of this process so far [MiB]."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
