"""One test of one problem, and result files that grow row by row and can be continued."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from problems import Problem

from symdisc.interfaces import Verifier
from symdisc.provenance import machine, versions
from symdisc.registry import default_host
from symdisc.verify.choice import choose_verifier
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verification import Verification
from symdisc.verify.verifying import verify

RESULTS = Path(__file__).parent / "results"
Case = tuple[Any, ...]


def measure(problem: Problem, seed: int, verifier: Verifier | None = None) -> dict[str, Any]:
    """Test the generators with the default options and say what came out."""
    options = DefectOptions()
    verifier = verifier or choose_verifier(default_host(), options.verifier, problem.samples)
    start = time.process_time()
    tested = verify(
        problem.samples,
        problem.generators,
        problem.mask,
        problem.blocks,
        verifier,
        seed=seed,
        options=options,
    )
    return told(tested, time.process_time() - start)


def told(tested: Verification, cpu_time: float) -> dict[str, Any]:
    """What a test says, by column."""
    worst = tested.worst
    return {
        "verdict": tested.overall.word,
        "defect [1]": round(worst.value, 4),
        "defect_low [1]": round(worst.low, 4),
        "defect_high [1]": round(worst.high, 4),
        "reference [nat]": round(worst.reference, 5),
        "displacement [1]": round(worst.displacement, 3),
        "support [1]": round(worst.support, 3),
        "tested_rows [1]": worst.n_rows,
        "resolution [1]": round(worst.resolution, 4),
        "rows_that_would_do [1]": tested.overall.rows or "",
        "cpu_time [s]": round(cpu_time, 2),
    }


class ResultFile:
    """``results/<name>.csv``: rows are appended as they come; cases that are there are passed over.

    Args:
        name: Name of the measurement.
        keys: The columns that name a case.
    """

    def __init__(self, name: str, keys: tuple[str, ...]) -> None:
        self.path = RESULTS / f"{name}.csv"
        self._keys = keys
        installed = versions()
        self._origin = {
            "date": datetime.now(UTC).date().isoformat(),
            **machine(torch.device("cpu")),
            **{package: installed[package] for package in ("symdisc", "torch", "numpy")},
        }

    def rows(self) -> list[dict[str, str]]:
        """What was measured so far."""
        if not self.path.exists():
            return []
        with self.path.open(newline="") as file:
            return list(csv.DictReader(file))

    def missing(self, cases: Iterable[Case]) -> Iterator[Case]:
        """Cases that are not there yet."""
        done = {tuple(row[key] for key in self._keys) for row in self.rows()}
        return (case for case in cases if tuple(str(part) for part in case) not in done)

    def add(self, case: Case, values: Mapping[str, Any]) -> None:
        """Append one row and print it."""
        row = {**dict(zip(self._keys, case, strict=True)), **values}
        new = not self.path.exists()
        RESULTS.mkdir(exist_ok=True)
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, [*row, *self._origin])
            if new:
                writer.writeheader()
            writer.writerow({**row, **self._origin})
        print(" ".join(str(value) for value in row.values()), flush=True)


def upper_bound(wrong: int, total: int) -> float:
    """Upper end of the one-sided 95 % interval of a share, after Clopper and Pearson [1]."""
    from scipy.stats import beta

    return 1.0 if wrong >= total else float(beta.ppf(0.95, wrong + 1, total - wrong))
