"""Rows of latent runs: one a seed of the ensemble, one run a data seed, going on where it was."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch
from recording import RESULTS, record, spread
from torch import Tensor

from symdisc import SymmetryResult, discover
from symdisc.interfaces import Artifacts, EnsembleModule
from symdisc_laligan.stage import LatentStage

FIRST = 2000
"""First data seed; model seeds are as fresh as the data."""

STAMPED = ("date", "device", "system", "threads", "symdisc", "torch", "numpy")
"""Columns that every row is given when it is written."""


def measure(source: str, data_seed: int, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One run on a data set of its own: a row for each model seed, and one for the consensus."""
    settings = {"dataset.seed": data_seed, **options}
    result = discover(source, method="laligan", seed=100 * data_seed, options=settings)
    return rows_of(result, data_seed)


class Seeds:
    """What training left of each seed, of which a result has but the best one's."""

    artifacts: Artifacts

    @torch.no_grad()
    def codes(self, states: Tensor) -> list[Tensor]:
        """Latent points ``(n, latent size)`` float64 of states ``(n, size)``, of each seed."""
        encoders: EnsembleModule = self.artifacts["encoders"]
        codes = encoders.call("encode", states.float().expand(encoders.size, *states.shape))
        return list(codes.double())

    @property
    def generators(self) -> list[Tensor]:
        """``(k, n, n)`` float64 of each seed, in its own coordinates."""
        return list(self.artifacts["generators"].double())


@contextmanager
def kept_seeds() -> Iterator[Seeds]:
    """What the one run inside leaves of its seeds."""
    kept = Seeds()
    finish = LatentStage.finish

    def keeping(stage: LatentStage, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        kept.artifacts = finish(stage, modules)
        return kept.artifacts

    with patch.object(LatentStage, "finish", keeping):
        yield kept


def rows_of(result: SymmetryResult, data_seed: int) -> list[dict[str, Any]]:
    """A row for each model seed and one for the consensus."""
    figures = result.latent_figures
    if figures is None:
        raise RuntimeError("laligan gives figures of its coordinates")
    defect = result.defects[0]
    shared = {
        "ellipse_within_total [1]": round(figures.raw_ellipse, 5),
        "radius_within_total [1]": round(figures.raw_radius, 5),
        "group": result.group,
        "verdict": "" if result.verification is None else result.verification.overall.word,
        "agreement [1]": result.agreement,
        "defect [1]": round(defect.value, 4),
        "defect_high [1]": round(defect.high, 4),
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }
    names = [*map(str, result.seeds), "consensus"]
    return [
        {
            "data_seed [1]": data_seed,
            "model_seed": name,
            "within_total [1]": round(one.within_total, 5),
            "reconstruction [1]": float(f"{one.reconstruction:.3g}"),
            "condition [1]": round(one.condition, 3),
            "kurtosis [1]": round(one.kurtosis, 3),
            "along [1]": round(one.along, 5),
            "alignment [1]": round(one.alignment, 4),
            "flagged": "" if seed is None else result.failed.get(seed, ""),
            **shared,
        }
        for name, seed, one in zip(
            names, [*result.seeds, None], [*figures.seeds, figures.consensus], strict=True
        )
    ]


def main(source: str, name: str, options: Mapping[str, Any]) -> None:
    """Measure several data seeds and write a result file; rows that it has already are kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=FIRST)
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.data_seeds)
    run_all(name, {str(seed): _measuring(source, seed, options) for seed in seeds}, "data_seed [1]")
    print_shares(name)


def run_all(name: str, runs: Mapping[str, Callable[[], list[dict[str, Any]]]], column: str) -> None:
    """Run what the result file has no rows of, writing it after each run."""
    rows = earlier(name)
    done = {row[column] for row in rows}
    for key, run in runs.items():
        if key in done:
            continue
        rows += run()
        print(rows[-1], flush=True)
        record(name, rows)


def print_shares(name: str) -> None:
    """Tell the within/total of all seeds of a result file."""
    rows = [row for row in earlier(name) if row["model_seed"] != "consensus"]
    print("within/total of seeds:", spread([float(row["within_total [1]"]) for row in rows]))


def earlier(name: str) -> list[dict[str, Any]]:
    """Rows of the result file, without what each row is given again when written."""
    path = RESULTS / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v for k, v in row.items() if k not in STAMPED} for row in rows]


def _measuring(
    source: str, seed: int, options: Mapping[str, Any]
) -> Callable[[], list[dict[str, Any]]]:
    return lambda: measure(source, seed, options)
