"""``symdisc report``: write the report of an earlier run again and say what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symdisc.errors import DataError


def report(run: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Write figures and report.html of RUN again and print what was found."""
    from symdisc.report.page import write_report
    from symdisc.result import load
    from symdisc.run_folder import RunFolder

    folder = RunFolder.open(run)
    if folder.checkpoint.exists() and not folder.result.exists():
        raise DataError(
            f"{run} has no result yet, only a checkpoint; go on with "
            f"`symdisc discover --resume {run}`"
        )
    result = load(folder.path)
    page = write_report(folder.path)
    typer.echo(result.summary())
    typer.echo(f"Report: {page}")
