"""Time and peak memory for many rows: six coordinates, polynomials of degree 2.

Every number of rows is measured in a process of its own. Rows are made portion by portion, so that
what the process needs is what the method needs; making them counts in its time.

python benchmarks/fields/streaming.py
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import torch
from field_measuring import record
from torch import Tensor

from symdisc.fields.reading import library
from symdisc.representations import Representation
from symdisc_vector_field.extended import Extended
from symdisc_vector_field.moments import Scales, moments
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions
from symdisc_vector_field.spectrum import spectrum

SIZE = 6
PORTION = 100_000


def main() -> None:
    """10⁵, 10⁶ and 10⁷ rows; the last stage of ``--rows`` runs in the process itself."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, help="measure this number here and print JSON")
    arguments = parser.parse_args()
    if arguments.rows:
        print(json.dumps(measure(arguments.rows)))
        return
    rows = []
    for count in (100_000, 1_000_000, 10_000_000):
        command = [sys.executable, __file__, "--rows", str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout))
        print(rows[-1], flush=True)
    print(record("streaming", rows))


def measure(count: int) -> dict[str, Any]:
    """The extended matrix of |x|² over ``count`` rows, and its null space."""
    torch.set_num_threads(1)
    first = next(portions(count))
    oracle = Polynomial(PolynomialOptions(fit_degree=2))
    oracle.fit(first, first.square().sum(1, keepdim=True), torch.Generator())
    extended = Extended(
        library("polynomial(2)", SIZE), Representation.vector(SIZE), None, "as-data", 1
    )
    before = _peak()
    start = time.process_time()
    sums = moments(extended, oracle, portions(count), Scales.of(oracle, first))
    found = spectrum(sums)
    seconds = time.process_time() - start
    return {
        "rows [1]": count,
        "coordinates [1]": SIZE,
        "unknowns [1]": extended.n_unknowns,
        "solutions [1]": int((found.values < 1e-4).sum()),
        "threads [1]": 1,
        "cpu_time [s]": round(seconds, 2),
        "peak memory [MiB]": round(_peak()),
        "peak before [MiB]": round(before),
    }


def portions(count: int) -> Iterator[Tensor]:
    """Normally distributed rows, portion by portion."""
    rng = torch.Generator().manual_seed(0)
    for start in range(0, count, PORTION):
        yield torch.randn(min(PORTION, count - start), SIZE, generator=rng)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
