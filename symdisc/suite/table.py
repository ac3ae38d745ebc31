"""The table of a suite: how often each method is right, how sure that share is, what it costs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from scipy.stats import binomtest

from symdisc.suite.rows import Row, families, rows_of

LEVEL = 0.95
"""Confidence of intervals."""

NOT_APPLICABLE = "–"
NOT_MEASURED = ""


def judged(rows: Sequence[Row]) -> list[Row]:
    """Rows that count: where the method has use for the data, and the truth for the result."""
    return [row for row in rows if row.status not in ("not applicable", "other kind")]


def interval(count: int, total: int) -> tuple[float, float]:
    """95 % confidence interval of a share, after Wilson (J. Am. Stat. Assoc. 22, 1927)."""
    found = binomtest(count, total).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def by_family(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headers and one line for each method: success in each family, false confirmations, costs."""
    names = families(rows)
    headers = ["method", *names, "false confirmations", "CPU time [s]", "memory [MiB]"]
    lines = []
    for method in sorted({row.method for row in rows}):
        own = judged(rows_of(rows, method=method))
        cells = [_share([row.success for row in rows_of(own, family=name)]) for name in names]
        false = _share([row.false_confirmation for row in own if row.status == "ran"])
        lines.append([method, *cells, false, _median_time(own), _peak(own)])
    return headers, lines


def by_problem(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headers and one line for each problem: of each method, how many runs were successful.

    In brackets stand how many were right, where these are more, and the median angle to the truth.
    Where nothing was measured yet, nothing stands.
    """
    methods = sorted({row.method for row in rows})
    lines = []
    for family in families(rows):
        for problem in dict.fromkeys(row.problem for row in rows_of(rows, family=family)):
            own = rows_of(rows, problem=problem)
            cells = [_cell(rows_of(own, method=method)) for method in methods]
            lines.append([family, problem, _truth(own), *cells])
    return ["family", "problem", "truth", *methods], lines


def markdown(rows: Sequence[Row]) -> str:
    """Both tables in Markdown."""
    return "\n".join([_markdown(*by_family(rows)), "", _markdown(*by_problem(rows)), ""])


def _markdown(headers: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    all_lines = [headers, ["---"] * len(headers), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in all_lines)


def _share(hits: Sequence[bool]) -> str:
    if not hits:
        return NOT_APPLICABLE
    low, high = interval(sum(hits), len(hits))
    return f"{sum(hits)}/{len(hits)} ({100 * low:.0f}–{100 * high:.0f} %)"


def _cell(rows: Sequence[Row]) -> str:
    own = judged(rows)
    notes = []
    if others := sum(row.status == "other kind" for row in rows):
        notes.append(f"other kind {others}")
    if not own:
        return (notes or [NOT_APPLICABLE])[0] if rows else NOT_MEASURED
    if (right := sum(row.right for row in own)) > sum(row.success for row in own):
        notes.append(f"right {right}")
    if false := sum(row.false_confirmation for row in own):
        notes.append(f"false {false}")
    notes += _lost(own)
    if angles := [row.angle for row in own if row.angle is not None]:
        notes.append(f"{statistics.median(angles):.2g}°")
    text = f"{sum(row.success for row in own)}/{len(own)}"
    return f"{text} ({', '.join(notes)})" if notes else text


def _lost(rows: Sequence[Row]) -> list[str]:
    """How runs without a result ended."""
    ends = [row.status for row in rows if row.status != "ran"]
    return [f"{end} {ends.count(end)}" for end in dict.fromkeys(ends)]


def _truth(rows: Sequence[Row]) -> str:
    """What there is to be found; runs that were lost do not know."""
    for row in rows:
        if row.true_dimension is not None:
            many = row.true_elements is not None and row.true_elements > 1
            return f"{row.true_dimension} dim." + (f", {row.true_elements} comp." if many else "")
    return "?"


def _median_time(rows: Sequence[Row]) -> str:
    times = [row.cpu_time for row in rows if row.cpu_time is not None]
    return f"{statistics.median(times):.0f}" if times else NOT_APPLICABLE


def _peak(rows: Sequence[Row]) -> str:
    peaks = [row.peak_memory for row in rows if row.peak_memory is not None]
    return f"{max(peaks):.0f}" if peaks else NOT_APPLICABLE
