"""Everything that only a GPU can tell about the Triton kernels, in one command.

    python benchmarks/kernels/gpu.py FOLDER
    python benchmarks/kernels/gpu.py FOLDER --quick            # fewer sizes
    python benchmarks/kernels/gpu.py FOLDER --parts correctness launches

Needs a CUDA device, torch and triton; symdisc is taken from this checkout and need not be
installed. FOLDER receives one CSV file a part, and ``summary.txt`` with the device, the versions
and every aim beside what was measured. The status is 0 if all results are right, 1 if some are
wrong, 2 without a CUDA device.

Parts:
    correctness: results and gradients against float64, next to torch in the same precision; lost
        elements (NaN, inf) alone are lost. Sizes are checked in several processes at once, since
        most of the time goes into compiling.
    launches: kernels started by one call, counted by the profiler.
    sanitizer: memcheck and racecheck of compute-sanitizer, where it is installed.
    roofline: times at one million samples of norm 1.4 against the device's limits.
    benchmark: all contenders over sizes and batches.
    tuning: block sizes, warps and programs other than the shipped ones.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "kernels"), str(Path(__file__).parent)]

import torch  # noqa: E402
from gpu_job import MILLION, Job, workers  # noqa: E402
from gpu_tuning import tuning  # noqa: E402
from graph_timing import (  # noqa: E402
    clock_rate,
    measured_bandwidth,
    measured_products,
    time_graph,
)
from torch import Tensor  # noqa: E402

import symdisc_kernels  # noqa: E402
from symdisc_kernels.benchmark import (  # noqa: E402
    Case,
    Peaks,
    Problem,
    Row,
    known_contenders,
    make_problem,
    measure_case,
    origin,
    peaks_of,
    rows_of,
)
from symdisc_kernels.benchmark.contenders import default_names  # noqa: E402
from symdisc_kernels.benchmark.timing import Timing  # noqa: E402
from symdisc_kernels.benchmark.work import Work, work_of  # noqa: E402

HALVES = (torch.bfloat16, torch.float16)
NORMS = (1e-6, 0.1, 1.0, 3.0, 10.0, 50.0)
# Relative errors that are good enough, whatever those of torch are. The truth in float64 is
# torch's own, so that its errors count as well.
FLOORS = {
    torch.float32: 1e-6,
    torch.float64: 4e-14,
    torch.bfloat16: 2.0**-8,
    torch.float16: 2.0**-11,
}

OUTLIER = 5.0
"""Factor on the allowance for the worst element, and for gradients and float64 at norm 50."""

ROOFLINE_NORM = 1.4
"""Served by 12 terms and one sub-step in float32."""

# Instructions of a lane in a backward kernel with stored terms, 12 of them, counted in the machine
# code of a prototype for sm_90, by n: what an issue-bound kernel cannot go below.
BACKWARD_INSTRUCTIONS = {2: 488, 3: 896, 4: 1584}

Outputs = dict[str, Tensor]


# Correctness


def uniform_problem(case: Case, dtype: torch.dtype) -> Problem:
    """A problem whose exponents all have the norm of the case, rounded to a type."""
    problem = make_problem(case)
    exponents = torch.einsum("bk,kij->bij", problem.coefficients, problem.generators)
    norms = exponents.abs().sum(1).amax(1, keepdim=True)
    z = problem.coefficients * (case.norm / norms)
    tensors = (z, problem.generators, problem.points, problem.gradient)
    return Problem(*(tensor.to(dtype) for tensor in tensors))


def outputs_of(backend: str, problem: Problem, dtype: torch.dtype) -> Outputs:
    """The result and the three gradients in float64, computed by a backend in a type."""
    z, generators, x = (tensor.to(dtype).requires_grad_() for tensor in problem.arguments)
    with symdisc_kernels.use_backend(backend):
        y = symdisc_kernels.group_action(z, generators, x)
        gradients = torch.autograd.grad(y, (z, generators, x), problem.gradient.to(dtype))
    named = zip(("y", "gz", "gL", "gx"), (y.detach(), *gradients), strict=True)
    return {name: value.double() for name, value in named}


def errors(found: Tensor, truth: Tensor) -> Tensor:
    """Error of each element relative to its own size, or to a tenth of the usual one."""
    size = torch.linalg.vector_norm(truth.flatten(1), dim=1)
    difference = torch.linalg.vector_norm((found - truth).flatten(1), dim=1)
    relative: Tensor = difference / size.clamp(min=0.1 * float(size.median()))
    return relative


def _judged(case: Case, dtype: torch.dtype, output: str, is_right: bool, **errors: float) -> Row:
    names = ("median_error", "largest_error", "torch_median_error", "torch_largest_error")
    return {
        "n": case.n,
        "k": case.k,
        "c": case.c,
        "B": case.batch,
        "dtype": str(dtype).removeprefix("torch."),
        "norm": case.norm,
        "output": output,
        "is_right": is_right,
        **{name: errors.get(name) for name in names},
    }


def check(case: Case, dtype: torch.dtype, job: Job) -> list[Row]:
    """One row for each output: errors of the backend and of torch, and whether they are fine."""
    problem = uniform_problem(case, dtype)
    truth = outputs_of("reference", problem, torch.float64)
    ours = outputs_of(job.backend, problem, dtype)
    theirs = outputs_of("reference", problem, dtype)
    rows = []
    for name, exact in truth.items():
        own, other = errors(ours[name], exact), errors(theirs[name], exact)
        is_steep = case.norm >= max(NORMS) and (name != "y" or dtype == torch.float64)
        steep = OUTLIER if is_steep else 1.0
        allowed = max(2 * float(other.median()), steep * FLOORS[dtype])
        worst_allowed = OUTLIER * max(2 * float(other.max()), steep * FLOORS[dtype])
        found = {
            "median_error": float(own.median()),
            "largest_error": float(own.max()),
            "torch_median_error": float(other.median()),
            "torch_largest_error": float(other.max()),
        }
        right = found["median_error"] <= allowed and found["largest_error"] <= worst_allowed
        rows.append(_judged(case, dtype, name, right, **found))
    return rows


def check_lost(n: int, dtype: torch.dtype, value: float, job: Job) -> Row:
    """Whether one coefficient that is no number makes its own element NaN, and no other."""
    case = Case(n, batch=200, dtype=torch.float64, device=job.device)
    problem = uniform_problem(case, dtype)
    z = problem.coefficients.clone()
    z[77, 0] = value
    with symdisc_kernels.use_backend(job.backend):
        before = symdisc_kernels.group_action(*problem.arguments)
        after = symdisc_kernels.group_action(z, problem.generators, problem.points)
    others = torch.arange(case.batch, device=job.device) != 77
    changed = float(errors(after[others].double(), before[others].double()).max())
    right = bool(after[77].isnan().all()) and changed <= OUTLIER * FLOORS[dtype]
    return _judged(replace(case, norm=value), dtype, "y of one lost element", right)


def check_size(kind: tuple[int, torch.dtype], job: Job) -> list[Row]:
    """All norms of one size and type."""
    n, dtype = kind
    rows: list[Row] = []
    shapes = ((3, 2), (28, 1)) if n >= 8 else ((3, 2),)
    norms = [norm for norm in NORMS if dtype not in HALVES or norm <= 3]
    for (k, c), norm in product(shapes, norms):
        rows += check(Case(n, k, c, 1000, torch.float64, norm, job.device), dtype, job)
    rows.append(check_lost(n, dtype, float("nan"), job))
    rows.append(check_lost(n, dtype, float("inf"), job))
    return rows


def correctness(job: Job) -> list[str]:
    """All sizes, types and norms; returns lines for the summary."""
    sizes = (2, 3, 8, 16) if job.quick else tuple(range(16, 0, -1))
    # The kernels of middle sizes take longest to compile: they go first.
    kinds = sorted(product(sizes, FLOORS), key=lambda kind: abs(kind[0] - 7))
    rows: list[Row] = []
    with workers() as pool:
        for found in pool.map(partial(check_size, job=job), kinds):
            rows += found
            job.write("correctness", sorted(rows, key=lambda row: (row["n"], row["dtype"])))
    wrong = [row for row in rows if not row["is_right"]]
    named = [
        "  WRONG: {output} for n = {n}, k = {k}, {dtype}, norm {norm:g}: median error "
        "{median_error}, torch {torch_median_error}".format(**row)
        for row in wrong
    ]
    return [f"correctness: {len(rows) - len(wrong)} of {len(rows)} right", *named]


# Launches


def count_launches(run: Callable[[], object]) -> list[str]:
    """Names of the kernels that a call starts."""
    from torch.profiler import ProfilerActivity, profile

    run()
    torch.cuda.synchronize()
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiler:
        run()
        torch.cuda.synchronize()
    on_device = [event for event in profiler.events() if event.device_type.name == "CUDA"]
    return [event.name for event in on_device]


def launches(job: Job) -> list[str]:
    """Kernels of one call forward and of one call backward; copies and fills count as well."""
    rows: list[Row] = []
    for n, batch in product((2, 3, 4, 8, 16), (64, MILLION)):
        problem = make_problem(Case(n, batch=batch, device=job.device))
        z, generators, x = (tensor.requires_grad_() for tensor in problem.arguments)
        action = partial(symdisc_kernels.group_action, z, generators, x)
        with symdisc_kernels.use_backend(job.backend):
            gradients = partial(torch.autograd.grad, action(), (z, generators, x))
            backward = partial(gradients, problem.gradient, retain_graph=True)
            for direction, call in (("forward", action), ("backward", backward)):
                names = count_launches(call)
                row = {"n": n, "B": batch, "direction": direction, "launches": len(names)}
                rows.append(row | {"kernels": " | ".join(names)})
    job.write("launches", rows)
    directions = ("forward", "backward")
    most = {d: max(r["launches"] for r in rows if r["direction"] == d) for d in directions}
    return [f"launches: forward {most['forward']}, backward {most['backward']} at most (aim: 3, 3)"]


# Sanitizer


def sanitizer(job: Job) -> list[str]:
    """Run a few small problems under compute-sanitizer."""
    program = shutil.which("compute-sanitizer")
    if program is None:
        return ["sanitizer: compute-sanitizer is not installed; not run"]
    rows: list[Row] = []
    for tool in ("memcheck", "racecheck"):
        command = [program, "--tool", tool, "--error-exitcode", "9", sys.executable, __file__]
        command += [str(job.folder), "--parts", "sanitized"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=150)
        except subprocess.TimeoutExpired:
            rows.append({"tool": tool, "status": None, "last_line": "not done within 150 s"})
            continue
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        rows.append({"tool": tool, "status": done.returncode, "last_line": "".join(last)})
    job.write("sanitizer", rows)
    return [f"sanitizer: {row['tool']} status {row['status']} ({row['last_line']})" for row in rows]


def sanitized(job: Job) -> list[str]:
    """What runs under the sanitizer: batches that no block divides."""
    for n in (2, 4, 8, 13):
        case = Case(n, 5, 2, 301, torch.float64, device=job.device)
        outputs_of(job.backend, uniform_problem(case, torch.float32), torch.float32)
    return []


# Roofline


def roofline(job: Job) -> list[str]:
    """Times of the bare kernels against memory, arithmetic and instruction issue."""
    from symdisc_kernels.group_action import triton

    rows: list[Row] = []
    peaks = peaks_of("cuda", torch.float32)
    for n, k in product((2, 3, 4, 8, 16), (3, 6)):
        case = Case(n, k, 1, MILLION, norm=ROOFLINE_NORM, device="cuda")
        tensors = _tensors(uniform_problem(case, torch.float32))
        norms = torch.full((1,), ROOFLINE_NORM)
        one, both = (work_of(case, norms, d) for d in ("forward", "forward+backward"))
        rest = Work(both.operations - one.operations, both.bytes - one.bytes)
        forward = time_graph(partial(triton.group_action, *tensors[:3]))
        backward = time_graph(partial(triton.group_action_backward, *tensors))
        rows.append(
            {"n": n, "k": k, "c": 1, "B": MILLION}
            | _against("forward", forward, _limit(one, peaks))
            | _against("backward", backward, _limit(rest, peaks))
            | {"issue_s": (issue := _issue_bound(n))}
            | {"backward_issue_share": issue and issue / backward.median}
        )
        job.write("roofline", rows)
    reached = (
        f"measured: copies {measured_bandwidth() / 1e12:.2f} TB/s, "
        f"float32 products {measured_products() / 1e12:.1f} TFLOP/s"
    )
    title = "roofline, one million samples of norm 1.4, float32:"
    return [reached, title, *map(_roofline_line, rows)]


def _tensors(problem: Problem) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return (*problem.arguments, problem.gradient)


def _limit(work: Work, peaks: Peaks) -> float | None:
    """Seconds that one million samples take at least."""
    if peaks.operations is None or peaks.bandwidth is None:
        return None
    return MILLION * max(work.operations / peaks.operations, work.bytes / peaks.bandwidth)


def _against(name: str, timing: Timing, limit: float | None) -> Row:
    return {
        f"{name}_s": timing.median,
        f"{name}_q20_s": timing.q20,
        f"{name}_q80_s": timing.q80,
        f"{name}_roofline_s": limit,
        f"{name}_share": limit and limit / timing.median,
    }


def _issue_bound(n: int) -> float | None:
    """Seconds for the backward instructions: four issues of 32 lanes a cycle and multiprocessor."""
    clock = clock_rate()
    if n not in BACKWARD_INSTRUCTIONS or clock is None:
        return None
    count = torch.cuda.get_device_properties(0).multi_processor_count
    return float(MILLION * BACKWARD_INSTRUCTIONS[n] / (count * 4 * 32 * clock))


def _roofline_line(row: Row) -> str:
    aim = "aim 60 %" if row["n"] <= 4 else "aim 35 %" if row["n"] == 8 else "no aim"
    return (
        f"  n {row['n']:2d} k {row['k']}: forward {1e6 * row['forward_s']:.1f} us, "
        f"{_percent(row['forward_share'])} of the roofline ({aim}); backward "
        f"{1e6 * row['backward_s']:.1f} us, {_percent(row['backward_share'])} of the roofline, "
        f"{_percent(row['backward_issue_share'])} of the issue bound (aim 70 %)"
    )


def _percent(share: float | None) -> str:
    return "unknown share" if share is None else f"{share:.0%}"


# Benchmark


def benchmark(job: Job) -> list[str]:
    """All contenders over sizes and batches, as ``symdisc bench kernels`` does it."""
    known = known_contenders()
    chosen = [known[name] for name in job.contenders or default_names("cuda")]
    sizes = (4,) if job.quick else (4, 2, 3, 8, 6, 12, 16)
    rows: list[Row] = []
    for dtype, n, batch in product((torch.float32, torch.float64), sizes, (MILLION, 10_000, 64)):
        case = Case(n, batch=batch, dtype=dtype, device="cuda")
        rows += rows_of(measure_case(case, chosen, 0.1), peaks_of("cuda", dtype))
        job.write("kernels", rows)
    lines = [
        "  n {n:2d}, {direction}: {times_torch:.0f} x torch, {times_best_plain:.0f} x plain".format(
            **row
        )
        for row in rows
        if (row["contender"], row["B"], row["dtype"]) == (job.backend, MILLION, "float32")
    ]
    return ["benchmark, one million samples, float32 (aim: 50 x torch both ways at n = 4):", *lines]


PARTS: dict[str, Callable[[Job], list[str]]] = {
    "correctness": correctness,
    "launches": launches,
    "sanitizer": sanitizer,
    "roofline": roofline,
    "benchmark": benchmark,
    "tuning": tuning,
}


def _attempted(part: str, job: Job) -> list[str]:
    """The lines of a part; one that breaks leaves the others their turn."""
    try:
        return PARTS[part](job)
    except Exception as error:
        return [f"WRONG: {part} stopped: {''.join(traceback.format_exception(error)[-3:])}"]


def main(words: Sequence[str] | None = None) -> int:
    """Run the parts; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true", help="fewer sizes")
    parser.add_argument(
        "--parts", nargs="+", default=list(PARTS), choices=[*PARTS, "sanitized"], metavar="PART"
    )
    parser.add_argument(
        "--contenders", nargs="+", default=(), metavar="NAME", help="of the benchmark, if not all"
    )
    options = parser.parse_args(words)
    if not torch.cuda.is_available():
        print(
            "gpu.py: torch sees no CUDA device; run it on a machine that has one", file=sys.stderr
        )
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    job = Job(options.folder, options.quick, contenders=tuple(options.contenders))
    if options.parts == ["sanitized"]:
        sanitized(job)
        return 0
    lines = [", ".join(f"{name} {value}" for name, value in origin(job.device_name).items())]
    for part in options.parts:
        lines += _attempted(part, job)
        (job.folder / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return int(any("WRONG" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
