"""How much faster are two threads than one? Wall time, in turns.

    python benchmarks/kernels/threads.py    # a minute; the machine has to be quiet

``results/threads.csv`` states the load of the machine beside each figure: with other programs at
work the second thread has no core of its own.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import torch

from symdisc.provenance import machine
from symdisc_kernels.benchmark import DIRECTIONS, Case, Row, known_contenders, make_problem, origin
from symdisc_kernels.benchmark import threads as with_threads
from symdisc_kernels.benchmark.cases import Direction
from symdisc_kernels.benchmark.records import write_csv
from symdisc_kernels.benchmark.timing import Run, time_in_turns

RESULTS = Path(__file__).parent / "results"


def with_count(run: Run, count: int) -> Run:
    """The same run with this number of threads."""

    def run_with_count(calls: int) -> None:
        with with_threads(count):
            run(calls)

    return run_with_count


def compare(case: Case, direction: Direction, count: int, seconds: float) -> Row:
    """One row: wall seconds with one thread and with several, and their ratio."""
    run = known_contenders()["cpu"].bind(make_problem(case), direction)
    if run is None:
        raise RuntimeError(f"the CPU backend has no {direction}")
    runs = {"one": with_count(run, 1), "several": with_count(run, count)}
    timings = time_in_turns(runs, seconds, time.perf_counter)
    one, several = timings["one"], timings["several"]
    return {
        "dtype": case.type_name,
        "n": case.n,
        "k": case.k,
        "c": case.c,
        "B": case.batch,
        "direction": direction,
        "threads": count,
        "one_thread_s": one.median,
        "several_threads_s": several.median,
        "several_q20_s": several.q20,
        "several_q80_s": several.q80,
        "repetitions": several.repetitions,
        "times_one_thread": one.median / several.median,
        "load_average": round(os.getloadavg()[0], 2),
    }


def main(words: Sequence[str] | None = None) -> None:
    """Measure n = 2, 3, 4, 8 at 1e5 and 1e6 samples."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each figure")
    parser.add_argument("--batch", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of threads.csv")
    options = parser.parse_args(words)
    options.out.mkdir(exist_ok=True)
    where = origin(machine(torch.device("cpu"))["device"])
    rows: list[Row] = []
    for n, batch, direction in product((2, 3, 4, 8), options.batch, DIRECTIONS):
        row = compare(Case(n, batch=batch), direction, options.threads, options.seconds)
        rows.append(row)
        write_csv(options.out / "threads.csv", rows, where)
        print(
            f"n {n}  B {batch:>9,}  {direction:16s}  {row['times_one_thread']:.2f} times one "
            f"thread  (load {row['load_average']})",
            flush=True,
        )


if __name__ == "__main__":
    main()
