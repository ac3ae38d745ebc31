"""Equations and forecasts of a run: learned from its data, kept in its folder and its report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from symdisc.errors import DataError
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult, load
from symdisc.run_folder import RunFolder
from symdisc.run_lock import locked
from symdisc.use.forecast import ForecastErrors, held_out_errors
from symdisc.use.motion import Motion, MotionOptions, equations_of_motion
from symdisc.use.polar import Polar
from symdisc.use.recordings import Recordings, recordings
from symdisc.writing import writing

N_CURVE = 80
"""Points of the curve of angular velocity over the radius."""


@dataclass(frozen=True)
class Request:
    """What is asked of a run.

    Attributes:
        options: How equations are looked for.
        data: New trajectories; ``None``: those of the run.
        time_step: Time between two states; ``None``: as the run's data set was made.
    """

    options: MotionOptions = field(default_factory=MotionOptions)
    data: Any = None
    time_step: float | None = None


def equations_of_run(path: Path, request: Request, host: PluginHost) -> Motion:
    """Learn equations of motion, write ``equations.json`` and the report again.

    Args:
        path: The run folder.
        request: What is asked.
        host: The plugins to choose from.

    Raises:
        DataError: The result, or the data, do not allow it.
        OptionError: A setting is wrong.
        OutputError: The folder cannot be written.
    """
    folder = RunFolder.open(path)
    with locked(folder.path):
        _, _, motion = _learned(folder, request, host)
        _write(motion, folder)
        _report(folder)
    return motion


def forecast_of_run(
    path: Path, request: Request, horizon: float | None, host: PluginHost
) -> tuple[Motion, ForecastErrors]:
    """Learn equations, forecast held-out trajectories, write both and the report again.

    ``forecast.csv`` has the errors over time.

    Args:
        path: The run folder.
        request: What is asked.
        horizon: How long to forecast [unit of time]; ``None``: as long as held-out data last.
        host: The plugins to choose from.

    Raises:
        DataError: The result, or the data, do not allow it.
        OptionError: A setting is wrong.
        OutputError: The folder cannot be written.
    """
    folder = RunFolder.open(path)
    with locked(folder.path):
        result, trajectories, motion = _learned(folder, request, host)
        errors = held_out_errors(result, motion, trajectories, horizon)
        _write(motion, folder)
        errors.write(folder.forecast)
        _report(folder)
    return motion, errors


def _learned(
    folder: RunFolder, request: Request, host: PluginHost
) -> tuple[SymmetryResult, Recordings, Motion]:
    if folder.checkpoint.exists() and not folder.result.exists():
        raise DataError(
            f"{folder.path} has no result yet, only a checkpoint; go on with "
            f"`symdisc discover --resume {folder.path}`"
        )
    result = load(folder.result, host=host)
    trajectories = recordings(host, result, request.data, request.time_step)
    return result, trajectories, equations_of_motion(result, trajectories, request.options)


def _write(motion: Motion, folder: RunFolder) -> None:
    """Write the equations as text and LaTeX, replacing earlier ones."""
    content = {
        "space": motion.space,
        "group": motion.group,
        "nearly": motion.nearly,
        "lines": motion.system.lines(),
        "definitions": motion.system.definitions(),
        "latex": motion.latex(),
        "error": motion.error,
        "time_step": motion.time_step,
        "frequency": _frequency(motion),
    }
    # A forecast made with other equations would no longer belong to these.
    with writing(folder.forecast):
        folder.forecast.unlink(missing_ok=True)
    with writing(folder.equations):
        text = json.dumps(content, indent=1, ensure_ascii=False)
        folder.equations.write_text(text + "\n", encoding="utf-8")


def _frequency(motion: Motion) -> dict[str, list[list[float]]] | None:
    """Angular velocity over the radius: pairs of the equation and of held-out steps."""
    if not isinstance(motion.system, Polar) or motion.rates is None:
        return None
    radius = torch.linspace(*motion.system.radii, N_CURVE, dtype=torch.float64)
    told = torch.stack([radius, motion.system.frequency(radius)], dim=1)
    return {"told": told.tolist(), "measured": motion.rates.tolist()}


def _report(folder: RunFolder) -> None:
    from symdisc.report.page import write_report

    write_report(folder.path)
