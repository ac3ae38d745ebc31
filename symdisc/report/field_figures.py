"""Figures of vector fields: arrows over the data, invariants, and how many fields there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from symdisc.errors import DataError
from symdisc.fields.defect_spectrum import DefectSpectrum
from symdisc.fields.invariants import Invariants
from symdisc.fields.vector_fields import VectorFields
from symdisc.report.style import BLUE, GREEN, GREY, ORANGE, VERMILION, label, new_figure
from symdisc.result_invariants import state_invariants
from symdisc.result_text import coordinate_names

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

Array = NDArray[Any]
MAX_FIELDS = 6
"""Fields that get a panel."""

N_ARROWS = 13
"""Arrows along each axis."""

N_LEVELS = 9
N_LINES = 80
MOST_VALUES = 60
"""Values of a spectrum that are shown."""

_LIBRARIES = ("polynomial(2)", "polynomial(3)", "polynomial(4)")


def arrows_figure(result: SymmetryResult) -> Figure:
    """Held-out states and each field in the two coordinates that it moves most.

    Arrows are those of the field where the other coordinates have their mean. In the plane, lines
    are level sets of a function that all fields leave unchanged, if a polynomial is one.

    Args:
        result: What was found, with ``fields`` on states of one vector or more.
    """
    fields = result.fields
    if fields is None:
        raise ValueError("this result has no vector fields")
    states = result.preview.double().flatten(0, 1)[:, : result.representation.n_moving]
    points = states.reshape(-1, fields.size)
    shown = min(len(fields), MAX_FIELDS)
    figure, axes = new_figure(shown, 3, (4.3, 3.9))
    for number, ax in enumerate(axes):
        if len(points) == 0 or fields.size == 1:
            _say(ax, "no states to show" if fields.size > 1 else "one coordinate has no plane")
            continue
        pair = _most_moved(fields, number, points)
        _draw(ax, fields, number, pair, points)
        names = _names(result)
        ax.set_xlabel(names[pair[0]])
        ax.set_ylabel(names[pair[1]])
        ax.set_title(f"X{number + 1}" if len(fields) > 1 else "X")
    levels = _levels(result) if len(points) else None
    if levels is not None:
        for ax in axes:
            _contours(ax, levels, points)
    handles, labels = axes[0].get_legend_handles_labels()
    if handles:
        figure.legend(
            handles, labels, loc="outside upper center", ncols=3, frameon=False, markerscale=3
        )
    return figure


def spectrum_figure(spectrum: DefectSpectrum) -> Figure:
    """Relative defects of all fields of the library, ascending, and where symmetries end."""
    values = np.array(spectrum.values[: max(MOST_VALUES, spectrum.count + 2)])
    numbers = np.arange(1, len(values) + 1)
    count = spectrum.count
    figure, (ax,) = new_figure(1, 1, (6.0, 3.2))
    groups = ((slice(None, count), GREEN, "symmetries"), (slice(count, None), GREY, "others"))
    for part, colour, text in groups:
        if len(values[part]):
            ax.plot(numbers[part], values[part], "o", color=colour, ms=5, label=text)
    if 0 < count < len(values):
        ax.axvspan(count + 0.25, count + 0.75, color=ORANGE, alpha=0.4, lw=0, label="gap")
    ax.set_yscale("log")
    ax.set_xlabel(f"number of the field, of {len(spectrum.values)} [1]")
    ax.set_ylabel("relative defect [1]")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def _most_moved(fields: VectorFields, number: int, points: torch.Tensor) -> list[int]:
    """The two coordinates that a field moves most, over their spread."""
    spread = points.std(0, correction=0)
    moved = fields.values(points)[:, number].square().mean(0).sqrt()
    speed = torch.where(spread > 0, moved / spread.clamp_min(1e-300), 0.0)
    return sorted(speed.argsort(descending=True, stable=True)[:2].tolist())


def _draw(
    ax: Axes, fields: VectorFields, number: int, pair: list[int], points: torch.Tensor
) -> None:
    seen = points[:, pair]
    ax.plot(*seen.T.numpy(), ".", color=GREY, ms=3, alpha=0.5, label="held-out states")
    low, high = seen.quantile(0.01, dim=0), seen.quantile(0.99, dim=0)
    sides = [
        torch.linspace(float(low[i]), float(high[i]), N_ARROWS, dtype=torch.float64)
        for i in range(2)
    ]
    grid = torch.cartesian_prod(*sides)
    places = points.mean(0).repeat(len(grid), 1)
    places[:, pair] = grid
    velocity = fields.values(places)[:, number][:, pair]
    # The longest arrow is as long as a cell is wide, and short ones can be seen.
    width = ((high - low) / N_ARROWS).clamp_min(1e-300)
    sizes = (velocity / width).norm(dim=1, keepdim=True)
    lengths = (sizes / sizes.max().clamp_min(1e-300)).sqrt()
    arrows = velocity / sizes.clamp_min(1e-300) * lengths
    ax.quiver(
        *grid.T.numpy(),
        *arrows.T.numpy(),
        angles="xy",
        scale_units="xy",
        scale=1,
        color=BLUE,
        width=0.006,
        label="field",
    )


def _names(result: SymmetryResult) -> list[str]:
    """Names of the coordinates of a vector, with their units where it is the only one."""
    names = coordinate_names(result)
    units = result.units if len(result.units) == len(names) else ("",) * len(names)
    return [label(name, unit) for name, unit in zip(names, units, strict=True)]


def _levels(result: SymmetryResult) -> Invariants | None:
    """Functions of the plane that stay the same, of the lowest degree that has any."""
    if result.representation.size != 2 or result.representation.n_vectors != 1:
        return None
    for spec in _LIBRARIES:
        try:
            found = state_invariants(result, spec)
        except DataError:
            return None
        if len(found):
            return found
    return None


def _contours(ax: Axes, levels: Invariants, points: torch.Tensor) -> None:
    (left, right), (down, up) = ax.get_xlim(), ax.get_ylim()
    x, y = np.meshgrid(np.linspace(left, right, N_LINES), np.linspace(down, up, N_LINES))
    values = levels.values(torch.from_numpy(np.stack([x, y], axis=-1)))[..., 0].numpy()
    shares = np.linspace(0.05, 0.95, N_LEVELS)
    heights = np.unique(np.quantile(levels.values(points)[:, 0].numpy(), shares))
    ax.contour(x, y, values, heights, colors=VERMILION, linewidths=0.8, linestyles="solid")
    ax.plot([], [], color=VERMILION, lw=0.8, label="invariant")
    ax.set_xlim(left, right)
    ax.set_ylim(down, up)


def _say(ax: Axes, text: str) -> None:
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
