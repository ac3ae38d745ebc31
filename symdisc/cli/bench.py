"""``symdisc bench``: how fast the kernels are on this machine, how good the methods."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symdisc.cli.bench_suite import bench_suite
from symdisc.cli.tables import print_table
from symdisc.errors import OptionError, PluginError
from symdisc.suggest import did_you_mean
from symdisc.writing import check_folder

if TYPE_CHECKING:
    from symdisc_kernels.benchmark import Case, Contender, Peaks

DTYPES = ("float32", "float64")
DEVICES = ("auto", "cpu", "cuda")
LARGEST_NORM = 100.0
"""Plain Taylor code takes a number of steps in proportion to the norm."""

app = typer.Typer(no_args_is_help=True, help="Measure kernels and methods.")
app.command("suite")(bench_suite)

Row = dict[str, Any]


@dataclass(frozen=True)
class _Request:
    cases: list[Case]
    contenders: list[Contender]
    threads: int
    seconds: float
    out: Path | None


@app.command("kernels")
def bench_kernels(
    n: Annotated[str, typer.Option(metavar="N,N,…", help="Sizes of the matrices.")] = "2,3,4,8",
    k: Annotated[str, typer.Option(metavar="K,K,…", help="Numbers of generators.")] = "3",
    c: Annotated[
        str, typer.Option(metavar="C,C,…", help="Components moved by the same matrix.")
    ] = "1",
    batch: Annotated[
        str, typer.Option(metavar="B,B,…", help="Numbers of samples, e.g. 64,1e4.")
    ] = "64,10000,100000",
    dtype: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    norm: Annotated[float, typer.Option(help="Mean 1-norm of the exponents Σ z L.")] = 1.0,
    device: Annotated[str, typer.Option(help="cpu, cuda, or auto: cuda if there is one.")] = "auto",
    threads: Annotated[int, typer.Option(help="Threads on the CPU.")] = 1,
    contenders: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME,…", help="What to compare; all that can run by default."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="How long each contender is timed for each problem and direction.")
    ] = 0.5,
    out: Annotated[
        Path | None, typer.Option(help="Folder for kernels.csv and kernels.png.")
    ] = None,
) -> None:
    """Time y = exp(Σ z L) x and its gradients against torch, scipy and others.

    One thread on the CPU is timed in processor time, which other programs hardly change; several
    threads in wall time; a GPU by its own events. Ctrl-C keeps what was measured so far.
    """
    sizes = {"n": n, "k": k, "c": c, "batch": batch}
    numbers = {"norm": norm, "threads": threads, "seconds": seconds}
    request = _read(sizes, numbers, dtype, device, contenders, out)
    rows: list[Row] = []
    interrupted = False
    try:
        for new in _measured(request):
            rows += new
            _write(request, rows)
    except KeyboardInterrupt:
        interrupted = True
        typer.echo("symdisc: interrupted", err=True)
    if rows:
        _print(request, rows)
        _draw(request, rows)
    if interrupted:
        raise typer.Exit(130)


def _read(
    sizes: dict[str, str],
    numbers: dict[str, float],
    dtype: str,
    device: str,
    contenders: str | None,
    out: Path | None,
) -> _Request:
    """Check everything before anything is measured.

    Raises:
        OptionError: Lists every option with a wrong value.
        OutputError: The folder cannot be written.
    """
    problems: list[str] = []
    lists = {name: _whole_numbers(name, text, problems) for name, text in sizes.items()}
    problems += _wrong_numbers(numbers)
    problems += _unknown("dtype", dtype, DTYPES) + _unknown("device", device, DEVICES)
    if problems:
        raise OptionError("\n".join(problems))
    chosen_device = _device(device)
    cases = list(_cases(lists, numbers["norm"], dtype, chosen_device))
    _check_memory(cases)
    chosen = _chosen(contenders, chosen_device)
    if out is not None:
        check_folder(out)
    return _Request(cases, chosen, int(numbers["threads"]), numbers["seconds"], out)


def _whole_numbers(name: str, text: str, problems: list[str]) -> list[int]:
    found = []
    for word in text.split(","):
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if value >= 1 and value.is_integer():
            found.append(int(value))
        else:
            problems.append(
                f"--{name} {text}: {word.strip()!r} is not a whole number of at least 1; "
                f"give numbers separated by commas, e.g. --{name} {_EXAMPLES[name]}"
            )
    return list(dict.fromkeys(found))


_EXAMPLES = {"n": "2,3,8", "k": "1,3", "c": "1,2", "batch": "64,1e4"}


def _wrong_numbers(numbers: dict[str, float]) -> list[str]:
    problems = []
    norm, threads, seconds = (numbers[name] for name in ("norm", "threads", "seconds"))
    processors = os.cpu_count() or 1
    if not 0 < norm <= LARGEST_NORM:
        problems.append(f"--norm {norm:g}: must be above 0 and at most {LARGEST_NORM:g}")
    if not 1 <= threads <= processors:
        problems.append(
            f"--threads {threads}: must be from 1 to {processors}, the processors of this machine"
        )
    if not 0 < seconds < math.inf:
        problems.append(f"--seconds {seconds:g}: must be above 0")
    return problems


def _unknown(name: str, given: str, known: Sequence[str]) -> list[str]:
    if given in known:
        return []
    return [f"--{name} {given}: must be {' or '.join(known)}.{did_you_mean(given, known)}"]


def _device(name: str) -> str:
    import torch

    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise OptionError("--device cuda: torch sees no CUDA device; use --device cpu")
    return "cuda" if there and name != "cpu" else "cpu"


def _cases(lists: dict[str, list[int]], norm: float, dtype: str, device: str) -> Iterator[Case]:
    import torch

    from symdisc_kernels.benchmark import Case

    for n in lists["n"]:
        for k in lists["k"]:
            for c in lists["c"]:
                for batch in lists["batch"]:
                    yield Case(n, k, c, batch, getattr(torch, dtype), norm, device)


def _check_memory(cases: Sequence[Case]) -> None:
    from symdisc_kernels.benchmark.cases import memory_of_device

    largest = max(cases, key=lambda case: case.bytes)
    available = memory_of_device(largest.device)
    if largest.bytes > available / 2:
        raise OptionError(
            f"--batch {largest.batch}: arguments and gradients for n = {largest.n}, "
            f"k = {largest.k}, c = {largest.c} take {largest.bytes / 1e9:,.0f} GB, more than half "
            f"of the {available / 1e9:,.0f} GB of this machine; give smaller numbers"
        )


def _chosen(given: str | None, device: str) -> list[Contender]:
    """Contenders by name, those of installed plugins among them.

    Raises:
        OptionError: Names that are unknown, or why one cannot run here.
    """
    from symdisc_kernels.benchmark import known_contenders
    from symdisc_kernels.benchmark.contenders import default_names

    _register_plugins(given)
    known = known_contenders()
    names = default_names(device) if given is None else [w.strip() for w in given.split(",")]
    problems = []
    for name in names:
        if name not in known:
            listed = ", ".join(known)
            hint = did_you_mean(name, known)
            problems.append(f"--contenders {name}: unknown; known: {listed}.{hint}")
        elif reason := known[name].unavailable(device):
            problems.append(f"--contenders {name}: {reason}")
    if problems:
        raise OptionError("\n".join(problems))
    return [known[name] for name in dict.fromkeys(names)]


def _register_plugins(given: str | None) -> None:
    """Make the kernels of plugins known; one that is broken matters only if it is asked for."""
    from symdisc.registry import default_host
    from symdisc_kernels import backend_names, register_backend

    wanted = None if given is None else {word.strip() for word in given.split(",")}
    for offer in default_host().components("kernel"):
        names = [offer.component.name] if wanted is None else wanted
        for name in {offer.component.name, offer.name}.intersection(names) - set(backend_names()):
            try:
                register_backend(name, offer.load()())
            except PluginError as error:
                if wanted is not None:
                    raise
                typer.echo(f"symdisc: {name} is left out: {error}", err=True)


def _measured(request: _Request) -> Iterator[list[Row]]:
    """Rows of one case after the other."""
    from symdisc_kernels.benchmark import measure_case, rows_of, threads

    def on_failure(name: str, error: Exception) -> None:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        typer.echo(f"symdisc: {name} is left out here: {reason}", err=True)

    with threads(request.threads):
        peaks = _peaks(request)
        for number, case in enumerate(request.cases, 1):
            typer.echo(
                f"[{number}/{len(request.cases)}] n = {case.n}, k = {case.k}, c = {case.c}, "
                f"B = {case.batch:,}",
                err=True,
            )
            found = measure_case(case, request.contenders, request.seconds, on_failure)
            yield rows_of(found, peaks)


def _peaks(request: _Request) -> Peaks:
    from symdisc_kernels.benchmark import peaks_of

    case = request.cases[0]
    return peaks_of(case.device, case.dtype, request.threads)


def _write(request: _Request, rows: list[Row]) -> None:
    """Write the rows so far, so that nothing is lost whatever happens next."""
    if request.out is None or not rows:
        return
    from symdisc.writing import writing
    from symdisc_kernels.benchmark import origin, write_csv

    path = request.out / "kernels.csv"
    with writing(path):
        write_csv(path, rows, origin(_processor(request)))


def _processor(request: _Request) -> str:
    import torch

    from symdisc.provenance import machine

    return machine(torch.device(request.cases[0].device))["device"]


def _draw(request: _Request, rows: list[Row]) -> None:
    if request.out is None:
        return
    from symdisc.writing import writing
    from symdisc_kernels.benchmark.figure import scaling_figure

    path = request.out / "kernels.png"
    with writing(path):
        scaling_figure(rows).savefig(path, dpi=150)
    typer.echo(f"Written: {request.out / 'kernels.csv'} and {path}")


_HEADERS = (
    "contender",
    "n",
    "k",
    "c",
    "B",
    "forward [ms]",
    "times torch",
    "forward+backward [ms]",
    "times torch",
    "GFLOP/s",
    "GB/s",
    "of peak",
)


def _print(request: _Request, rows: list[Row]) -> None:
    """One line for a contender and a case; rates are those of the last of its directions."""
    lines: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in rows:
        key = (row["contender"], row["n"], row["k"], row["c"], row["B"])
        lines.setdefault(key, {})[row["direction"]] = row
    cells = []
    for key, directions in lines.items():
        last = list(directions.values())[-1]
        times = [_time_and_ratio(directions.get(d)) for d in ("forward", "forward+backward")]
        rates = [f"{last['GFLOP/s']:.3g}", f"{last['GB/s']:.3g}", _percent(last["share_of_peak"])]
        cells.append([*map(str, key[:4]), f"{key[4]:,}", *times[0], *times[1], *rates])
    print_table(_HEADERS, cells)
    typer.echo(_footnote(request, rows))


def _time_and_ratio(row: Row | None) -> tuple[str, str]:
    if row is None:
        return "-", "-"
    mark = "" if row["measured_batch"] == row["B"] else "*"
    ratio = row["times_torch"]
    return f"{1e3 * row['median_s']:.4g}{mark}", "-" if ratio is None else f"{ratio:.3g}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _threads(request: _Request) -> str:
    return "1 thread" if request.threads == 1 else f"{request.threads} threads"


def _footnote(request: _Request, rows: list[Row]) -> str:
    case = request.cases[0]
    how = "CUDA events" if case.device == "cuda" else "wall time"
    if case.device == "cpu" and request.threads == 1:
        how = "processor time"
    lines = [
        f"{case.type_name} on {_processor(request)}, {_threads(request)}, "
        f"{_peaks(request).describe()}; median {how}; load {rows[-1]['load_average']}",
        "Rates are those of forward+backward, or of forward where there are no gradients.",
    ]
    if any(row["measured_batch"] != row["B"] for row in rows):
        lines.append("*: measured with fewer samples and scaled up")
    return "\n".join(lines)
