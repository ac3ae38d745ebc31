"""Rows of a result file: every row carries the versions and the machine it was measured with."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from symdisc.provenance import machine, versions

RESULTS = Path(__file__).parent / "results"


def record(name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write ``results/<name>.csv`` anew.

    Args:
        name: Name of the measurement.
        rows: One mapping from column (with unit) to value for each run; the same columns in all.
    """
    installed = versions()
    origin = {
        "date": datetime.now(UTC).date().isoformat(),
        **machine(torch.device("cpu")),
        **{package: installed[package] for package in ("symdisc", "torch", "numpy")},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], *origin])
        writer.writeheader()
        writer.writerows({**row, **origin} for row in rows)
    return path


def spread(values: Sequence[float]) -> str:
    """Median, smallest and largest value as text."""
    return f"median {statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"
