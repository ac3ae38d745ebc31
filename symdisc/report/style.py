"""The look that all figures share: colours, fonts, empty figures without global state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

Array = NDArray[Any]
N_ORBITS = 4
"""Orbits drawn in a panel."""

# Okabe and Ito's palette, which people with any colour vision can tell apart.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#cc79a7",
    "#8c8c8c",
)
ORBIT_COLOURS = (BLUE, VERMILION, GREEN, PURPLE)
DIVERGING = "PuOr"
"""Colour map of signed entries, centred at zero."""

FONTS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def new_figure(
    n_panels: int, columns: int, panel: tuple[float, float], projection: str | None = None
) -> tuple[Figure, Sequence[Axes]]:
    """A figure with a grid of panels; those of the last row that are not needed are left out.

    Args:
        n_panels: How many panels.
        columns: How many of them stand side by side at most.
        panel: Width and height of one panel [inch].
        projection: ``"3d"`` for panels that show space.
    """
    columns = min(columns, n_panels)
    rows = -(-n_panels // columns)
    with matplotlib.rc_context(FONTS):
        figure = Figure(figsize=(panel[0] * columns, panel[1] * rows), layout="constrained")
        FigureCanvasAgg(figure)
        axes = [
            figure.add_subplot(rows, columns, i + 1, projection=projection) for i in range(n_panels)
        ]
    return figure, axes


def label(name: str, unit: str) -> str:
    """Axis label: the name, and the unit in brackets where it is known."""
    return f"{name} [{unit}]" if unit else name


def spread_out(states: Array, index: Sequence[int] | None = None) -> Array:
    """A few states from near to far, from which orbits are drawn.

    Args:
        states: ``(N, size)``.
        index: Coordinates whose length counts; all by default.
    """
    counted = states if index is None else states[:, list(index)]
    order = np.argsort(np.linalg.norm(counted, axis=1))
    share = np.linspace(0.1, 0.9, min(N_ORBITS, len(states)))
    chosen: Array = states[order[(share * (len(states) - 1)).astype(int)]]
    return chosen
