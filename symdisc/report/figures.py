"""Figures of a result: generators, seeds, orbits over data, losses, agreement."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from symdisc.algebra.consensus import LINKAGE_ANGLE, angles_to
from symdisc.algebra.invariant_form import InvariantForm
from symdisc.report.metrics_table import Metrics
from symdisc.report.planes import Plane, planes_of
from symdisc.report.style import (
    BLUE,
    DIVERGING,
    GREY,
    ORANGE,
    ORBIT_COLOURS,
    VERMILION,
    new_figure,
    spread_out,
)
from symdisc.result_text import coordinate_names

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

Array = NDArray[Any]
ANNOTATED = 8
"""Entries are written into matrices up to this size."""

MAX_SEEDS = 20
"""Seeds shown in the grid."""

MAX_STRETCH = 5
"""Axes of one unit share one scale unless the data are this much longer than wide [1]."""


def generator_figure(result: SymmetryResult) -> Figure:
    """Heat maps of the consensus, one panel for each generator.

    Small entries are written out, with the standard deviation over the seeds that agree.
    """
    k, n = result.generators.shape[:2]
    side = 4.4 if n > 4 else 3.4
    figure, axes = new_figure(k, 3, (side + 0.5, side))
    limit = float(result.generators.abs().max()) or 1.0
    names = coordinate_names(result)
    for i, ax in enumerate(axes):
        heat_map(ax, result.generators[i].numpy(), result.mask.numpy(), limit)
        ax.set_title(f"Generator L{i + 1}" if k > 1 else "Generator L")
        ax.set_xticks(range(n), names, rotation=90 if n > 4 else 0)
        ax.set_yticks(range(n), names)
        ax.set_xlabel("coordinate that acts")
        ax.set_ylabel("coordinate that changes")
        if n <= ANNOTATED:
            spread = _seed_spread(result, i)
            annotate(ax, result.generators[i].numpy(), result.mask.numpy(), limit, spread)
        if result.representation.grid is not None:
            _annotate_last_row(ax, n)
    bar = figure.colorbar(axes[0].images[0], ax=list(axes), shrink=0.8)
    bar.set_label("entry [1]")
    return figure


def form_figure(result: SymmetryResult, form: InvariantForm) -> Figure:
    """Heat map of the quadratic form that is kept."""
    matrix = form.matrix.numpy()
    n = len(matrix)
    side = 4.4 if n > 4 else 3.4
    figure, (ax,) = new_figure(1, 1, (side + 0.9, side))
    limit = float(np.abs(matrix).max()) or 1.0
    inside = np.zeros_like(matrix)
    for block in form.blocks:
        inside[np.ix_(block, block)] = 1
    heat_map(ax, matrix, inside, limit)
    names = coordinate_names(result)
    ax.set_title("Kept form J")
    ax.set_xticks(range(n), names, rotation=90 if n > 4 else 0)
    ax.set_yticks(range(n), names)
    if n <= ANNOTATED:
        annotate(ax, matrix, inside, limit)
    figure.colorbar(ax.images[0], ax=ax, shrink=0.8).set_label("entry, J of norm 1")
    return figure


def seeds_figure(result: SymmetryResult, generator: int = 0) -> Figure:
    """Heat maps of what each seed found, the first ``MAX_SEEDS`` of them.

    Of each seed's span the element closest to the consensus generator is shown, so that signs,
    scales and bases can be compared.

    Args:
        result: What was found.
        generator: Which consensus generator, from 0.
    """
    target = result.generators[generator].numpy()
    shown = min(len(result.seeds), MAX_SEEDS)
    figure, axes = new_figure(shown, 5, (1.9, 2.1))
    limit = float(np.abs(target).max()) or 1.0
    for e, ax in enumerate(axes):
        seed = result.seed_generators[e].numpy()
        state = _seed_state(result, e)
        if state == "left out":
            ax.text(0.5, 0.5, "left out", ha="center", va="center", transform=ax.transAxes)
            ax.set_facecolor("#eeeeee")
        else:
            heat_map(ax, _closest(seed, target), result.mask.numpy(), limit)
        differs = state == "differs"
        ax.set_title(
            f"seed {result.seeds[e]}" + (" (differs)" if differs else ""),
            color=VERMILION if differs else "black",
        )
        ax.set_xticks([])
        ax.set_yticks([])
    return figure


def orbit_figure(result: SymmetryResult, generator: int = 0) -> Figure:
    """Held-out states and the orbits of a few of them, seen in the planes that move most.

    Args:
        result: What was found.
        generator: Which generator, from 0.
    """
    states = result.preview.double().flatten(0, 1).numpy()
    planes = planes_of(result, generator)
    figure, axes = new_figure(max(len(planes), 1), 2, (4.3, 3.8))
    if not planes or len(states) == 0:
        _say(axes[0], "no states to show" if planes else "a single coordinate has no orbit plane")
        return figure
    starts = spread_out(states)
    orbits = [result.orbit(start, generator=generator) for start in starts]
    for ax, plane in zip(axes, planes, strict=True):
        _draw_plane(ax, plane, states, starts, orbits)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False)
    return figure


def losses_figure(metrics: Metrics) -> Figure:
    """Each objective term over the steps: median and range of the middle 80 % of the seeds."""
    figure, axes = new_figure(max(len(metrics.terms), 1), 2, (4.4, 2.8))
    if not metrics.terms or len(metrics.steps) == 0:
        _say(axes[0], "nothing was logged")
        return figure
    for ax, (name, values) in zip(axes, metrics.terms.items(), strict=True):
        low, middle, high = _quantiles(values)
        marker = "o" if len(metrics.steps) == 1 else None
        ax.fill_between(
            metrics.steps, low, high, color=BLUE, alpha=0.25, lw=0, label="middle 80 % of seeds"
        )
        ax.plot(metrics.steps, middle, color=BLUE, lw=1.5, marker=marker, label="median seed")
        ax.set_xlabel("step [1]")
        ax.set_ylabel(name)
    axes[0].legend(loc="best", framealpha=0.9)
    return figure


def agreement_figure(result: SymmetryResult) -> Figure:
    """How far each seed's span is from the consensus."""
    angles = angles_to(result.generators, result.seed_generators)
    figure, (ax,) = new_figure(1, 1, (max(5.0, min(0.36 * len(angles) + 2.5, 12.0)), 3.4))
    looks = {
        "agrees": (BLUE, "o", "in the consensus"),
        "differs": (VERMILION, "s", "not in the consensus"),
        "left out": (GREY, "x", "left out (no angle)"),
    }
    for state, (colour, marker, text) in looks.items():
        chosen = [e for e in range(len(angles)) if _seed_state(result, e) == state]
        heights = [angles[e] if math.isfinite(angles[e]) else 0.0 for e in chosen]
        if chosen:
            ax.plot(chosen, heights, marker, color=colour, ms=7, label=text, clip_on=False)
    ax.axhline(LINKAGE_ANGLE, color=ORANGE, lw=1.5, ls="--", label=f"{LINKAGE_ANGLE:.0f}° apart")
    ax.set_ylim(0, max(1.15 * np.nanmax([*angles, LINKAGE_ANGLE]), 20))
    ax.set_xlim(-0.7, len(angles) - 0.3)
    every = max(1, math.ceil(len(angles) / 24))
    ax.set_xticks(range(0, len(angles), every), [str(s) for s in result.seeds[::every]])
    ax.set_xlabel("seed [1]")
    ax.set_ylabel("angle to the consensus [degree]")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def heat_map(ax: Axes, matrix: Array, mask: Array, limit: float) -> None:
    """Draw a matrix from orange (−``limit``) to purple; entries outside the mask are hatched."""
    # Entries that had to be zero are left open; the hatched background shows through.
    free = np.ma.masked_where(mask == 0, matrix)
    ax.imshow(free, cmap=DIVERGING, vmin=-limit, vmax=limit)
    ax.patch.set(facecolor="#e4e4e4", edgecolor="#bdbdbd", hatch="///")
    ax.spines[:].set_visible(True)


