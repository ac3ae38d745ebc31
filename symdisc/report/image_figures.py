"""Figures of generators that move images: orbits as strips, and how points of the plane move."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from symdisc.algebra.affine import turn_of
from symdisc.fields.vector_fields import VectorFields
from symdisc.report.style import BLUE, VERMILION, new_figure

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

Array = NDArray[Any]
N_IMAGES = 4
N_STEPS = 7
LARGEST_TURN = 90.0
"""Rotations are shown up to this angle, to both sides [degree]."""

LARGEST_MOVE = 0.75
"""Other generators are shown up to this parameter [unit of t]."""

N_ARROWS = 9
"""Along the longer side."""

LONGEST_ARROW = 0.18
"""Length of the longest arrow [half of the longer side]."""


def image_orbit_figure(result: SymmetryResult, generator: int = 0) -> Figure:
    """A few held-out images, one a row, moved further and further; in the middle as they are.

    Args:
        result: What was found, on images.
        generator: Which generator, from 0.
    """
    states = result.preview[:, 0].double().numpy()
    shown = states[np.linspace(0, len(states) - 1, min(N_IMAGES, len(states))).astype(int)]
    if len(shown) == 0:
        figure, (ax,) = new_figure(1, 1, (4.3, 1.2))
        ax.set_axis_off()
        ax.text(0.5, 0.5, "no images to show", ha="center", va="center")
        return figure
    times, labels = _times(result, generator)
    rows, columns = (1.3 * side / max(_grid(result)) for side in _grid(result))
    figure, axes = new_figure(len(shown) * N_STEPS, N_STEPS, (columns, rows + 0.1))
    low, high = float(shown.min()), float(shown.max())
    for row, start in enumerate(shown):
        moved = result.orbit(start, times, generator=generator)
        for column, state in enumerate(moved):
            ax = axes[row * N_STEPS + column]
            show(ax, picture(result, state), low, high)
            if row == 0:
                ax.set_title(labels[column])
            is_original = column == N_STEPS // 2
            ax.spines[:].set(visible=True, color=VERMILION if is_original else "#bdbdbd")
            ax.spines[:].set_linewidth(2.0 if is_original else 0.8)
    return figure


def field_figure(result: SymmetryResult) -> Figure:
    """How fast and where each generator moves points of the plane, over a held-out image."""
    k = len(result.generators)
    half_height, half_width = (side / max(_grid(result)) for side in _grid(result))
    figure, axes = new_figure(k, 3, (2.8 * half_width + 0.9, 2.8 * half_height + 0.9))
    x, y = np.meshgrid(
        *(
            np.linspace(-0.9 * half, 0.9 * half, max(3, round(N_ARROWS * half)))
            for half in (half_width, half_height)
        )
    )
    points = np.stack([x.ravel(), y.ravel()])
    fields = result.fields or VectorFields.of_matrices(result.generators, homogeneous=True)
    states = result.preview[:1, 0].double().numpy()
    for i, ax in enumerate(axes):
        for state in states:
            image = picture(result, state)
            extent = (-half_width, half_width, half_height, -half_height)
            show(ax, 0.5 + 0.5 * _scaled(image), 0.0, 1.0, extent)
        velocity = fields.values(torch.from_numpy(points.T))[:, i].T.numpy()
        longest = float(np.linalg.norm(velocity, axis=0).max()) or 1.0
        ax.quiver(
            *points,
            *(velocity * LONGEST_ARROW / longest),
            angles="xy",
            scale_units="xy",
            scale=1,
            color=BLUE,
            width=0.007,
        )
        turn = turn_of(result.generators[i].numpy()) if result.fields is None else None
        if turn is not None:
            ax.plot(*turn.centre, "+", color=VERMILION, ms=13, mew=2.5)
        ax.set_xlim(-1.05 * half_width, 1.05 * half_width)
        ax.set_ylim(1.05 * half_height, -1.05 * half_height)
        ax.set_xticks([-half_width, 0, half_width])
        ax.set_yticks([-half_height, 0, half_height])
        ax.set_xlabel("x [half of the longer side]")
        ax.set_ylabel("y [half of the longer side]")
        ax.set_title(f"Generator L{i + 1}" if k > 1 else "Generator L")
    return figure


def _grid(result: SymmetryResult) -> tuple[int, int]:
    return result.representation.grid or (1, 1)


def _times(result: SymmetryResult, generator: int) -> tuple[Array, list[str]]:
    """Parameters of the columns, and what they are called."""
    if result.order is not None:
        steps = np.arange(N_STEPS) - N_STEPS // 2
        return steps.astype(float), [f"{step:+d} steps" if step else "0" for step in steps]
    if turn_of(result.generators[generator].numpy()) is not None:
        angles = np.linspace(-LARGEST_TURN, LARGEST_TURN, N_STEPS)
        return np.deg2rad(angles), [_signed(angle, ".0f") + "°" for angle in angles]
    times = np.linspace(-LARGEST_MOVE, LARGEST_MOVE, N_STEPS)
    return times, [f"t = {_signed(t, '.2f')}" for t in times]


def _signed(value: float, form: str) -> str:
    sign = "" if math.isclose(value, 0, abs_tol=1e-9) else "−" if value < 0 else "+"
    return f"{sign}{abs(value):{form}}"


def picture(result: SymmetryResult, state: Array) -> Array:
    """A state as an image: ``(rows, columns, 3)`` of three channels, else their mean."""
    representation = result.representation
    channels = state[: representation.n_moving].reshape(-1, *_grid(result))
    if len(channels) == 3:
        return np.moveaxis(channels, 0, -1)
    return np.asarray(channels.mean(0))


def _scaled(picture: Array) -> Array:
    low, high = picture.min(), picture.max()
    return np.asarray((picture - low) / (high - low if high > low else 1.0))


def show(
    ax: Axes,
    picture: Array,
    low: float,
    high: float,
    extent: tuple[float, float, float, float] | None = None,
) -> None:
    """Draw an image, black at ``low`` and white at ``high``."""
    span = high - low if high > low else 1.0
    shades = np.clip((picture - low) / span, 0, 1)
    ax.imshow(shades, cmap="gray", vmin=0, vmax=1, extent=extent, interpolation="nearest")
    ax.set_xticks([])
    ax.set_yticks([])
