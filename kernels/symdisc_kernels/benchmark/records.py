"""Measurements as rows of a table and of a CSV file."""

from __future__ import annotations

import csv
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from symdisc_kernels.benchmark.contenders import BASELINE, PLAIN
from symdisc_kernels.benchmark.measurement import Measurement
from symdisc_kernels.benchmark.peaks import Peaks
from symdisc_kernels.benchmark.work import work_of

Row = dict[str, Any]

COLUMNS = (
    "contender",
    "device",
    "threads",
    "dtype",
    "n",
    "k",
    "c",
    "B",
    "norm",
    "direction",
    "median_s",
    "q20_s",
    "q80_s",
    "repetitions",
    "measured_batch",
    "GFLOP/s",
    "GB/s",
    "share_of_peak",
    "share_of_roofline",
    "times_torch",
    "times_best_plain",
    "peak_memory_bytes",
    "load_average",
)
"""Columns of a measurement; those that say where it comes from follow."""


def rows_of(measurements: Sequence[Measurement], peaks: Peaks) -> list[Row]:
    """Rows with the columns :data:`COLUMNS`, one for each measurement of one case.

    Seconds stand for the whole batch B, also where fewer samples were measured. ``GFLOP/s`` and
    ``GB/s`` are the work and traffic that the problem needs (:mod:`symdisc_kernels.benchmark.work`)
    over the median time; ``share_of_peak`` is the former over the highest rate of multiply-adds,
    ``share_of_roofline`` the larger of both shares. ``times_torch`` says how many times faster than
    the baseline, ``times_best_plain`` than the fastest plain torch code. What is not known is
    ``None``.
    """
    return [
        {
            **_sizes(measurement),
            **_times(measurement),
            **_rates(measurement, peaks),
            "times_torch": _ratio(measurement, measurements, (BASELINE,)),
            "times_best_plain": _ratio(measurement, measurements, PLAIN),
            "peak_memory_bytes": measurement.timing.peak_memory,
            "load_average": round(measurement.load, 2),
        }
        for measurement in measurements
    ]


def origin(processor: str) -> dict[str, str]:
    """Columns that say where a measurement comes from: versions, processor and date."""
    return {
        **{package: _version(package) for package in ("symdisc", "torch", "triton")},
        "python": platform.python_version(),
        "processor": processor,
        "date": datetime.now(UTC).date().isoformat(),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]], where: Mapping[str, str]) -> None:
    """Write rows, each with where it comes from.

    Args:
        path: File to write anew.
        rows: The same columns in all; floats are written with five digits, ``None`` as nothing.
        where: Further columns, the same in all rows: see :func:`origin`.

    Raises:
        OSError: It cannot be written.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], *where])
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _text(value) for name, value in row.items()} | dict(where))


def _text(value: Any) -> Any:
    return f"{value:.5g}" if isinstance(value, float) else value


def _sizes(measurement: Measurement) -> Row:
    case = measurement.case
    return {
        "contender": measurement.contender,
        "device": case.device,
        "threads": measurement.threads,
        "dtype": case.type_name,
        "n": case.n,
        "k": case.k,
        "c": case.c,
        "B": case.batch,
        "norm": case.norm,
        "direction": measurement.direction,
    }


def _times(measurement: Measurement) -> Row:
    timing, scale = measurement.timing, measurement.scale
    return {
        "median_s": measurement.seconds,
        "q20_s": timing.q20 * scale,
        "q80_s": timing.q80 * scale,
        "repetitions": timing.repetitions,
        "measured_batch": measurement.measured_batch,
    }


def _rates(measurement: Measurement, peaks: Peaks) -> Row:
    work = work_of(measurement.case, measurement.norms, measurement.direction)
    per_second = measurement.case.batch / measurement.seconds
    operations, traffic = work.operations * per_second, work.bytes * per_second
    share = operations / peaks.operations if peaks.operations else None
    roofline = None
    if share is not None and peaks.bandwidth:
        roofline = max(share, traffic / peaks.bandwidth)
    return {
        "GFLOP/s": operations / 1e9,
        "GB/s": traffic / 1e9,
        "share_of_peak": share,
        "share_of_roofline": roofline,
    }


def _ratio(
    measurement: Measurement, measurements: Sequence[Measurement], names: Sequence[str]
) -> float | None:
    """How many times faster than the fastest of these contenders for the same problem."""
    others = [
        other.seconds
        for other in measurements
        if other.contender in names
        and (other.case, other.direction) == (measurement.case, measurement.direction)
    ]
    return min(others) / measurement.seconds if others else None
