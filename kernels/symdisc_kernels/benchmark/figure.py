"""The figure of a benchmark: time per element against batch, one panel for each size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from symdisc_kernels.benchmark.cases import DIRECTIONS
from symdisc_kernels.benchmark.contenders import BASELINE

Rows = Sequence[Mapping[str, Any]]
_MOST_COLUMNS = 5
_PANEL = (3.0, 2.7)  # inch
_FONTS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
}
_BASELINE_COLOUR = "#222222"


def scaling_figure(rows: Rows) -> Figure:
    """Nanoseconds per element against the batch, both logarithmic.

    Args:
        rows: Rows of :func:`symdisc_kernels.benchmark.rows_of` from one device.

    Returns:
        The figure: for each problem size a column of two panels, forward above forward+backward,
        with one line for each contender. Hollow markers are extrapolated from smaller batches.
    """
    sizes = list(dict.fromkeys((row["n"], row["k"], row["c"]) for row in rows))
    colours = _colours(list(dict.fromkeys(row["contender"] for row in rows)))
    columns = min(_MOST_COLUMNS, len(sizes))
    bands = -(-len(sizes) // columns)
    with matplotlib.rc_context(_FONTS):
        size = (_PANEL[0] * max(columns, 2), 0.9 + 2 * _PANEL[1] * bands)
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.subplots(2 * bands, columns, sharey="row", squeeze=False)
        for place, problem in enumerate(sizes):
            band, column = divmod(place, columns)
            grid[2 * band, column].set_title("n = {}, k = {}, c = {}".format(*problem))
            grid[2 * band + 1, column].set_xlabel("batch [samples]")
            for axes, direction in zip(grid[2 * band :, column], DIRECTIONS, strict=False):
                _panel(axes, [row for row in rows if _is(row, problem, direction)], colours)
                if column == 0:
                    axes.set_ylabel(f"{direction}\ntime per element [ns]")
        for axes in grid[-2:, len(sizes) - columns * (bands - 1) :].flat:
            axes.remove()
        _legend(figure, rows[0], colours)
    return figure


def _is(row: Mapping[str, Any], problem: tuple[int, int, int], direction: str) -> bool:
    return (row["n"], row["k"], row["c"]) == problem and row["direction"] == direction


def _colours(names: Sequence[str]) -> dict[str, str]:
    """The baseline dark, the others in colours that people with any colour vision can tell."""
    cycle = matplotlib.style.library["tableau-colorblind10"]["axes.prop_cycle"].by_key()["color"]
    coloured = [colour for colour in cycle if len({colour[1:3], colour[3:5], colour[5:]}) > 1]
    others = [name for name in names if name != BASELINE]
    found = {name: coloured[place % len(coloured)] for place, name in enumerate(others)}
    return {name: found.get(name, _BASELINE_COLOUR) for name in names}


def _panel(axes: Axes, rows: Rows, colours: Mapping[str, str]) -> None:
    axes.set(xscale="log", yscale="log")
    for name, colour in colours.items():
        own = sorted((row for row in rows if row["contender"] == name), key=lambda row: row["B"])
        batches = [row["B"] for row in own]
        times = [_nanoseconds(row) for row in own]
        axes.plot(batches, times, color=colour, linewidth=1.6)
        for row, time in zip(own, times, strict=True):
            face = colour if row["measured_batch"] == row["B"] else "white"
            axes.plot(row["B"], time, "o", color=colour, markerfacecolor=face, markersize=4.5)
    _name_the_fastest(axes, rows, colours)


def _nanoseconds(row: Mapping[str, Any]) -> float:
    return 1e9 * float(row["median_s"]) / int(row["B"])


def _name_the_fastest(axes: Axes, rows: Rows, colours: Mapping[str, str]) -> None:
    """Write how many times faster than the baseline the fastest is at the largest batch."""
    compared = [row for row in rows if row["times_torch"]]
    if not compared:
        return
    largest = max(row["B"] for row in compared)
    best = max((row for row in compared if row["B"] == largest), key=lambda r: r["times_torch"])
    axes.annotate(
        f"{best['times_torch']:.3g}×",
        (largest, _nanoseconds(best)),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        weight="bold",
        color=colours[best["contender"]],
    )


def _legend(figure: Figure, row: Mapping[str, Any], colours: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=colour, marker="o", markersize=4.5) for colour in colours.values()
    ]
    where = f"{row['device']}, {row['threads']} thread{'s' * (row['threads'] > 1)}"
    figure.legend(
        lines,
        list(colours),
        loc="outside upper center",
        ncols=min(len(colours), 6),
        frameon=False,
        title=f"y = exp(Σ z L) x, {row['dtype']}, {where}; ×: times faster than {BASELINE}",
    )
