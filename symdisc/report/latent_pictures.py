"""Pictures of learned coordinates: trajectories and orbits in them, and orbits as they decode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from symdisc.algebra.one_parameter import rotation_speeds
from symdisc.latent_space import in_latent_coordinates
from symdisc.linear_action import as_vectors
from symdisc.report.image_figures import picture, show
from symdisc.report.planes import Plane, planes_of, state_names
from symdisc.report.style import (
    GREY,
    N_ORBITS,
    ORBIT_COLOURS,
    VERMILION,
    label,
    new_figure,
    spread_out,
)
from symdisc.result_action import one_period
from symdisc.verify.within_total import kept_radius_form, radius

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

Array = NDArray[Any]
SEQUENTIAL = "viridis"
N_IMAGES = 3
N_STEPS = 9
MOST_PANELS = 3
"""Pairs of coordinates in which decoded orbits are shown."""

FEW = 6
"""Coordinates of a state up to which they are shown as they are, else by principal ones."""


def latent_trajectories_figure(result: SymmetryResult, generator: int = 0) -> Figure | None:
    """Latent trajectories coloured by the invariant radius, with orbits over them.

    Args:
        result: What was found, with learned coordinates.
        generator: Which generator, from 0.

    Returns:
        ``None`` where the data are no trajectories or no plane is turned.
    """
    shown = in_latent_coordinates(result)
    planes = planes_of(shown, generator)
    if result.latent is None or len(result.latent.trajectories) == 0 or not planes:
        return None
    paths = result.latent.trajectories.double()
    figure, axes = new_figure(len(planes), 2, (5.0, 4.0))
    levels = _levels(shown, paths, generator)
    limits = (float(levels.min()), float(levels.max()))
    chosen = np.linspace(0, len(levels) - 1, min(N_ORBITS, len(levels))).astype(int)
    starts = paths[np.argsort(levels)[chosen], 0].numpy()
    for ax, plane in zip(axes, planes, strict=True):
        lines = [path[~np.isnan(path[:, 0])] @ plane.directions.T for path in paths.numpy()]
        coloured = LineCollection(lines, array=levels, cmap=SEQUENTIAL, lw=1.6)
        coloured.set_clim(*limits if limits[0] < limits[1] else (limits[0] - 1, limits[1] + 1))
        ax.add_collection(coloured)
        _draw_orbits(ax, shown, plane, starts, generator)
        ax.autoscale()
        ax.set_aspect("equal", adjustable="datalim")
        ax.set_xlabel(plane.labels[0])
        ax.set_ylabel(plane.labels[1])
    figure.colorbar(coloured, ax=list(axes), shrink=0.8).set_label("radius r of the trajectory [1]")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", frameon=False)
    return figure


def decoded_orbits_figure(result: SymmetryResult, generator: int = 0) -> Figure:
    """Orbits of a few held-out states as they decode: curves, or strips of images.

    Args:
        result: What was found, with learned coordinates whose encoder is installed.
        generator: Which generator, from 0.
    """
    if result.representation.grid is not None:
        return _strips(result, generator)
    states = result.preview.double().flatten(0, 1).numpy()
    directions, labels = _view(result, states)
    pairs = _pairs(len(labels))
    figure, axes = new_figure(len(pairs), 3, (4.3, 3.8))
    starts = spread_out(states)
    orbits = [result.orbit(start, generator=generator) for start in starts]
    for ax, pair in zip(axes, pairs, strict=True):
        seen = directions[list(pair)]
        ax.plot(*(states @ seen.T).T, ".", color=GREY, ms=3, alpha=0.4, label="held-out states")
        for i, (start, orbit) in enumerate(zip(starts, orbits, strict=True)):
            colour = ORBIT_COLOURS[i % len(ORBIT_COLOURS)]
            name = "decoded orbits (dot: the state)" if i == 0 else None
            ax.plot(*(orbit @ seen.T).T, color=colour, lw=1.8, label=name)
            ax.plot(*(seen @ start), "o", color=colour, ms=4)
        ax.set_xlabel(labels[pair[0]])
        ax.set_ylabel(labels[pair[1]])
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2, frameon=False)
    return figure


def _levels(shown: SymmetryResult, paths: torch.Tensor, generator: int) -> Array:
    """Mean radius of each trajectory: that which the generator keeps, or the plain one."""
    centre = torch.zeros(paths.shape[-1]) if shown.centre is None else shown.centre
    vectors = as_vectors(paths - centre, shown.representation)
    form = kept_radius_form(shown.generators[generator])
    form = torch.eye(vectors.shape[-1]).double() if form is None else form
    levels: Array = radius(vectors, form).nanmean(dim=1).numpy()
    return levels


def _draw_orbits(
    ax: Any, shown: SymmetryResult, plane: Plane, starts: Array, generator: int
) -> None:
    for number, start in enumerate(starts):
        orbit = shown.orbit(start, generator=generator) @ plane.directions.T
        name = "orbits of the group" if number == 0 else None
        ax.plot(*orbit.T, color="black", lw=1.0, ls="--", label=name)


def _view(result: SymmetryResult, states: Array) -> tuple[Array, list[str]]:
    """Directions ``(d, size)`` in which states are seen, and their labels."""
    size = states.shape[1]
    if size <= FEW:
        names = state_names(result)
        units = result.units if len(result.units) == size else ("",) * size
        return np.eye(size), [label(*pair) for pair in zip(names, units, strict=True)]
    _, _, rows = np.linalg.svd(states - states.mean(0), full_matrices=False)
    count = min(MOST_PANELS, len(rows))
    return rows[:count], [f"principal component {i + 1}" for i in range(count)]


def _pairs(count: int) -> list[tuple[int, int]]:
    if count == 1:
        return [(0, 0)]
    return [(i, j) for i in range(count) for j in range(i + 1, count)][:MOST_PANELS]


def _strips(result: SymmetryResult, generator: int) -> Figure:
    """One row an image: as it is, framed, then along its orbit."""
    states = result.preview[:, 0].double().numpy()
    chosen = states[np.linspace(0, len(states) - 1, min(N_IMAGES, len(states))).astype(int)]
    period = one_period(result, generator)
    times = np.linspace(float(period[0]), float(period[-1]), N_STEPS)
    turns = rotation_speeds(result.generators[generator].numpy()) is not None
    rows, columns = result.representation.grid or (1, 1)
    side = 1.2 / max(rows, columns)
    panel = (side * columns, side * rows + 0.1)
    figure, axes = new_figure(len(chosen) * (N_STEPS + 1), N_STEPS + 1, panel)
    low, high = float(chosen.min()), float(chosen.max())
    for row, start in enumerate(chosen):
        moved = result.orbit(start, times, generator=generator)
        for column, state in enumerate([start, *moved]):
            ax = axes[row * (N_STEPS + 1) + column]
            show(ax, picture(result, state), low, high)
            ax.spines[:].set(visible=True, color=VERMILION if column == 0 else "#bdbdbd")
            if row == 0:
                ax.set_title("state" if column == 0 else _time(times[column - 1], turns))
    return figure


def _time(t: float, turns: bool) -> str:
    return f"{np.degrees(t):.0f}°" if turns else f"t = {t:.2f}"
