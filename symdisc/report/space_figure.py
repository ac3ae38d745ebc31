"""Orbits of vectors with three coordinates, in space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from symdisc.algebra.one_parameter import rotation_speeds
from symdisc.report.planes import state_names
from symdisc.report.style import (
    GREY,
    ORBIT_COLOURS,
    VERMILION,
    label,
    new_figure,
    spread_out,
)

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

Array = NDArray[Any]
SPACE = 3
MAX_PANELS = 6
MAX_STRETCH = 5
"""Axes of one unit share one scale unless the data are this much longer than wide [1]."""

MARGIN = 1.15
"""Half of the box over half of the extent of the data [1]."""


@dataclass(frozen=True)
class SpaceView:
    """One panel.

    Attributes:
        generator: Which generator, from 0.
        index: The three coordinates of a state.
        group: The same coordinates within a vector.
    """

    generator: int
    index: tuple[int, ...]
    group: tuple[int, ...]


def space_views(result: SymmetryResult) -> list[SpaceView]:
    """Vectors, or blocks of them, that have three coordinates, vary in all and are moved.

    At most ``MAX_PANELS``, every generator once before one comes twice.
    """
    representation = result.representation
    if representation.grid is not None or len(result.preview) == 0:
        return []
    spread = result.preview.double().flatten(0, 1).std(0, correction=0).numpy()
    groups = result.blocks or (tuple(range(representation.dimension)),)
    views = [
        SpaceView(generator, index, tuple(group))
        for vector in range(representation.n_vectors)
        for group in groups
        if len(group) == SPACE
        for index in [tuple(vector * representation.dimension + i for i in group)]
        if (spread[list(index)] > 0).all()
        for generator in range(len(result.generators))
        if _block(result, generator, group).any()
    ]
    return views[:MAX_PANELS]


def space_figure(result: SymmetryResult, views: list[SpaceView]) -> Figure:
    """Held-out states and a few orbits in space, with the axis of a rotation.

    Args:
        result: What was found.
        views: The panels, at least one.
    """
    columns = 2 if len(views) in (2, 4) else 3
    figure, axes = new_figure(len(views), columns, (4.2, 3.8), projection="3d")
    states = result.preview.double().flatten(0, 1).numpy()
    for ax, view in zip(axes, views, strict=True):
        _draw(ax, result, view, states)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)
    return figure


def _draw(ax: Any, result: SymmetryResult, view: SpaceView, states: Array) -> None:
    index = list(view.index)
    points = states[:, index]
    centre, half = _box(result, view, points)
    ax.plot(*points.T, ".", color=GREY, ms=2.5, alpha=0.35, label="held-out states")
    for i, start in enumerate(spread_out(states, index)):
        path = result.orbit(start, generator=view.generator)[:, index]
        # Lines in space are not cut at the box.
        path[(np.abs(path - centre) > half * 1.001).any(axis=1)] = np.nan
        colour = ORBIT_COLOURS[i % len(ORBIT_COLOURS)]
        ax.plot(*path.T, color=colour, lw=1.8, label="orbits (dot: the state)" if i == 0 else None)
        ax.plot(*start[index, None], "o", color=colour, ms=4)
    _draw_axis(ax, result, view, half)
    for which, place in enumerate("xyz"):
        low, high = centre[which] - half[which], centre[which] + half[which]
        getattr(ax, f"set_{place}lim")(low, high)
        getattr(ax, f"set_{place}label")(_labels(result, index)[which], labelpad=4)
    ax.locator_params(nbins=4)
    ax.tick_params(labelsize=8, pad=1)
    ax.set_box_aspect(half if _same_scale(result, view, half) else None, zoom=0.8)
    if len(result.generators) > 1:
        ax.set_title(f"Generator L{view.generator + 1}", y=0.96)


def _draw_axis(ax: Any, result: SymmetryResult, view: SpaceView, half: Array) -> None:
    """An arrow along the axis of a rotation, as long as the box is wide there."""
    block = _block(result, view.generator, view.group)
    if rotation_speeds(block) is None:
        return
    axis = np.linalg.svd(block)[2][-1]
    turning = np.array([block[2, 1] - block[1, 2], block[0, 2] - block[2, 0]])
    turning = np.append(turning, block[1, 0] - block[0, 1])
    axis = axis if axis @ turning >= 0 else -axis
    axis *= float((half / np.maximum(np.abs(axis), 1e-9)).min()) * 0.95
    middle = np.zeros(SPACE) if result.centre is None else result.centre.numpy()[list(view.index)]
    ax.quiver(
        *(middle - axis),
        *(2 * axis),
        color=VERMILION,
        lw=1.6,
        ls="--",
        arrow_length_ratio=0.08,
        label="axis (turns counterclockwise)",
    )


def _box(result: SymmetryResult, view: SpaceView, points: Array) -> tuple[Array, Array]:
    """Middle and half lengths of the part of space that is shown."""
    low, high = points.min(0), points.max(0)
    centre, half = (high + low) / 2, MARGIN * (high - low) / 2
    if _same_scale(result, view, half):
        half = np.full(SPACE, half.max())
    return centre, half


def _same_scale(result: SymmetryResult, view: SpaceView, half: Array) -> bool:
    units = {result.units[i] for i in view.index} if result.units else {""}
    return len(units) == 1 and bool(half.max() < MAX_STRETCH * half.min())


def _labels(result: SymmetryResult, index: list[int]) -> list[str]:
    names = state_names(result)
    units = result.units if len(result.units) == len(names) else ("",) * len(names)
    return [label(names[i], units[i]) for i in index]


def _block(result: SymmetryResult, generator: int, group: tuple[int, ...]) -> Array:
    block: Array = result.generators[generator].numpy()[np.ix_(group, group)]
    return block
