"""LaLiGAN on reaction-diffusion: how round and how even the turn of the spiral is, and forecasts.

``radius_variation`` is the standard deviation of the radius that L keeps over its mean, on a film
of another start; ``growth`` is |Re λ| / |Im λ| of the eigenvalues of L. Forecasts are of the same
film, over 20 units of time, by the latent equation of degree 1.

python benchmarks/methods/reaction_diffusion.py
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from latent_runs import FIRST, kept_seeds, rows_of, run_all
from torch import Tensor

from symdisc import SymmetryResult, default_host, discover
from symdisc.use.forecast import forecast_errors
from symdisc.use.motion import MotionOptions, equations_of_motion
from symdisc.use.recordings import recordings
from symdisc.verify.within_total import kept_radius_form, radius
from symdisc_basics.datasets.reaction_diffusion import ReactionDiffusion, ReactionDiffusionOptions

HORIZON, STEP = 20.0, 0.05


def measure(data_seed: int) -> list[dict[str, Any]]:
    """A row for each model seed and one for the consensus."""
    options = {"dataset.seed": data_seed}
    with kept_seeds() as kept:
        result = discover("reaction-diffusion", seed=100 * data_seed, options=options)
    film = _film(data_seed + 10_000)
    flat = film.flatten(0, 1)
    rows = rows_of(result, data_seed)
    codes = [*kept.codes(flat), result.encode(flat)]
    generators = [*kept.generators, result.generators]
    forecasts = _forecasts(result, film)
    for row, points, generator in zip(rows, codes, generators, strict=True):
        row["radius_variation [1]"] = _variation(points.double(), generator[0])
        row["growth [1]"] = _growth(generator[0])
        row |= forecasts
    return rows


def _film(seed: int) -> Tensor:
    """Eight stretches of a film ``(8, T, 1024)``, each as long as the horizon."""
    states = round(HORIZON / STEP) + 1
    options = ReactionDiffusionOptions(seed=seed, n_arcs=8, n_states=states)
    return torch.tensor(ReactionDiffusion(options).make().states)


def _variation(points: Tensor, generator: Tensor) -> float:
    form = kept_radius_form(generator)
    if form is None:
        return float("nan")
    radii = radius(points[:, None], form)
    return round(float(radii.std(correction=0) / radii.mean()), 5)


def _growth(generator: Tensor) -> float:
    values = np.linalg.eigvals(generator.double().numpy())
    turning = np.abs(values.imag).max()
    return round(float(np.abs(values.real).max() / turning), 5) if turning else float("inf")


def _forecasts(result: SymmetryResult, film: Tensor) -> dict[str, float]:
    """Mean error over the whole horizon and at its end, and what decoding alone loses."""
    data = recordings(default_host(), result)
    options = MotionOptions(form="cartesian", symmetry="none", degree=1)
    motion = equations_of_motion(result, data, options)
    times = torch.arange(film.shape[1], dtype=torch.float64) * STEP
    errors = forecast_errors(result, motion, film.double(), times)
    return {
        "forecast_error [1]": round(errors.overall, 5),
        "last_forecast_error [1]": round(float(errors.mean[-1]), 5),
        "decoding_error [1]": round(float(errors.lost.mean()), 5),
    }


if __name__ == "__main__":
    seeds = range(FIRST, FIRST + 3)
    run_all("reaction_diffusion", {str(s): partial(measure, s) for s in seeds}, "data_seed [1]")
