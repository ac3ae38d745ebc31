"""``symdisc verify``: test the result of a run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    data: Annotated[
        str | None,
        typer.Option(help="Rows that the run never saw; by default its own held-out rows."),
    ] = None,
    alpha: Annotated[
        float | None, typer.Option(help="Confidence is 1 - alpha; by default as in the run.")
    ] = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="More rows, random generators and training.")
    ] = False,
) -> None:
    """Test what RUN found, on rows that it never saw, and write its report again.

    The earlier result stays in RUN under another name. What is no symmetry of the data is no
    error: the exit status is 0.
    """
    from symdisc.discrete_text import element_verdicts
    from symdisc.registry import default_host
    from symdisc.retesting import Retest, retest_run

    how = Retest(data, alpha, thorough)
    result = retest_run(run, how, default_host(), lambda text: typer.echo(text, err=True))
    tested = result.verification
    typer.echo(result.summary())
    if tested is not None:
        for number, verdict in enumerate(tested.verdicts, 1):
            typer.echo(f"L{number}: {verdict.word}: {verdict.why}")
        if tested.beside is not None:
            other = tested.beside.defects[0].statement
            typer.echo(f"the {other} statement beside: {tested.beside.overall.word}")
    if result.discrete is not None:
        for name, verdict, _ in element_verdicts(result.discrete):
            typer.echo(f"{name}: {verdict.word}: {verdict.why}")
    typer.echo(f"Report: {run / 'report.html'}")
