"""How long does the first use of a kernel take, and how long every later one?

    python benchmarks/kernels/build_time.py    # two minutes

Each figure is CPU time of a fresh process with its children (the compiler), beyond that of a
process that only imports torch: ``first_s`` with an empty cache but for what the line before built,
``cached_s`` with a full one, the least of several runs.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import torch

from symdisc.provenance import machine
from symdisc_kernels.benchmark import Row, origin, write_csv
from symdisc_kernels.cache_folder import CACHE_VARIABLE

RESULTS = Path(__file__).parent / "results"
REPEATS = 5

BARE = "import torch"
OPERATORS = """
import symdisc_kernels
symdisc_kernels.resolve_backend("cpu")
"""
KERNEL = """
import torch, symdisc_kernels
with symdisc_kernels.use_backend("cpu"):
    x = torch.zeros(8, 1, {n}, dtype=torch.{dtype})
    symdisc_kernels.group_action(x[:, :, 0], x.new_zeros(1, {n}, {n}), x)
"""


def cpu_seconds(code: str, cache: Path) -> float:
    """CPU seconds of a fresh process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {CACHE_VARIABLE: str(cache)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def start(code: str, cache: Path) -> float:
    """Least CPU seconds beyond importing torch, the two measured in turns."""
    pairs = [(cpu_seconds(BARE, cache), cpu_seconds(code, cache)) for _ in range(REPEATS)]
    return min(full for _, full in pairs) - min(bare for bare, _ in pairs)


def row_of(what: str, code: str, cache: Path, bare: float) -> Row:
    """The first use, which builds, then later ones."""
    first = cpu_seconds(code, cache) - bare
    return {
        "what": what,
        "first_s": first,
        "cached_s": start(code, cache),
        "import_torch_s": bare,
        "repetitions": REPEATS,
        "load_average": round(os.getloadavg()[0], 2),
    }


def main(words: Sequence[str] | None = None) -> None:
    """Build the operators, then the kernels one by one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--n", type=int, nargs="+", default=[2, 3, 4, 8, 16])
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of build_time.csv")
    options = parser.parse_args(words)
    options.out.mkdir(exist_ok=True)
    programs = {"operators": OPERATORS} | {
        f"kernel n={n} {dtype}": KERNEL.format(n=n, dtype=dtype)
        for n, dtype in product(options.n, ("float32", "float64"))
    }
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        bare = min(cpu_seconds(BARE, cache) for _ in range(REPEATS))
        for what, code in programs.items():
            rows.append(row_of(what, code, cache, bare))
            write_csv(
                options.out / "build_time.csv", rows, origin(machine(torch.device("cpu"))["device"])
            )
            print(
                "{what:22s} first {first_s:6.2f} s, later {cached_s:5.2f} s".format(**rows[-1]),
                flush=True,
            )


if __name__ == "__main__":
    main()
