"""Is a plain CUDA C++ kernel faster than the Triton kernels? Bare kernels, float32.

    python benchmarks/kernels/cuda_against_triton.py FOLDER    # a minute

Needs a CUDA device and nvcc. FOLDER receives ``cuda_errors.csv``, errors of both against float64,
and ``cuda_against_triton.csv``, times of one million samples of norm 1.4: a captured call, replayed
with the L2 cache flushed. The status is 0 if all results of CUDA C++ are right, 1 if some are
wrong, 2 without a CUDA device or compiler.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "kernels"), str(Path(__file__).parent)]

import cuda_contender  # noqa: E402
import torch  # noqa: E402
from gpu import FLOORS, OUTLIER, ROOFLINE_NORM, Outputs, outputs_of, uniform_problem  # noqa: E402
from gpu import errors as errors_of  # noqa: E402
from gpu_job import MILLION, Job  # noqa: E402
from graph_timing import time_graph  # noqa: E402
from torch import Tensor  # noqa: E402

from symdisc_kernels.benchmark import Case, Problem, Row  # noqa: E402
from symdisc_kernels.benchmark.timing import Timing  # noqa: E402
from symdisc_kernels.group_action import triton  # noqa: E402

NORMS = (0.1, 1.0, 3.0, 10.0)
# The second batch is divided by no block.
BATCHES = (1000, 1_000_003)
CHUNK = 1 << 17
"""Samples whose truth is computed at once: torch needs a lot of memory for each."""

TIMED = ((2, 3), (3, 3), (4, 3), (4, 6), (8, 3), (8, 28))
"""Sizes n and numbers of generators k."""

Forward = Callable[[Tensor, Tensor, Tensor], Tensor]
Backward = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]


def kernels_of(problem: Problem, forward: Forward, backward: Backward) -> Outputs:
    """The result and the three gradients of one contender, in float64."""
    gz, generators, gx = backward(*problem.arguments, problem.gradient)
    values = {"y": forward(*problem.arguments), "gz": gz, "gL": generators, "gx": gx}
    return {name: value.double() for name, value in values.items()}


def chunks_of(problem: Problem) -> Iterator[Problem]:
    """The problem in pieces of at most :data:`CHUNK` samples."""
    z, generators, x = problem.arguments
    pieces = (torch.split(tensor, CHUNK) for tensor in (z, x, problem.gradient))
    for coefficients, points, gradient in zip(*pieces, strict=True):
        yield Problem(coefficients, generators, points, gradient)


def truth_of(problem: Problem) -> Outputs:
    """The same by torch in float64."""
    found = [outputs_of("reference", chunk, torch.float64) for chunk in chunks_of(problem)]
    truth = {name: torch.cat([part[name] for part in found]) for name in ("y", "gz", "gx")}
    return truth | {"gL": torch.stack([part["gL"] for part in found]).sum(0)}


def check(case: Case) -> list[Row]:
    """One row for each output: errors of both, and whether those of CUDA C++ are fine."""
    problem = uniform_problem(case, torch.float32)
    truth = truth_of(problem)
    cuda = kernels_of(problem, cuda_contender.action, cuda_contender.adjoint)
    rival = kernels_of(problem, triton.group_action, triton.group_action_backward)
    sizes = {"n": case.n, "k": case.k, "c": case.c, "B": case.batch, "norm": case.norm}
    return [
        sizes | {"output": name} | judged(cuda[name], rival[name], exact)
        for name, exact in truth.items()
    ]


def judged(cuda: Tensor, rival: Tensor, truth: Tensor) -> Row:
    """Errors of both; those of CUDA C++ may be twice as large, or as large as the floor."""
    own, other = errors_of(cuda, truth), errors_of(rival, truth)
    floor = FLOORS[torch.float32]
    median, largest = float(own.median()), float(own.max())
    is_right = median <= max(2 * float(other.median()), floor)
    is_right &= largest <= OUTLIER * max(2 * float(other.max()), floor)
    return {
        "is_right": is_right,
        "cuda_median_error": median,
        "cuda_largest_error": largest,
        "triton_median_error": float(other.median()),
        "triton_largest_error": float(other.max()),
    }


def correctness(job: Job) -> list[str]:
    """All sizes, norms and batches; returns what is wrong, by name."""
    rows: list[Row] = []
    for n, norm, batch in product(cuda_contender.SIZES, NORMS, BATCHES):
        case = Case(n, 3, 1, batch, torch.float64, norm, job.device)
        rows += check(case)
        if batch == min(BATCHES):
            rows += check(replace(case, k=28, c=2))
        job.write("cuda_errors", rows)
    wrong = [row for row in rows if not row["is_right"]]
    named = [
        "  WRONG: {output} for n = {n}, k = {k}, B = {B:,}, norm {norm:g}: median error "
        "{cuda_median_error:.2g}, largest {cuda_largest_error:.2g}; Triton "
        "{triton_median_error:.2g}, {triton_largest_error:.2g}".format(**row)
        for row in wrong
    ]
    return [f"errors: {len(rows) - len(wrong)} of {len(rows)} right", *named]


def compare(n: int, k: int, job: Job) -> list[Row]:
    """Times of both, forward and backward."""
    case = Case(n, k, 1, MILLION, norm=ROOFLINE_NORM, device=job.device)
    problem = uniform_problem(case, torch.float32)
    given = (*problem.arguments, problem.gradient)
    pairs: tuple[tuple[str, Callable[[], object], Callable[[], object]], ...] = (
        (
            "forward",
            partial(cuda_contender.action, *problem.arguments),
            partial(triton.group_action, *problem.arguments),
        ),
        (
            "backward",
            partial(cuda_contender.adjoint, *given),
            partial(triton.group_action_backward, *given),
        ),
    )
    sizes = {"n": n, "k": k, "c": 1, "B": MILLION, "norm": ROOFLINE_NORM}
    return [
        sizes | {"direction": direction} | _times(time_graph(cuda), time_graph(rival))
        for direction, cuda, rival in pairs
    ]


def _times(cuda: Timing, rival: Timing) -> Row:
    return {
        "cuda_s": cuda.median,
        "cuda_q20_s": cuda.q20,
        "cuda_q80_s": cuda.q80,
        "triton_s": rival.median,
        "triton_q20_s": rival.q20,
        "triton_q80_s": rival.q80,
        "cuda_times_triton": rival.median / cuda.median,
        "faster": "cuda" if cuda.median < rival.median else "triton",
    }


def times(job: Job) -> list[str]:
    """All sizes; returns the lines of a table."""
    rows: list[Row] = []
    for n, k in TIMED:
        rows += compare(n, k, job)
        job.write("cuda_against_triton", rows)
    return ["one million samples of norm 1.4, float32:", *map(line_of, rows)]


def line_of(row: Row) -> str:
    """One line of the table."""
    return (
        f"  n {row['n']} k {row['k']:2d} {row['direction']:8s}  "
        f"CUDA C++ {1e6 * row['cuda_s']:6.1f} us  Triton {1e6 * row['triton_s']:6.1f} us  "
        f"CUDA C++ is {row['cuda_times_triton']:.2f} times as fast"
    )


def main(words: Sequence[str] | None = None) -> int:
    """Time, then check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(words)
    try:
        cuda_contender.library_for(torch.device("cuda"))
    except RuntimeError as error:
        print(f"cuda_against_triton.py: {error}", file=sys.stderr)
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    job = Job(options.folder)
    print("\n".join(times(job)), flush=True)
    lines = correctness(job)
    print("\n".join(lines))
    return int(any("WRONG" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
