from __future__ import annotations

from typing import Any, ClassVar

import pytest
import torch
from made_results import TURN, make

from symdisc.errors import DataError, OptionError, TrainingError
from symdisc.interfaces import Problem
from symdisc.registry import default_host
from symdisc.representations import Representation
from symdisc.suite import task as module
from symdisc.suite.pool import Lost
from symdisc.suite.task import FIRST_SEED, Task, lost_row, run_task, settings_of
from symdisc_basics.problems.discrete import O2Regression

TASK = Task("o2-regression", "liegan", 2)


def _answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[dict[str, Any]]:
    asked = []

    def discover(source: str, **given: Any) -> Any:
        asked.append({"source": source, **given})
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "discover", discover)
    return asked


def test_a_result_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    result = make(TURN[None], representation=Representation.parse("2*V2"))
    asked = _answering(monkeypatch, result)
    row = run_task(TASK)
    assert (row.status, row.dimension, row.true_dimension, row.true_elements) == ("ran", 1, 1, 2)
    assert (row.right, row.elements, row.family, row.key) == (False, 1, "discrete", TASK.key)
    assert row.angle == pytest.approx(0, abs=0.01)
    assert row.cpu_time is not None
    assert row.peak_memory is not None
    assert row.peak_memory > 50
    (given,) = asked
    assert (given["source"], given["method"]) == ("o2-regression", "liegan")
    assert given["options"] == {"dataset.seed": FIRST_SEED + 2}
    assert given["seed"] == 100 * (FIRST_SEED + 2)


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (DataError("too few\nrows"), "not applicable", "too few"),
        (OptionError("no such"), "not applicable", "no such"),
        (TrainingError("nan"), "failed", "TrainingError: nan"),
        (ZeroDivisionError("oh"), "failed", "ZeroDivisionError: oh"),
    ],
)
def test_what_a_method_raises(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: str, reason: str
) -> None:
    _answering(monkeypatch, error)
    row = run_task(TASK)
    assert (row.status, row.reason, row.success, row.dimension) == (status, reason, False, None)


def test_what_fails_when_it_is_judged_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise DataError("no such matrices")

    _answering(monkeypatch, make(TURN[None], representation=Representation.parse("2*V2")))
    monkeypatch.setattr(module, "score", fail)
    row = run_task(TASK)
    assert (row.status, row.reason) == ("failed", "DataError: no such matrices")
    assert (row.true_dimension, row.true_elements) == (1, 2)


def test_a_problem_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise KeyError("truth")

    monkeypatch.setattr(O2Regression, "truth", fail)
    row = run_task(TASK)
    assert (row.status, row.reason, row.family) == ("failed", "KeyError: 'truth'", "discrete")
    assert (row.key, row.true_dimension) == (TASK.key, None)


def test_a_process_that_was_lost() -> None:
    assert lost_row(TASK, Lost(True, "long")).status == "over time"
    row = lost_row(TASK, Lost(False, "killed"))
    assert (row.status, row.reason, row.key, row.family) == (
        "crashed",
        "killed",
        TASK.key,
        "discrete",
    )


def test_settings_of_a_problem() -> None:
    class Made(Problem):
        options: ClassVar[dict[str, Any]] = {"which": "cusp"}
        settings: ClassVar[dict[str, Any]] = {
            "*": {"data.standardise": "centre", "run.seeds": 2},
            "liegg": {"run.seeds": 1},
        }

        def truth(self, options: Any, raw: Any) -> Any:
            raise NotImplementedError

    plain = {"dataset.which": "cusp", "data.standardise": "centre", "dataset.seed": FIRST_SEED}
    assert settings_of(Made(), "liegan", 0) == {**plain, "run.seeds": 2}
    assert settings_of(Made(), "liegg", 0) == {**plain, "run.seeds": 1}


def test_one_real_run() -> None:
    row = run_task(Task("cusp", "vector-field", 0), default_host())
    assert (row.status, row.dimension, row.true_dimension) == ("ran", 1, 1)
    assert row.angle is not None
    assert row.angle < 5
    assert torch.get_default_dtype() is torch.float32
