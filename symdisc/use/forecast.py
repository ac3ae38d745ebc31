"""Forecasts: equations of motion solved for a long time, from states that were not learned from."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from torch import Tensor

from symdisc.errors import DataError, OptionError
from symdisc.use.cartesian import Cartesian
from symdisc.use.motion import Motion
from symdisc.use.polar import Polar
from symdisc.use.recordings import Recordings
from symdisc.writing import writing

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

TOLERANCE = 1e-7
"""Relative and absolute error of a step of the solver, in units of the coordinates' size."""

ESCAPED = 10.0
"""Distance from the middle of the starts, over their mean distance, from which on a forecast that
runs away stands still [1]."""

MOST_TRAJECTORIES = 50
"""Held-out trajectories that are forecast."""

QUANTILES = (0.1, 0.5, 0.9)
"""Of the errors of single trajectories, in the table and the figure."""


@dataclass(frozen=True, eq=False)
class ForecastErrors:
    """How far forecasts are from what happened.

    The error of a state is its distance from the true one over the root mean square distance of
    true states from their mean: always forecasting the mean has about 1.

    Attributes:
        times: ``(M,)`` from 0 on.
        mean: Mean error over trajectories, ``(M,)`` [1].
        quantiles: ``(3, M)``, those of ``QUANTILES`` [1].
        lost: Mean error of encoding and decoding the true states, ``(M,)``; zero in the data's
            own coordinates [1].
        n_trajectories: How many were forecast.
    """

    times: Tensor
    mean: Tensor
    quantiles: Tensor
    lost: Tensor
    n_trajectories: int

    @property
    def overall(self) -> float:
        """Mean of the mean error over time [1]."""
        return float(self.mean.mean())

    def write(self, path: Path) -> None:
        """Write a CSV file, a row for each time; an earlier one is replaced.

        Raises:
            OutputError: It cannot be written.
        """
        columns = [self.times, self.mean, *self.quantiles, self.lost]
        with writing(path), path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([f"{v:.6g}" for v in row] for row in torch.stack(columns, 1).tolist())


COLUMNS = (
    "time",
    "mean_error [1]",
    *(f"error_quantile_{q:g} [1]" for q in QUANTILES),
    "lost_by_decoding [1]",
)


def forecast(result: SymmetryResult, motion: Motion, starts: Tensor, times: Tensor) -> Tensor:
    """States that the equations lead to.

    Args:
        result: What was found; its encoder leads to the coordinates of the equations and back.
        motion: Equations of motion.
        starts: ``(R, size)`` float64 states at time 0.
        times: ``(M,)`` ascending, from 0 on.

    Returns:
        ``(R, M, size)`` float64. What runs away stands still from ``ESCAPED`` on.

    Raises:
        DataError: The solver fails.
        UnknownComponentError: The encoder is not installed.
    """
    latent = result.latent if motion.space == "latent" else None
    if latent is None:
        return solve(motion.system, starts.double(), times)
    return latent.decode(solve(motion.system, latent.encode(starts), times))


def solve(system: Cartesian | Polar, starts: Tensor, times: Tensor) -> Tensor:
    """Points ``(R, M, d)`` at times ``(M,)`` from ``starts`` ``(R, d)`` float64.

    Raises:
        DataError: The solver fails.
    """
    middle = starts.mean(0)
    size = float((starts - middle).square().sum(1).mean().sqrt().clamp_min(1e-12))
    if len(starts) == 1:
        size = float(torch.linalg.vector_norm(starts).clamp_min(1e-12))

    def velocity(_time: float, flat: NDArray[Any]) -> NDArray[Any]:
        points = torch.from_numpy(flat).reshape(starts.shape)
        inside = torch.linalg.vector_norm(points - middle, dim=1, keepdim=True) < ESCAPED * size
        speeds = torch.where(inside, system.velocity(points), 0.0)
        return speeds.reshape(-1).numpy()

    solution = solve_ivp(
        velocity,
        (0.0, float(times[-1])),
        starts.reshape(-1).numpy(),
        t_eval=times.numpy(),
        rtol=TOLERANCE,
        atol=TOLERANCE * size,
    )
    if not solution.success:
        raise DataError(f"the equations of motion cannot be solved: {solution.message}")
    found = torch.from_numpy(np.ascontiguousarray(solution.y))
    points: Tensor = found.reshape(*starts.shape, len(times)).mT
    return points


def held_out_errors(
    result: SymmetryResult, motion: Motion, recordings: Recordings, horizon: float | None = None
) -> ForecastErrors:
    """Forecast held-out trajectories from their first states.

    Args:
        result: What was found.
        motion: Equations of motion.
        recordings: The trajectories.
        horizon: How long [unit of time]; by default as long as the shortest of them lasts.

    Raises:
        OptionError: The horizon is shorter than a step, or no trajectory lasts so long.
        DataError: The solver fails.
    """
    truth = _as_long(recordings, horizon)
    times = recordings.time_step * torch.arange(truth.shape[1], dtype=torch.float64)
    return forecast_errors(result, motion, truth, times)


def forecast_errors(
    result: SymmetryResult, motion: Motion, truth: Tensor, times: Tensor
) -> ForecastErrors:
    """Forecast trajectories ``(R, M, size)`` from their first states.

    Raises:
        DataError: The solver fails.
    """
    told = forecast(result, motion, truth[:, 0], times)
    again = truth
    if result.latent is not None and motion.space == "latent":
        again = result.latent.decode(result.latent.encode(truth))
    errors = relative_errors(told, truth)
    return ForecastErrors(
        times,
        errors.mean(0),
        torch.quantile(errors, torch.tensor(QUANTILES, dtype=torch.float64), dim=0),
        relative_errors(again, truth).mean(0),
        len(truth),
    )


def relative_errors(told: Tensor, truth: Tensor) -> Tensor:
    """Errors ``(R, M)`` of states ``(R, M, size)``, as :class:`ForecastErrors` measures them."""
    spread = (truth - truth.mean((0, 1))).square().sum(-1).mean().sqrt()
    errors: Tensor = torch.linalg.vector_norm(told - truth, dim=-1) / spread.clamp_min(1e-300)
    return errors


def _as_long(recordings: Recordings, horizon: float | None) -> Tensor:
    """Held-out trajectories of one length ``(R, M, size)``."""
    paths: Sequence[Tensor] = recordings.held_out
    step = recordings.time_step
    states = min(map(len, paths)) if horizon is None else round(horizon / step) + 1
    longest = max(map(len, paths))
    if not 2 <= states <= longest:
        raise OptionError(
            f"--horizon {horizon:g}: it must be at least one step of time, {step:g}, and at most "
            f"{step * (longest - 1):g}, as long as the longest held-out trajectory lasts"
        )
    usable = [path[:states] for path in paths if len(path) >= states]
    chosen = torch.linspace(0, len(usable) - 1, min(MOST_TRAJECTORIES, len(usable))).long()
    return torch.stack([usable[i] for i in chosen.tolist()])
