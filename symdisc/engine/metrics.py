"""The metrics files: one row for each logged step and seed, columns with units."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import final

from torch import Tensor

from symdisc.interfaces import Losses
from symdisc.writing import writing

COLUMNS = ("step [1]", "seed [1]", "cpu_time [s]")
"""The first columns of every metrics file."""


@final
class MetricsFiles:
    """Writes loss terms to CSV files as training goes on, one file for each stage.

    Args:
        folder: Where ``<stage>.csv`` goes, or ``None`` to keep nothing.
        seeds: The seed of each member.
        spent: CPU time that earlier processes spent on this run [s].
    """

    def __init__(self, folder: Path | None, seeds: Sequence[int], spent: float = 0.0) -> None:
        self._folder = folder
        self._seeds = seeds
        self._columns: dict[str, list[str]] = {}
        self._start = time.process_time() - spent

    def cut(self, steps: Mapping[str, int | None]) -> None:
        """Leave out what was written behind a checkpoint.

        Args:
            steps: For each stage that has begun, the step at which it goes on, or ``None`` where
                its file stays whole. Files of other stages are removed.

        Raises:
            OutputError: A file cannot be written.
        """
        if self._folder is None or not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.csv")):
            with writing(path):
                if path.stem not in steps:
                    path.unlink()
                elif (step := steps[path.stem]) is not None:
                    columns, rows = _read(path)
                    _write(path, columns, [row for row in rows if int(row[COLUMNS[0]]) < step])
                    self._columns[path.stem] = columns

    def write(self, stage: str, step: int, losses: Losses, units: Mapping[str, str]) -> None:
        """Append one row for each seed; the first call of a stage writes the header.

        A term that is not there in every step has the value nan in the other rows.

        Args:
            stage: Name of the stage.
            step: Optimisation step.
            losses: The terms of this step.
            units: Unit of each term that has one; the others are pure numbers.

        Raises:
            OutputError: The file cannot be written.
        """
        if self._folder is None:
            return
        values = {
            f"{group}.{term} [{units.get(term, '1')}]": _numbers(value)
            for group, terms in losses.items()
            for term, value in terms.items()
        }
        path = self._folder / f"{stage}.csv"
        with writing(path):
            self._folder.mkdir(exist_ok=True)
            self._append(path, stage, step, values)

    def _append(
        self, path: Path, stage: str, step: int, values: Mapping[str, Sequence[float]]
    ) -> None:
        known = self._columns.get(stage)
        if known is None or not set(values) <= set(known):
            known = self._columns[stage] = list(dict.fromkeys([*(known or COLUMNS), *values]))
            _rewrite(path, known)
        cpu_time = f"{time.process_time() - self._start:.3f}"
        with path.open("a", newline="") as file:
            writer = csv.DictWriter(file, known, restval="nan")
            for i, seed in enumerate(self._seeds):
                terms = {name: f"{numbers[i]:.6g}" for name, numbers in values.items()}
                writer.writerow(dict(zip(COLUMNS, (step, seed, cpu_time), strict=True)) | terms)


def _rewrite(path: Path, columns: Sequence[str]) -> None:
    """Write the file again, or for the first time, with these columns."""
    _write(path, columns, _read(path)[1] if path.exists() else [])


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows; a last row that was cut off is left out."""
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if None not in row.values()]
        return list(reader.fieldnames or COLUMNS), rows


def _write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Write the file whole or not at all."""
    scratch = path.with_name(path.name + ".new")
    with scratch.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="nan")
        writer.writeheader()
        writer.writerows(rows)
    scratch.replace(path)


def _numbers(value: Tensor) -> list[float]:
    return [float(number) for number in value.detach().tolist()]
