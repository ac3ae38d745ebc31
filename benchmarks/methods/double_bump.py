"""LaLiGAN on double-bump: which phase each latent plane holds, for every seed.

A plane matches the bump whose shift d its phase φ follows best: the share of |E exp i(φ ∓ 2πd)|,
maximised over orientation, is 1 if the phase is the shift, and about 0 if it is independent of it.

python benchmarks/methods/double_bump.py
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from latent_runs import kept_seeds, rows_of, run_all
from numpy.typing import NDArray

from symdisc import discover
from symdisc_basics.datasets.double_bump import DoubleBumpOptions, shifts, signals

FRESH = 5000
"""Rows, of a seed that no run uses, on which phases are compared."""


def followed(codes: NDArray[Any], places: NDArray[Any]) -> NDArray[np.float64]:
    """How well the phase of each plane follows each bump, ``(planes, bumps)`` from 0 to 1.

    Args:
        codes: Latent points ``(n, 4)``, two planes.
        places: Shifts, shares of the circle, ``(n, 2)``.
    """
    phases = np.arctan2(codes[:, 1::2], codes[:, ::2])
    turns = 2 * np.pi * places
    return np.array(
        [
            [max(abs(np.exp(1j * (p - s * d)).mean()) for s in (1, -1)) for d in turns.T]
            for p in phases.T
        ]
    )


def matched(table: NDArray[np.float64]) -> tuple[float, float]:
    """The worst of the matching pairs and the largest of the others, for the best matching."""
    best = max(
        itertools.permutations(range(len(table))),
        key=lambda order: sum(table[i, j] for i, j in enumerate(order)),
    )
    pairs = np.zeros_like(table, dtype=bool)
    pairs[np.arange(len(table)), best] = True
    return float(table[pairs].min()), float(table[~pairs].max())


def measure(data_seed: int, changed: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """A row for each model seed and one for the consensus, with some options changed."""
    seed = 100 * data_seed
    options = {"dataset.seed": data_seed, **(changed or {})}
    with kept_seeds() as kept:
        result = discover("double-bump", seed=seed, options=options)
    places = shifts(DoubleBumpOptions(n_samples=FRESH, seed=data_seed + 10_000))
    states = torch.tensor(signals(places))
    rows = rows_of(result, data_seed)
    for row, codes in zip(rows, [*kept.codes(states), result.encode(states)], strict=True):
        least, most = matched(followed(codes.numpy(), places))
        row["matching [1]"], row["others [1]"] = round(least, 4), round(most, 4)
    return rows


if __name__ == "__main__":
    seeds = range(2000, 2003)
    run_all("double_bump", {str(s): partial(measure, s) for s in seeds}, "data_seed [1]")