def _seed_spread(result: SymmetryResult, generator: int) -> Array | None:
    """Standard deviation of each entry over the seeds that agree, if there are two of them."""
    target = result.generators[generator].numpy()
    agreeing = result.seed_generators[list(result.in_consensus)].numpy()
    if len(agreeing) < 2:
        return None
    return np.asarray(np.std([_closest(seed, target) for seed in agreeing], axis=0, ddof=1))


def annotate(
    ax: Axes, matrix: Array, mask: Array, limit: float, spread: Array | None = None
) -> None:
    """Write the entries inside the mask into a heat map, each ± its ``spread``."""
    size = 9 if len(matrix) <= 4 else 7
    for (row, column), value in np.ndenumerate(matrix):
        if mask[row, column]:
            dark = abs(value) > 0.6 * limit
            text = f"{value:.2f}".replace("-0.00", "0.00")
            if spread is not None:
                text += f"\n±{spread[row, column]:.2f}"
            ax.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize=size,
                color="white" if dark else "black",
            )


def _annotate_last_row(ax: Axes, n: int) -> None:
    """The third coordinate of a point of an image is 1 and stays so."""
    for column in range(n):
        ax.text(column, n - 1, "0", ha="center", va="center", color="#555555")


def _closest(seed: Array, target: Array) -> Array:
    """The element of the seed's span that points most along the target, with its norm."""
    rows = seed.reshape(len(seed), -1)
    weights, *_ = np.linalg.lstsq(rows.T, target.ravel(), rcond=1e-6)
    element = weights @ rows
    norm = np.linalg.norm(element)
    if norm < 1e-9:
        element, norm = rows[0], np.linalg.norm(rows[0])
    scaled: Array = (element * (np.linalg.norm(target) / norm)).reshape(target.shape)
    return scaled


