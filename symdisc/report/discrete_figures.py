"""Figures of the discrete elements of a group: their matrices, and where they take states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from symdisc.cosets.discrete_part import DiscretePart
from symdisc.linear_action import move_by
from symdisc.report.figures import ANNOTATED, annotate, heat_map
from symdisc.report.planes import Plane, first_plane
from symdisc.report.style import GREY, ORBIT_COLOURS, Array, new_figure, spread_out
from symdisc.result_text import coordinate_names

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

MAX_ELEMENTS = 12
"""Elements that are shown, the identity among them, which has no panel."""

_COLUMNS = 4


def elements_figure(result: SymmetryResult) -> Figure | None:
    """Heat maps of the matrices, one panel for each element; ``None`` where there is none.

    Args:
        result: What was found; the first of many elements are shown.
    """
    part = result.discrete
    if part is None or len(part) == 1:
        return None
    matrices = part.representatives[1:MAX_ELEMENTS].numpy()
    n = matrices.shape[-1]
    side = 2.0 if n <= 4 else 3.2
    figure, axes = new_figure(len(matrices), _COLUMNS, (side + 0.3, side + 0.4))
    limit, every = float(np.abs(matrices).max()) or 1.0, np.ones((n, n))
    names = coordinate_names(result)
    for number, (ax, matrix) in enumerate(zip(axes, matrices, strict=True), 1):
        heat_map(ax, matrix, every, limit)
        if n <= ANNOTATED:
            annotate(ax, matrix, every, limit)
        ax.set_title(_title(part, number))
        ax.set_xticks(range(n), names, rotation=90 if n > 4 else 0)
        ax.set_yticks(range(n), names)
    bar = figure.colorbar(axes[0].images[0], ax=list(axes), shrink=0.8)
    bar.set_label("entry [1]")
    return figure


def images_figure(result: SymmetryResult) -> Figure | None:
    """A few held-out states and where each element takes them.

    Args:
        result: What was found; ``None`` without elements, without states, and where elements do
            not act on two coordinates by themselves.
    """
    part, plane = result.discrete, first_plane(result)
    states = result.preview.double().flatten(0, 1)
    if part is None or len(part) == 1 or plane is None or len(states) == 0:
        return None
    count = min(len(part), MAX_ELEMENTS) - 1
    # Above few panels the legend is narrow and takes some height.
    figure, axes = new_figure(count, _COLUMNS, (2.6, 2.8) if count >= _COLUMNS else (3.2, 4.0))
    plain = states.numpy()
    index = np.flatnonzero(np.abs(plane.directions).max(axis=0))
    starts = spread_out(plain, index.tolist())
    for number, ax in enumerate(axes, 1):
        h = part.representatives[number].expand(len(starts), -1, -1)
        ends = move_by(h, states.new_tensor(starts), result.representation).numpy()
        _draw(ax, plane, plain, starts, ends)
        ax.set_title(_title(part, number))
    handles, labels = axes[0].get_legend_handles_labels()
    columns = min(len(axes), len(labels))
    figure.legend(handles, labels, loc="outside upper center", ncols=columns, frameon=False)
    return figure


def _title(part: DiscretePart, number: int) -> str:
    tests = part.tests
    verdict = "" if tests is None else f"\n{tests.verdicts[number - 1].word}"
    return f"h{number + 1}: {part.names[number]}{verdict}"


def _draw(ax: Axes, plane: Plane, states: Array, starts: Array, ends: Array) -> None:
    points, first, last = (values @ plane.directions.T for values in (states, starts, ends))
    ax.plot(*points.T, ".", color=GREY, ms=2, alpha=0.3, label="held-out states", rasterized=True)
    for i, (a, b) in enumerate(zip(first, last, strict=True)):
        colour = ORBIT_COLOURS[i % len(ORBIT_COLOURS)]
        ax.plot(*np.array([a, b]).T, color=colour, lw=0.8, alpha=0.6)
        ax.plot(*a, "o", color=colour, mfc="white", ms=6, label="a state" if i == 0 else None)
        ax.plot(*b, "o", color=colour, ms=5, label="where h takes it" if i == 0 else None)
    if plane.same_unit:
        ax.set_aspect("equal", adjustable="datalim")
    ax.set_xlabel(plane.labels[0])
    ax.set_ylabel(plane.labels[1])
