"""The report's section on equations of motion, and the figure of forecasts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from symdisc.errors import DataError
from symdisc.report.html import bullets, paragraph
from symdisc.report.style import BLUE, GREY, VERMILION, new_figure

N_COLUMNS = 6
"""Of the table of forecast errors: time, mean, three quantiles, what decoding loses."""


def motion_text(path: Path) -> str:
    """Equations of motion as HTML; ``""`` where none were asked for.

    Args:
        path: What ``symdisc equations`` wrote.

    Raises:
        DataError: It cannot be read.
    """
    found = _read(path)
    if found is None:
        return ""
    try:
        where = {"latent": "learned coordinates", "data": "the data's coordinates"}[found["space"]]
        how = "nearly takes" if found["nearly"] else "takes"
        held = f", such as {found['group']} {how} to themselves" if found["group"] else ""
        about = (
            f"Learned from training trajectories in {where}{held}. Velocities of held-out "
            f"trajectories are told with an error of {100 * float(found['error']):.2g} % of their "
            f"root mean square; the time between two states is {float(found['time_step']):g}."
        )
        lines, definitions = list(map(str, found["lines"])), list(map(str, found["definitions"]))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from None
    return paragraph(about) + bullets(lines) + "".join(map(paragraph, definitions))


def frequency_figure(path: Path) -> Figure | None:
    """Angular velocity over the radius, as told and as measured; ``None`` without polar form.

    Args:
        path: What ``symdisc equations`` wrote.

    Raises:
        DataError: It cannot be read.
    """
    found = _read(path)
    try:
        if found is None or found["frequency"] is None:
            return None
        told, measured = (np.array(found["frequency"][name]).T for name in ("told", "measured"))
        (radius, speed), (seen_radius, seen_speed) = told, measured
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from None
    figure, (ax,) = new_figure(1, 1, (6.0, 3.6))
    ax.plot(seen_radius, seen_speed, "o", color=GREY, ms=4, label="held-out steps (medians)")
    ax.plot(radius, speed, color=BLUE, lw=1.8, label="equation")
    ax.set_xlabel("radius r [1]")
    ax.set_ylabel("angular velocity ω [rad / unit of time]")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read ({type(error).__name__}: {error}); write it again with "
        "`symdisc equations`, or remove it"
    )


def read_forecast(path: Path) -> NDArray[np.float64]:
    """The table of forecast errors ``(M, 6)``.

    Raises:
        DataError: It cannot be read.
    """
    try:
        table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}") from None
    if table.shape[1] != N_COLUMNS:
        raise DataError(f"{path} has {table.shape[1]} columns in place of {N_COLUMNS}")
    return table


def forecast_figure(table: NDArray[np.float64]) -> Figure:
    """Errors of forecasts over time.

    Args:
        table: As from :func:`read_forecast`.
    """
    times, mean, low, middle, high, lost = table.T
    figure, (ax,) = new_figure(1, 1, (6.0, 3.6))
    ax.fill_between(times, low, high, color=BLUE, alpha=0.2, lw=0, label="middle 80 %")
    ax.plot(times, middle, color=BLUE, lw=1.8, label="median trajectory")
    ax.plot(times, mean, color=VERMILION, lw=1.4, label="mean")
    if lost.any():
        ax.plot(times, lost, color=GREY, ls="--", lw=1.2, label="lost by decoding")
    ax.set_xlabel("time since the last known state")
    ax.set_ylabel("relative error of the state [1]")
    ax.set_ylim(bottom=0)
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure
