"""The figure shows what is in the rows."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from symdisc_kernels.benchmark.figure import scaling_figure

Row = dict[str, Any]


def _row(name: str, n: int, batch: int, seconds: float, ratio: float | None, **more: Any) -> Row:
    row = {"contender": name, "n": n, "k": 3, "c": 1, "B": batch, "direction": "forward"}
    row |= {"median_s": seconds, "measured_batch": batch, "times_torch": ratio}
    return row | {"dtype": "float32", "device": "cpu", "threads": 1} | more


ROWS = [
    _row(name, n, batch, seconds * batch, ratio, direction=direction)
    for n in (2, 8)
    for batch in (10, 1000)
    for name, seconds, ratio in (("torch", 1e-6, 1.0), ("cpu", 1e-8, 100.0))
    for direction in ("forward", "forward+backward")
]


def _texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def _lines(axes: Axes) -> list[Any]:
    return [line for line in axes.lines if line.get_linestyle() != "None"]


def test_one_column_a_size_and_one_line_a_contender() -> None:
    figure = scaling_figure(ROWS)
    top = figure.axes[:2]
    assert len(figure.axes) == 4
    assert [axes.get_title() for axes in top] == ["n = 2, k = 3, c = 1", "n = 8, k = 3, c = 1"]
    for axes in figure.axes:
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
        assert len(_lines(axes)) == 2
    assert "[ns]" in figure.axes[0].get_ylabel()
    assert figure.axes[2].get_xlabel() == "batch [samples]"


def test_nanoseconds_against_batch() -> None:
    lines = _lines(scaling_figure(ROWS).axes[0])
    assert [list(line.get_xdata()) for line in lines] == [[10, 1000]] * 2
    assert list(lines[0].get_ydata()) == pytest.approx([1000, 1000])
    assert list(lines[1].get_ydata()) == pytest.approx([10, 10])


def test_the_legend_names_contenders_type_and_threads() -> None:
    figure = scaling_figure([row | {"threads": 2} for row in ROWS])
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["torch", "cpu"]
    title = legend.get_title().get_text()
    assert "float32" in title
    assert "cpu, 2 threads" in title


def test_the_ratio_at_the_largest_batch_is_written() -> None:
    rows = [*ROWS, _row("cpu", 2, 5, 1e-5, 7.0)]
    assert _texts(scaling_figure(rows).axes[0]) == ["100×"]


def test_without_a_baseline_no_ratio_is_written() -> None:
    rows = [row | {"times_torch": None} for row in ROWS if row["contender"] == "cpu"]
    assert _texts(scaling_figure(rows).axes[0]) == []


def test_extrapolated_points_are_hollow() -> None:
    rows = [_row("cpu", 2, 10, 1.0, None), _row("cpu", 2, 99, 1.0, None, measured_batch=50)]
    markers = [line for line in scaling_figure(rows).axes[0].lines if line.get_marker() == "o"]
    faces = [str(line.get_markerfacecolor()) for line in markers]
    assert faces[0] != "white"
    assert faces[1] == "white"


def test_many_sizes_are_wrapped_and_no_panel_is_empty() -> None:
    rows = [_row("cpu", n, 10, 1.0, None) for n in range(2, 9)]
    figure = scaling_figure(rows)
    assert isinstance(figure, Figure)
    assert len(figure.axes) == 14
    figure.draw_without_rendering()
