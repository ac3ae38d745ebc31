"""Frequencies and long forecasts by equations in learned coordinates, against other ways.

Of each data set and data seed one LaLiGAN run; from its held-out states the true motion over 20
units of time is known. Rows that the result file has already are kept.

python benchmarks/methods/forecasts.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from forecast_baselines import sindy, trained_stepper
from latent_runs import FIRST, earlier
from recording import record
from sindy_autoencoder import sindy_autoencoder
from torch import Tensor

from symdisc import SymmetryResult, default_host, discover
from symdisc.errors import SymdiscError
from symdisc.use.forecast import forecast, relative_errors, solve
from symdisc.use.motion import Motion, MotionOptions, equations_of_motion
from symdisc.use.polar import Polar
from symdisc.use.recordings import Recordings, recordings
from symdisc_basics.datasets import lotka_volterra, pendulum

HORIZON, STEP = 20.0, 0.02
MOST_TRAJECTORIES = 30
FREQUENCY = (
    "frequency_mean",
    "frequency_largest",
    "frequency_of_one_state_mean",
    "frequency_of_one_state_largest",
)
"""Relative errors of angular frequencies, by mean radii of trajectories and by single states."""


@dataclass(frozen=True)
class System:
    """A data set whose motion is known.

    Attributes:
        motion: States ``(n, T, 2)`` from starts ``(n, 2)`` at times ``(T,)``.
        energy: Of states ``(..., 2)``.
        frequency: Angular frequency of each energy ``(n,)`` [rad/time].
        library: The functions that stand in its equations.
    """

    motion: Callable[[Any, Any], Any]
    energy: Callable[[Any], Any]
    frequency: Callable[[Any], Any]
    library: str


SYSTEMS = {
    "pendulum": System(
        pendulum.motion, pendulum.energy, pendulum.frequency, "linear + trigonometric(1)"
    ),
    "lotka-volterra": System(
        lotka_volterra.motion,
        lotka_volterra.energy,
        lotka_volterra.frequency,
        "affine + exponential",
    ),
}
"""By the name of the data set."""

Row = dict[str, Any]


def measure(source: str, data_seed: int, options: Mapping[str, Any]) -> list[Row]:
    """One run and all ways to forecast its held-out trajectories: a row for each way."""
    start = time.process_time()
    settings = {"dataset.seed": data_seed, **options}
    result = discover(source, method="laligan", seed=100 * data_seed, options=settings)
    found = {"discovery_cpu_time [s]": round(time.process_time() - start, 1)} | _found(result)
    data = recordings(default_host(), result)
    starts = torch.stack([path[0] for path in data.held_out[:MOST_TRAJECTORIES]])
    rows = [
        _row(name, way, SYSTEMS[source], starts)
        for name, way in _ways(result, data, SYSTEMS[source], data_seed).items()
    ]
    return [{"source": source, "data_seed [1]": data_seed, **row, **found} for row in rows]


@dataclass(frozen=True)
class Told:
    """What one way says.

    Attributes:
        states: ``(R, T, 2)`` at ``times``.
        times: ``(T,)``.
        frequencies: Angular frequency of each trajectory [rad/time], by its mean radius, ``(R,)``,
            and by that of its first state alone; ``None``: not told.
    """

    states: Tensor
    times: Tensor
    frequencies: tuple[Tensor, Tensor] | None = None


Way = Callable[[Tensor], Told]


def _ways(result: SymmetryResult, data: Recordings, system: System, seed: int) -> dict[str, Way]:
    """Ways to forecast from starts ``(R, 2)``."""
    times = torch.arange(round(HORIZON / STEP) + 1, dtype=torch.float64) * STEP
    networks = {} if result.latent is None else result.latent.tensors
    parameters = sum(tensor.numel() for tensor in networks.values())

    def in_latent(options: MotionOptions) -> Way:
        def way(starts: Tensor) -> Told:
            motion = equations_of_motion(result, data, options)
            told = forecast(result, motion, starts, times)
            return Told(told, times, _frequencies(result, motion, data))

        return way

    def by_sindy(functions: str) -> Way:
        return lambda starts: Told(solve(sindy(data, functions), starts, times), times)

    def by_autoencoder(starts: Tensor) -> Told:
        other = sindy_autoencoder(result, data, 3, seed)
        options = MotionOptions(form="cartesian", symmetry="none", degree=3)
        motion = equations_of_motion(other, data, options)
        return Told(forecast(other, motion, starts, times), times)

    def by_stepper(starts: Tensor) -> Told:
        steps = round(HORIZON / data.time_step)
        states = trained_stepper(data, parameters, seed).forecast(starts, steps)
        return Told(states, data.time_step * torch.arange(steps + 1, dtype=torch.float64))

    return {
        "polar": in_latent(MotionOptions(form="polar")),
        "latent, commuting": in_latent(MotionOptions(form="cartesian")),
        "latent, soft": in_latent(MotionOptions(form="cartesian", symmetry="soft", degree=9)),
        "latent, free": in_latent(MotionOptions(form="cartesian", symmetry="none")),
        "sindy, degree 2": by_sindy("polynomial(2)"),
        "sindy, exact library": by_sindy(system.library),
        "sindy autoencoder": by_autoencoder,
        "stepper": by_stepper,
    }


def _frequencies(
    result: SymmetryResult, motion: Motion, data: Recordings
) -> tuple[Tensor, Tensor] | None:
    system, latent = motion.system, result.latent
    if not isinstance(system, Polar) or latent is None:
        return None
    radii = [system.radius(latent.encode(path)) for path in data.held_out[:MOST_TRAJECTORIES]]
    means, firsts = torch.stack([r.mean() for r in radii]), torch.stack([r[0] for r in radii])
    return system.frequency(means).abs(), system.frequency(firsts).abs()


def _row(name: str, way: Way, system: System, starts: Tensor) -> Row:
    """Figures of one way; empty where it does not apply, with the reason."""
    start = time.process_time()
    try:
        told, failed = way(starts), ""
    except SymdiscError as error:
        told, failed = None, str(error)
    row: Row = {"way": name, "forecast_cpu_time [s]": round(time.process_time() - start, 2)}
    figures = {} if told is None else _figures(told, system, starts)
    names = ("mean", "median", "at_end", *FREQUENCY)
    return {**row, **{f"{n}_error [1]": figures.get(n, "") for n in names}, "failed": failed}


def _figures(told: Told, system: System, starts: Tensor) -> dict[str, float]:
    truth = torch.from_numpy(np.asarray(system.motion(starts.numpy(), told.times.numpy())))
    errors = relative_errors(told.states, truth)
    figures = {
        "mean": float(errors.mean()),
        "median": float(errors.median(dim=0).values.mean()),
        "at_end": float(errors[:, -1].mean()),
    }
    if told.frequencies is not None:
        true = torch.from_numpy(system.frequency(system.energy(starts.numpy())))
        means, firsts = ((found / true - 1).abs() for found in told.frequencies)
        values = (means.mean(), means.max(), firsts.mean(), firsts.max())
        figures |= dict(zip(FREQUENCY, map(float, values), strict=True))
    return {name: float(f"{value:.4g}") for name, value in figures.items()}


def _found(result: SymmetryResult) -> Row:
    """What stands beside every figure."""
    if result.latent_figures is None:
        raise RuntimeError("laligan gives figures of its coordinates")
    figures = result.latent_figures.consensus
    return {
        "group": result.group,
        "agreement [1]": result.agreement,
        "reconstruction [1]": float(f"{figures.reconstruction:.3g}"),
        "within_total [1]": float(f"{figures.within_total:.3g}"),
    }


def main() -> None:
    """Measure several data seeds of each data set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--data-seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=FIRST)
    arguments = parser.parse_args()
    rows = earlier("forecasts")
    done = {(row["source"], str(row["data_seed [1]"])) for row in rows}
    for source in arguments.sources:
        for seed in range(arguments.first, arguments.first + arguments.data_seeds):
            if (source, str(seed)) not in done:
                rows += measure(source, seed, {})
                record("forecasts", rows)
                print(rows[-1], flush=True)


if __name__ == "__main__":
    main()
