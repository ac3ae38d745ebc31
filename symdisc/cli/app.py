"""The command line as a whole: which commands there are, and how errors are shown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Annotated

import typer

import symdisc
from symdisc.cli import (
    apply,
    bench,
    cite,
    data,
    discover,
    equations,
    forecast,
    listing,
    plugins,
    report,
    verify,
)
from symdisc.errors import SymdiscError

app = typer.Typer(
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"symdisc {symdisc.__version__}")
        raise typer.Exit


@app.callback(help=symdisc.__doc__.partition("\n")[0] if symdisc.__doc__ else None)
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options that belong to no command."""


# To add a command, write its function in a module of its own and register it here.
app.command("discover", context_settings=discover.CONTEXT)(discover.discover)
app.command("report")(report.report)
app.command("verify")(verify.verify)
app.command("apply")(apply.apply)
app.command("equations")(equations.equations)
app.command("forecast")(forecast.forecast)
app.command("cite")(cite.cite)
app.command("list")(listing.list_components)
app.command("show")(listing.show_component)
app.add_typer(data.app, name="data")
app.add_typer(plugins.app, name="plugins")
app.add_typer(bench.app, name="bench")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Words after ``symdisc``; those of the process by default.

    Returns:
        The exit status: 0 for success, 1 where a check found trouble, 2 for a wrong request.
    """
    try:
        app(args=None if argv is None else list(argv), prog_name="symdisc")
    except SymdiscError as error:
        typer.echo("symdisc: " + _indented(str(error)), err=True)
        return 2
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _indented(message: str) -> str:
    return textwrap.indent(message, " " * len("symdisc: ")).lstrip()
