"""Measure the kernels against torch, plain Taylor code and scipy over all sizes, on one core.

Two sets: ``required.csv`` holds the sizes for which there are aims, with a figure of them, and
``grid.csv`` sizes n, numbers of generators k, components c, float64 and large norms. Times are
processor time of one thread. At the end each aim is printed with what was measured.

    python benchmarks/kernels/grid.py            # about ten minutes on one core
    python benchmarks/kernels/grid.py --quick    # half a minute, into a temporary folder
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

import torch

from symdisc.provenance import machine
from symdisc_kernels.benchmark import (
    Case,
    Row,
    known_contenders,
    measure_case,
    origin,
    peaks_of,
    rows_of,
    threads,
    write_csv,
)
from symdisc_kernels.benchmark.figure import scaling_figure

RESULTS = Path(__file__).parent / "results"
OURS = "cpu"
SIZES = (2, 3, 4, 8)
REQUIRED = ("torch", "taylor-baddbmm", "taylor", OURS, "scipy")
WIDER = ("torch", "taylor-baddbmm", "taylor", OURS)
SHAPES = ((1, 1), (3, 1), (6, 1), (28, 1), (3, 2), (3, 4))  # k, c

# Name, direction, column, aim and the rows for which it is meant.
AIMS: tuple[tuple[str, str, float, Callable[[Row], bool]], ...] = (
    ("forward+backward", "times_torch", 90, lambda row: row["B"] >= 100_000),
    ("forward+backward", "times_torch", 60, lambda row: row["B"] == 10_000),
    ("forward+backward", "times_torch", 11, lambda row: row["B"] == 64),
    ("forward", "times_torch", 55, lambda _: True),
    ("forward", "share_of_peak", 0.5, lambda row: row["n"] >= 3 and row["B"] >= 10_000),
    ("forward+backward", "share_of_peak", 0.5, lambda row: row["n"] >= 3 and row["B"] >= 10_000),
    ("forward", "times_best_plain", 12, lambda _: True),
    ("forward+backward", "times_best_plain", 12, lambda _: True),
)


def required_cases(quick: bool) -> Iterator[Case]:
    """float32, mean norm 1, three generators, one component."""
    batches = (64, 10_000) if quick else (64, 10_000, 100_000, 1_000_000)
    for n, batch in product(SIZES, batches):
        yield Case(n, batch=batch)


def wider_cases(quick: bool) -> Iterator[Case]:
    """Sizes with generators and components, then float64, then norms."""
    sizes = (2, 6) if quick else (2, 3, 4, 5, 6, 8, 10, 12, 16)
    batch = 1_000 if quick else 10_000
    for n, (k, c) in product(sizes, SHAPES):
        yield Case(n, k, c, batch)
    for n in SIZES[:1] if quick else SIZES:
        yield Case(n, batch=10 * batch, dtype=torch.float64)
        for norm in (0.1, 3.0, 10.0):
            yield Case(n, batch=batch, norm=norm)


def measure(path: Path, cases: Iterable[Case], names: Sequence[str], seconds: float) -> list[Row]:
    """Measure all cases; the file is written after each, so that nothing is lost."""
    known = known_contenders()
    where = origin(machine(torch.device("cpu"))["device"])
    rows: list[Row] = []
    for case in cases:
        found = measure_case(case, [known[contender] for contender in names], seconds)
        rows += rows_of(found, peaks_of("cpu", case.dtype))
        write_csv(path, rows, where)
        print(*[_line(row) for row in rows if row["contender"] == OURS][-2:], sep="\n", flush=True)
    return rows


def _line(row: Row) -> str:
    share = row["share_of_peak"]
    return (
        f"n {row['n']:2d}  k {row['k']:2d}  c {row['c']}  B {row['B']:>9,}  {row['dtype']}  "
        f"norm {row['norm']:4g}  {row['direction']:16s}  {1e9 * row['median_s'] / row['B']:9.2f} ns"
        f"  {row['times_torch']:5.1f} x torch  {row['times_best_plain']:5.1f} x plain"
        + ("" if share is None else f"  {share:4.0%} of peak")
    )


def print_aims(rows: Sequence[Row]) -> None:
    """Each aim with the worst that was measured for it."""
    print("\naims (worst over the sizes they are meant for)")
    for direction, column, aim, is_meant in AIMS:
        values = [
            (row[column], row["n"], row["B"])
            for row in rows
            if row["contender"] == OURS and row["direction"] == direction and is_meant(row)
        ]
        if not values or any(value is None for value, _, _ in values):
            print(f"  {direction:16s}  {column:16s}  at least {aim:g}: not measured")
            continue
        value, n, batch = min(values)
        verdict = "met" if value >= aim else "MISSED"
        where = f"n = {n}, B = {batch:,}"
        print(
            f"  {direction:16s}  {column:16s}  at least {aim:g}: {value:.3g} ({where})  {verdict}"
        )


def main() -> None:
    """Measure both sets."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few sizes, little time for each")
    quick = parser.parse_args().quick
    out = Path(tempfile.mkdtemp()) if quick else RESULTS
    out.mkdir(exist_ok=True)
    with threads(1):
        cases = required_cases(quick)
        required = measure(out / "required.csv", cases, REQUIRED, 0.05 if quick else 0.5)
        scaling_figure(required).savefig(out / "required.png", dpi=120)
        measure(out / "grid.csv", wider_cases(quick), WIDER, 0.02 if quick else 0.2)
    print(f"\nwritten to {out}")
    print_aims(required)


if __name__ == "__main__":
    main()
