"""Reading the metrics files of a run back."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.errors import DataError

STEP, SEED, TIME = "step [1]", "seed [1]", "cpu_time [s]"


@dataclass(frozen=True, eq=False)
class Metrics:
    """What was logged while one stage trained.

    Attributes:
        stage: Name of the stage.
        steps: ``(S,)`` steps that were logged.
        seeds: The seeds.
        terms: ``(S, E)`` values of each term by its column name, "group.term [unit]"; NaN where
            nothing was logged.
        begun: CPU time of the run when the stage first logged something [s].
    """

    stage: str
    steps: NDArray[np.int64]
    seeds: tuple[int, ...]
    terms: dict[str, NDArray[np.float64]]
    begun: float = 0.0


def read_metrics(path: Path) -> Metrics:
    """Read one metrics file; a last line that was cut off is left out.

    Raises:
        DataError: The header or a number cannot be read.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read {path}: {' '.join(str(error).split())}") from None
    if header[:3] != [STEP, SEED, TIME]:
        raise DataError(
            f"{path} is not a metrics file: its first columns must be '{STEP}', '{SEED}', "
            f"'{TIME}'; they are {header[:3]}"
        )
    if rows and len(rows[-1]) < len(header):
        rows = rows[:-1]
    try:
        values = np.array(rows, dtype=np.float64).reshape(-1, len(header))
    except ValueError as error:
        raise DataError(f"{path} is damaged: {error}") from None
    return _pivot(path.stem, header, values)


def _pivot(stage: str, header: list[str], values: NDArray[Any]) -> Metrics:
    steps, row = np.unique(values[:, 0].astype(np.int64), return_inverse=True)
    seeds, column = np.unique(values[:, 1].astype(np.int64), return_inverse=True)
    terms = {}
    for index, name in enumerate(header[3:], start=3):
        table = np.full((len(steps), len(seeds)), np.nan)
        table[row, column] = values[:, index]
        terms[name] = table
    begun = float(values[0, 2]) if len(values) else 0.0
    return Metrics(stage, steps, tuple(int(seed) for seed in seeds), terms, begun)
