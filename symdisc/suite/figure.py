"""The figure of a suite: which method solves which problem."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

from symdisc.report.style import FONTS
from symdisc.suite.rows import Row, families, rows_of
from symdisc.suite.table import judged

_COLOURS = LinearSegmentedColormap.from_list("share", ["#f7f7f7", "#9ecae1", "#2171b5"])
_NOT_APPLICABLE = "#dddddd"
_FALSE = "#c0392b"
_CELL = (1.0, 0.27)  # inch
_DARK = 0.75
"""Share of success from which numbers are white."""


_LEGEND = (
    "successful runs of all that count; grey: the method has no use for such data, or found\n"
    "another kind of symmetry; empty: not measured; red frame: confirmed what is not there"
)


def suite_figure(rows: Sequence[Row]) -> Figure:
    """Share of successful runs of each method on each problem.

    Args:
        rows: All rows of a suite.

    Returns:
        The figure: a line for each problem, by family, a column for each method. Cells say how
        many runs were successful of how many; grey ones that the method has no use for such data;
        white ones that nothing was measured yet; a red frame that something was confirmed that is
        not there.
    """
    methods = sorted({row.method for row in rows})
    problems = [
        (family, problem)
        for family in families(rows)
        for problem in dict.fromkeys(row.problem for row in rows_of(rows, family=family))
    ]
    with matplotlib.rc_context(FONTS):
        size = (3.2 + _CELL[0] * len(methods), 1.0 + _CELL[1] * len(problems))
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        cells = [[rows_of(rows, problem=p, method=m) for m in methods] for _, p in problems]
        axes.imshow(np.array([[_colour(c) for c in line] for line in cells]), aspect="auto")
        for number, line in enumerate(cells):
            for column, cell in enumerate(line):
                _label(axes, number, column, judged(cell))
        _decorate(axes, methods, problems)
    return figure


def _colour(rows: Sequence[Row]) -> tuple[float, float, float]:
    """By the share of successful runs among those that count."""
    if own := judged(rows):
        return to_rgb(_COLOURS(float(np.mean([row.success for row in own]))))
    return to_rgb(_NOT_APPLICABLE if rows else "white")


def _label(axes: Axes, line: int, column: int, rows: Sequence[Row]) -> None:
    if not rows:
        return
    count = sum(row.success for row in rows)
    colour = "white" if count / len(rows) > _DARK else "black"
    axes.text(column, line, f"{count}/{len(rows)}", ha="center", va="center", color=colour)
    if any(row.false_confirmation for row in rows):
        frame = ((column - 0.47, line - 0.42), 0.94, 0.84)
        axes.add_patch(matplotlib.patches.Rectangle(*frame, fill=False, edgecolor=_FALSE, lw=2))


def _decorate(axes: Axes, methods: Sequence[str], problems: Sequence[tuple[str, str]]) -> None:
    axes.set_xticks(range(len(methods)), methods)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(problems)), [problem for _, problem in problems])
    axes.set_xlabel(_LEGEND)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.grid(False)
    names = [family for family, _ in problems]
    for family in dict.fromkeys(names):
        first, count = names.index(family), names.count(family)
        if first:
            axes.axhline(first - 0.5, color="black", lw=0.8)
        middle = first + (count - 1) / 2
        axes.text(
            len(methods) - 0.4, middle, family, rotation=270, ha="left", va="center", fontsize=9
        )
