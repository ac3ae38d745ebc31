"""``symdisc bench suite``: every method on problems of which the whole symmetry is known."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from symdisc.cli.tables import print_table
from symdisc.errors import OptionError, PluginError
from symdisc.suggest import did_you_mean
from symdisc.writing import check_folder

if TYPE_CHECKING:
    from symdisc.registry import Offer, PluginHost
    from symdisc.suite.rows import Row, RowFile
    from symdisc.suite.task import Task


_LONGEST = 1e8
"""Largest limit of CPU time that the operating system surely takes [s]."""


def bench_suite(
    problems: Annotated[
        str | None,
        typer.Option(metavar="NAME,…", help="Of `symdisc list problem`; all by default."),
    ] = None,
    methods: Annotated[
        str | None, typer.Option(metavar="NAME,…", help="Of `symdisc list method`; all by default.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Runs of each method on each problem.")] = 3,
    jobs: Annotated[int, typer.Option(help="Processes at once, of one thread each.")] = 1,
    limit: Annotated[float, typer.Option(help="CPU time after which a run is ended [s].")] = 600.0,
    out: Annotated[Path, typer.Option(help="Folder for suite.csv, suite.md and suite.png.")] = Path(
        "suite"
    ),
) -> None:
    """Measure how often each method finds a known symmetry, and reports one that is not there.

    Each run has data and model seeds of its own and a process of its own. Rows that are in
    suite.csv already are not measured again, so that a suite may be ended by Ctrl-C and gone on
    with; delete those that are to be measured again. Components of installed plugins take part by
    themselves.
    """
    tasks = _checked(problems, methods, seeds, jobs, limit)
    check_folder(out)
    from symdisc.run_lock import locked

    with locked(out):
        interrupted = _measure(tasks, out, jobs, limit)
    if interrupted:
        typer.echo("symdisc: interrupted; the same command goes on where it ended", err=True)
        raise typer.Exit(130)


def _measure(tasks: Sequence[Task], out: Path, jobs: int, limit: float) -> bool:
    """Make the runs whose rows are not there yet, and show all rows; whether Ctrl-C came."""
    from symdisc.suite.rows import RowFile

    file = RowFile(out / "suite.csv")
    there = {row.key for row in file.rows}
    to_do = [task for task in tasks if task.key not in there]
    if len(to_do) < len(tasks):
        typer.echo(f"{len(tasks) - len(to_do)} of {len(tasks)} runs are in {file.path}", err=True)
    interrupted = _run(file, to_do, jobs, limit)
    if file.rows:
        _show(file.rows, out)
    return interrupted


def _checked(
    problems: str | None, methods: str | None, seeds: int, jobs: int, limit: float
) -> list[Task]:
    """All runs that were asked for, one seed after the other.

    Raises:
        OptionError: Lists every option with a wrong value.
    """
    from symdisc.suite.task import Task

    wrong: list[str] = []
    asked = {"problem": problems, "method": methods}
    chosen = {kind: _chosen(kind, given, wrong) for kind, given in asked.items()}
    processors = os.cpu_count() or 1
    if seeds < 1:
        wrong.append(f"--seeds {seeds}: must be at least 1")
    if not 1 <= jobs <= processors:
        wrong.append(f"--jobs {jobs}: must be from 1 to {processors}, the processors here")
    if not 1 <= limit <= _LONGEST:
        wrong.append(f"--limit {limit:g}: must be from 1 to {_LONGEST:g} seconds")
    if wrong:
        raise OptionError("\n".join(wrong))
    for kind, given in asked.items():
        chosen[kind] = _usable(kind, chosen[kind], given is not None)
    return [
        Task(problem, method, seed)
        for seed in range(seeds)
        for problem in chosen["problem"]
        for method in chosen["method"]
    ]


def _chosen(kind: str, given: str | None, wrong: list[str]) -> list[str]:
    """Names of components, each once, however it was written."""
    from symdisc.registry import default_host

    host = default_host()
    names = {offer.name: _name(host, offer) for offer in host.components(kind)}
    known = list(names.values())
    if given is None:
        return known
    words = [word.strip() for word in given.split(",") if word.strip()]
    unknown = [word for word in words if word not in names and word not in known]
    if unknown or not words:
        what = f"{', '.join(unknown)}: unknown" if words else f"{given!r}: names no {kind}"
        meant = "".join(did_you_mean(word, known) for word in unknown)
        wrong.append(f"--{kind}s {what}; known: {', '.join(known)}.{meant}")
    return list(dict.fromkeys(names.get(word, word) for word in words))


def _name(host: PluginHost, offer: Offer) -> str:
    """The short name where it finds this component, so that new plugins rename nothing."""
    from symdisc.errors import AmbiguousComponentError

    try:
        found = host.find(offer.kind, offer.component.name)
    except AmbiguousComponentError:
        return offer.name
    return offer.component.name if found == offer else offer.name


def _usable(kind: str, names: Sequence[str], asked: bool) -> list[str]:
    """Names whose components work; those that do not are left out, unless they were asked for.

    Raises:
        OptionError: Lists those that were asked for and do not work.
    """
    broken = {name: why for name in names if (why := _broken(kind, name))}
    if broken and asked:
        raise OptionError("\n".join(broken.values()))
    for why in broken.values():
        typer.echo(f"symdisc: left out: {why}", err=True)
    return [name for name in names if name not in broken]


def _broken(kind: str, name: str) -> str:
    """Why a component cannot take part; ``""`` if it can."""
    from symdisc.interfaces import Family
    from symdisc.registry import default_host

    try:
        target = default_host().get(kind, name)
    except PluginError as error:
        return str(error)
    if kind == "problem" and target.family not in get_args(Family):
        return f"problem {name!r}: family {target.family!r}; allowed: {', '.join(get_args(Family))}"
    return ""


def _run(file: RowFile, tasks: Sequence[Task], jobs: int, limit: float) -> bool:
    """Measure, and keep each row as soon as it is there; whether Ctrl-C ended it."""
    from symdisc.suite.pool import Lost, run_all
    from symdisc.suite.task import lost_row, run_task

    try:
        for number, (task, answer) in enumerate(run_all(run_task, tasks, jobs, limit), 1):
            row = lost_row(task, answer) if isinstance(answer, Lost) else answer
            file.add(row)
            typer.echo(f"[{number}/{len(tasks)}] {_line(row)}", err=True)
    except KeyboardInterrupt:
        return True
    return False


def _line(row: Row) -> str:
    what = f"{row.problem} by {row.method}, seed {row.seed}"
    if row.status != "ran":
        return f"{what}: {row.status}: {row.reason}"
    said = "success" if row.success else "right" if row.right else "not right"
    extra = "; CONFIRMED what is not there" if row.false_confirmation else ""
    return f"{what}: {said}, {row.cpu_time:.0f} s{extra}"


def _show(rows: Sequence[Row], out: Path) -> None:
    from symdisc.suite.figure import suite_figure
    from symdisc.suite.table import by_family, by_problem, markdown
    from symdisc.writing import writing

    print_table(*by_problem(rows))
    typer.echo("")
    print_table(*by_family(rows))
    table, figure = out / "suite.md", out / "suite.png"
    with writing(table):
        table.write_text(markdown(rows), encoding="utf-8")
    with writing(figure):
        suite_figure(rows).savefig(figure, dpi=150)
    typer.echo(f"Written: {out / 'suite.csv'}, {table} and {figure}")
