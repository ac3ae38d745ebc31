"""The metrics files: one row for each logged step and seed, columns with units."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import final

from torch import Tensor

from symdisc.interfaces import Losses


@final
class MetricsFiles:
    """Writes loss terms to CSV files as training goes on, one file for each stage.

    Args:
        folder: Where ``<stage>.csv`` goes, or ``None`` to keep nothing.
        seeds: The seed of each member.
    """

    def __init__(self, folder: Path | None, seeds: Sequence[int]) -> None:
        self._folder = folder
        self._seeds = seeds
        self._start = time.process_time()

    def write(self, stage: str, step: int, losses: Losses, units: Mapping[str, str]) -> None:
        """Append one row for each seed; the first call of a stage writes the header.

        Args:
            stage: Name of the stage.
            step: Optimisation step.
            losses: The terms of this step.
            units: Unit of each term that has one; the others are pure numbers.
        """
        if self._folder is None:
            return
        values = {
            f"{group}.{term} [{units.get(term, '1')}]": _numbers(value)
            for group, terms in losses.items()
            for term, value in terms.items()
        }
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{stage}.csv"
        new = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step [1]", "seed [1]", "cpu_time [s]", *values])
            cpu_time = f"{time.process_time() - self._start:.3f}"
            for i, seed in enumerate(self._seeds):
                row = [f"{numbers[i]:.6g}" for numbers in values.values()]
                writer.writerow([step, seed, cpu_time, *row])


def _numbers(value: Tensor) -> list[float]:
    return [float(number) for number in value.detach().tolist()]
