"""``symdisc discover``: find the symmetry of a data set or file and write a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symdisc.errors import OptionError

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}
"""A method's short names are options too (``--n-generators 3``), known only once it is."""

_Name = Annotated[str | None, typer.Option(metavar="NAME")]
_Text = Annotated[str | None, typer.Option(metavar="TEXT")]
_Count = Annotated[int | None, typer.Option(metavar="N")]


def discover(
    context: typer.Context,
    source: Annotated[
        str | None, typer.Argument(help="A data set of `symdisc list dataset`, or a file.")
    ] = None,
    method: _Name = None,
    preset: _Name = None,
    encoder: _Name = None,
    group: _Name = None,
    coefficients: _Name = None,
    discriminator: _Name = None,
    seeds: _Count = None,
    seed: _Count = None,
    window: _Count = None,
    representation: _Text = None,
    target_representation: _Text = None,
    device: _Text = None,
    kernel: _Name = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KIND.OPTION=VALUE", help="Any option; may be repeated."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings file, e.g. config.yaml of an earlier run.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to make for this run.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Find the symmetry of SOURCE, test it on held-out data and write a report.

    Components are chosen by name (see `symdisc list`), options with --set (see `symdisc show`).
    A method's short names, such as --n-generators, are accepted as well.
    """
    named = {
        "method": method,
        "preset": preset,
        "encoder": encoder,
        "group": group,
        "coefficients": coefficients,
        "discriminator": discriminator,
        "seeds": seeds,
        "seed": seed,
        "window": window,
        "representation": representation,
        "target_representation": target_representation,
        "device": device,
        "kernel": kernel,
    }
    short = {name: value for name, value in named.items() if value is not None}
    short |= parse_extra(context.args)
    options = parse_assignments(assignments or [])
    _run(source, config, options, out, quiet, short)


def _run(
    source: str | None,
    config: Path | None,
    options: dict[str, Any],
    out: Path | None,
    quiet: bool,
    short: dict[str, Any],
) -> None:
    from symdisc.discovery import run_discovery

    result, folder = run_discovery(
        source, config=config, options=options, out=out, quiet=quiet, keep=True, **short
    )
    _print_result(result, folder)
    if result.interrupted:
        raise typer.Exit(130)


def _print_result(result: SymmetryResult, folder: Path | None) -> None:
    typer.echo("\n" + result.summary() + "\n")
    typer.echo(result.generator_text() + "\n")
    typer.echo(f"Why this name: {result.evidence}")
    if folder is not None:
        typer.echo(f"Run folder:    {folder}")
        typer.echo(f"Report:        {folder / 'report.html'}")


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Read ``kind.option=value`` texts; values are YAML (numbers, lists, null, text).

    Raises:
        OptionError: Lists every text that is not an assignment.
    """
    import yaml

    options: dict[str, Any] = {}
    problems = []
    for text in assignments:
        address, equals, value = text.partition("=")
        try:
            options[address.strip()] = yaml.safe_load(value)
        except yaml.YAMLError:
            equals = ""
        if not equals or not address.strip():
            problems.append(f"--set {text!r} must look like --set group.n_generators=3")
    if problems:
        raise OptionError("\n".join(problems))
    return options


def parse_extra(words: list[str]) -> dict[str, Any]:
    """Read ``--short-name value`` and ``--short-name=value`` pairs of a method's short names.

    Raises:
        OptionError: A word that is no option, or an option without a value.
    """
    import yaml

    short: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if not name.startswith("--") or len(name) < 3:
            raise OptionError(f"unexpected argument {word!r}; see `symdisc discover --help`")
        if not equals:
            if not rest:
                raise OptionError(f"option {name} needs a value, e.g. {name} 1")
            value = rest.pop(0)
        short[name[2:].replace("-", "_")] = yaml.safe_load(value)
    return short
