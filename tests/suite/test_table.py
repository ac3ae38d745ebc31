from __future__ import annotations

import pytest

from symdisc.suite.rows import Row
from symdisc.suite.table import by_family, by_problem, interval, judged, markdown


def _row(problem: str, family: str, method: str, seed: int, **changes: object) -> Row:
    given = {"cpu_time": 10.0 + seed, "peak_memory": 400.0, "true_dimension": 1, **changes}
    return Row(problem, family, method, seed, **given)  # type: ignore[arg-type]


ROWS = [
    _row("ring", "continuous", "good", 0, right=True, success=True, angle=1.0),
    _row("ring", "continuous", "good", 1, right=True, angle=3.0, true_elements=2),
    _row("ring", "continuous", "bad", 0, status="over time"),
    _row("ring", "continuous", "bad", 1, status="not applicable"),
    _row("noise", "negative", "good", 0, success=True, right=True, true_dimension=0),
    _row("noise", "negative", "bad", 0, false_confirmation=True, true_dimension=0),
]


def test_intervals_are_wilsons() -> None:
    assert interval(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-3)
    assert interval(0, 3) == pytest.approx((0, 0.5615), abs=1e-3)


def test_what_a_method_has_no_use_for_does_not_count() -> None:
    assert len(judged(ROWS)) == 5


def test_by_family() -> None:
    headers, lines = by_family(ROWS)
    assert headers[:4] == ["method", "continuous", "negative", "false confirmations"]
    assert lines == [
        ["bad", "0/1 (0–79 %)", "0/1 (0–79 %)", "1/1 (21–100 %)", "10", "400"],
        ["good", "1/2 (9–91 %)", "1/1 (21–100 %)", "0/3 (0–56 %)", "10", "400"],
    ]


def test_by_problem() -> None:
    headers, lines = by_problem(ROWS)
    assert headers == ["family", "problem", "truth", "bad", "good"]
    assert lines == [
        ["continuous", "ring", "1 dim.", "0/1 (over time 1)", "1/2 (right 2, 2°)"],
        ["negative", "noise", "0 dim.", "0/1 (false 1)", "1/1"],
    ]


def test_a_method_that_is_never_applicable() -> None:
    _, lines = by_family([_row("ring", "continuous", "bad", 0, status="not applicable")])
    assert lines == [["bad", "–", "–", "–", "–"]]
    _, cells = by_problem(
        [_row("ring", "discrete", "x", 0, status="not applicable", true_elements=4)]
    )
    assert cells == [["discrete", "ring", "1 dim., 4 comp.", "–"]]


def test_what_was_not_measured_is_not_what_does_not_apply() -> None:
    rows = [
        _row("ring", "continuous", "good", 0, success=True, right=True),
        _row("disc", "continuous", "bad", 0, status="not applicable"),
    ]
    _, lines = by_problem(rows)
    assert lines == [
        ["continuous", "ring", "1 dim.", "", "1/1"],
        ["continuous", "disc", "1 dim.", "–", ""],
    ]


def test_lost_runs_do_not_know_the_truth() -> None:
    lost = _row("ring", "discrete", "x", 0, status="crashed", true_dimension=None)
    assert by_problem([lost])[1] == [["discrete", "ring", "?", "0/1 (crashed 1)"]]
    known = _row("ring", "discrete", "x", 1, success=True, right=True)
    assert by_problem([lost, known])[1][0][2] == "1 dim."


def test_markdown() -> None:
    lines = markdown(ROWS).splitlines()
    assert (
        lines[0]
        == "| method | continuous | negative | false confirmations | CPU time [s] | memory [MiB] |"
    )
    assert lines[1] == "| --- | --- | --- | --- | --- | --- |"
    assert "| continuous | ring | 1 dim. | 0/1 (over time 1) | 1/2 (right 2, 2°) |" in lines


def test_symmetries_of_another_kind_do_not_count() -> None:
    other = _row("ring", "negative", "x", 0, status="other kind", false_confirmation=False)
    assert judged([other]) == []
    assert by_problem([other])[1][0][-1] == "other kind 1"
    plain = _row("ring", "negative", "x", 1, success=True, right=True)
    assert by_problem([other, plain])[1][0][-1] == "1/1 (other kind 1)"