def _seed_state(result: SymmetryResult, member: int) -> str:
    if result.seeds[member] in result.failed:
        return "left out"
    return "agrees" if result.in_consensus[member] else "differs"


def _draw_plane(ax: Axes, plane: Plane, states: Array, starts: Array, orbits: list[Array]) -> None:
    points = states @ plane.directions.T
    ax.plot(*points.T, ".", color=GREY, ms=3, alpha=0.4, label="held-out states", rasterized=True)
    for i, (state, orbit) in enumerate(zip(starts, orbits, strict=True)):
        path = orbit @ plane.directions.T
        colour = ORBIT_COLOURS[i % len(ORBIT_COLOURS)]
        ax.plot(*path.T, color=colour, lw=1.8, label="orbits (dot: the state)" if i == 0 else None)
        ax.plot(*(plane.directions @ state), "o", color=colour, ms=4)
    centre, half = (points.max(0) + points.min(0)) / 2, np.ptp(points, axis=0) / 2
    half = np.maximum(1.3 * half, 1e-9 + 0.01 * np.abs(centre))
    if plane.same_unit and half.max() < MAX_STRETCH * half.min():
        half[:] = half.max()
        ax.set_aspect("equal")
    ax.set_xlim(centre[0] - half[0], centre[0] + half[0])
    ax.set_ylim(centre[1] - half[1], centre[1] + half[1])
    ax.set_xlabel(plane.labels[0])
    ax.set_ylabel(plane.labels[1])


def _quantiles(values: Array) -> Array:
    finite = np.where(np.isfinite(values), values, np.nan)
    with warnings.catch_warnings():
        # A step at which no seed has a finite value leaves a gap in the line.
        warnings.simplefilter("ignore", RuntimeWarning)
        quantiles: Array = np.nanquantile(finite, [0.1, 0.5, 0.9], axis=1)
    return quantiles


def _say(ax: Axes, text: str) -> None:
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
