"""Does forward+backward of the action allocate a buffer of B·n² numbers?

    python benchmarks/kernels/memory.py    # half a minute

Each contender runs in a process of its own: a small problem first, so that all code is loaded, then
the large one. ``results/memory.csv`` states by how much the resident memory of the process grew at
its highest, as the kernel of the operating system counts it, beside the memory of what the call
returns (y and the gradients of z, L and x) and of one matrix for each sample. torch's baseline is
measured with fewer samples, which are stated, as it would not fit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from symdisc.provenance import machine
from symdisc_kernels.benchmark import (
    Case,
    Row,
    known_contenders,
    make_problem,
    origin,
    threads,
    write_csv,
)

RESULTS = Path(__file__).parent / "results"
NAMES = ("cpu", "taylor-baddbmm", "taylor", "torch")
BATCH, SIZE = 1_000_000, 8


def resident(field: str) -> int:
    """Bytes of this process's memory: ``VmRSS`` now, ``VmHWM`` at its highest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"the operating system does not report {field}")


def growth(name: str, case: Case) -> int:
    """Bytes by which one call raises the highest resident memory of this process, at most."""
    contender = known_contenders()[name]
    problem = make_problem(case)
    small = contender.bind(problem.first(64), "forward+backward")
    large = contender.bind(problem, "forward+backward")
    if small is None or large is None:
        raise RuntimeError(f"{name} has no gradients")
    with threads(1):
        small(1)
        before = resident("VmRSS")
        large(1)
    return resident("VmHWM") - before


def row_of(name: str, batch: int, n: int) -> Row:
    """Measure one contender in a process of its own."""
    case = Case(n, batch=batch)
    measured = known_contenders()[name].measured_batch(case)
    command = [sys.executable, __file__, "--worker", name, str(measured), str(n)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    grown = int(json.loads(done.stdout))
    item = case.dtype.itemsize
    results = item * (measured * (case.k + 2 * case.c * n) + case.k * n**2)
    matrices = item * measured * n**2
    return {
        "contender": name,
        "dtype": case.type_name,
        "n": n,
        "k": case.k,
        "c": case.c,
        "B": measured,
        "growth_bytes": grown,
        "returned_bytes": results,
        "one_matrix_per_sample_bytes": matrices,
        "growth_beyond_returned_in_matrices": (grown - results) / matrices,
        "growth_per_sample_bytes": grown / measured,
    }


def main(words: Sequence[str] | None = None) -> None:
    """Measure all contenders."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of memory.csv")
    parser.add_argument("--worker", nargs=3, metavar=("NAME", "B", "N"), help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.worker:
        name, batch, n = options.worker
        print(json.dumps(growth(name, Case(int(n), batch=int(batch)))))
        return
    options.out.mkdir(exist_ok=True)
    rows = []
    for name in NAMES:
        rows.append(row_of(name, options.batch, SIZE))
        print(
            "{contender:15s} B {B:>9,}: grew by {growth_bytes:,} bytes, of which it returned "
            "{returned_bytes:,}; the rest is {growth_beyond_returned_in_matrices:.2f} matrices a "
            "sample".format(**rows[-1]),
            flush=True,
        )
        write_csv(options.out / "memory.csv", rows, origin(machine(torch.device("cpu"))["device"]))


if __name__ == "__main__":
    main()
