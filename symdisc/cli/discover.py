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
        str | None,
        typer.Argument(
            help="A data set of `symdisc list dataset`, or a file: .npy, .npz, .csv, .tsv, "
            ".parquet, .h5, .pt."
        ),
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
    resume: Annotated[
        Path | None, typer.Option(help="Folder of a run that was cut short, to go on with it.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Find the symmetry of SOURCE, test it on held-out data and write a report.

    Components are chosen by name (see `symdisc list`), options with --set (see `symdisc show`).
    A method's short names, such as --n-generators, are accepted as well.

    What is read from a table say --columns and --target-columns (lists of names in square
    brackets, quoted) and --trajectory-column; from a file with several arrays --states-key and
    --targets-key. With --standardise scale, or centre, coordinates may have unlike units.
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
    # Click takes the first word it does not know for SOURCE, also one such as --n-generators.
    source, extra = parse_words([*([] if source is None else [source]), *context.args])
    options = parse_assignments(assignments or [])
    _run(source, config, options, short | extra, out=out, resume=resume, quiet=quiet)


def _run(
    source: str | None,
    config: Path | None,
    options: dict[str, Any],
    short: dict[str, Any],
    **how: Any,
) -> None:
    from symdisc.discovery import Request

    request = Request(source, None, config, options, short, keep=True, **how)
    try:
        result, folder = request.run()
    except KeyboardInterrupt:
        typer.echo("symdisc: interrupted", err=True)
        raise typer.Exit(130) from None
    _print_result(result, folder)
    if result.interrupted:
        typer.echo(f"Go on with it: symdisc discover --resume {folder}")
        raise typer.Exit(130)


def _print_result(result: SymmetryResult, folder: Path | None) -> None:
    from symdisc.discrete_text import discrete_line, element_text
    from symdisc.latent_text import latent_line
    from symdisc.result_text import algebra_line

    typer.echo("\n" + result.summary() + "\n")
    if len(result.generators):
        typer.echo(result.generator_text() + "\n")
    if result.discrete is not None and len(result.discrete) > 1:
        typer.echo(element_text(result.discrete) + "\n")
    if result.evidence:
        typer.echo(f"Why this name: {result.evidence}")
    if algebra := algebra_line(result):
        typer.echo(f"Lie algebra:   {algebra}")
    if line := discrete_line(result):
        typer.echo(f"Components:    {line}")
    if line := latent_line(result):
        typer.echo(f"Coordinates:   {line}")
    if folder is not None:
        typer.echo(f"Run folder:    {folder}")
        typer.echo(f"Report:        {folder / 'report.html'}")


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Read ``kind.option=value`` texts; values are YAML (numbers, lists, null, text).

    Raises:
        OptionError: Lists every text that is not an assignment.
    """
    options: dict[str, Any] = {}
    problems = []
    for text in assignments:
        address, equals, value = text.partition("=")
        if not equals or not address.strip():
            problems.append(f"--set {text!r} must look like --set group.n_generators=3")
            continue
        problems += _add(options, address.strip(), value, f"--set {text!r}")
    if problems:
        raise OptionError("\n".join(problems))
    return options


def parse_words(words: list[str]) -> tuple[str | None, dict[str, Any]]:
    """Read SOURCE and the ``--short-name value`` or ``--short-name=value`` pairs around it.

    Returns:
        The source, if there is one, and the short names with their values.

    Raises:
        OptionError: Lists second sources, options without a value and values that are no YAML.
    """
    source: str | None = None
    short: dict[str, Any] = {}
    problems = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        is_option = name.startswith("--") and len(name) > 2
        if not is_option and (source is not None or word.startswith("-")):
            problems.append(f"unexpected argument {word!r}; see `symdisc discover --help`")
        elif not is_option:
            source = word
        elif not equals and (not rest or rest[0].startswith("--")):
            problems.append(f"option {name} needs a value, e.g. {name} 1")
        else:
            value = value if equals else rest.pop(0)
            problems += _add(short, name[2:].replace("-", "_"), value, f"{name} {value}")
    if problems:
        raise OptionError("\n".join(problems))
    return source, short


def _add(settings: dict[str, Any], name: str, text: str, typed: str) -> list[str]:
    """Add a setting whose value is YAML; return what is wrong with it."""
    import yaml

    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = getattr(error, "problem", None) or "not YAML"
        return [f"{typed}: the value {text!r} cannot be read: {reason}"]
    if name in settings and settings[name] != value:
        return [f"{typed}: {name} was set to {settings[name]!r} before; give one value"]
    settings[name] = value
    return []
