"""``symdisc data``: which data sets there are, what is in data, and data sets as files."""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symdisc.cli.tables import aligned, print_table
from symdisc.errors import DataError, OptionError, OutputError, SymdiscError

if TYPE_CHECKING:
    from symdisc.interfaces import RawData
    from symdisc.options import Options
    from symdisc.registry import Offer
    from symdisc.sources import Source

app = typer.Typer(help="Data sets that have a name, and what is in a file.", no_args_is_help=True)

_Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="OPTION=VALUE", help="An option; may be repeated."),
]


def _complete_dataset(incomplete: str) -> list[str]:
    from symdisc.registry import default_host

    names = {offer.component.name for offer in default_host().components("dataset")}
    return sorted(name for name in names if name.startswith(incomplete))


@app.command("list")
def list_datasets() -> None:
    """List data sets: shape with default options, symmetry, plugin; and where they are kept.

    A shape is trajectories × states × coordinates, or rows × coordinates.
    """
    from symdisc.registry import default_host

    rows = [_row(offer) for offer in default_host().components("dataset")]
    print_table(("Name", "Shape", "Symmetry", "Plugin"), rows)
    typer.echo(f"\n{_cache_words()}")


@app.command("show")
def show(
    source: Annotated[
        str, typer.Argument(help="A data set or a file.", autocompletion=_complete_dataset)
    ],
    assignments: _Assignments = None,
) -> None:
    """Say what SOURCE is, what its states and targets are, and what is wrong with them.

    Options of a data set are set with --set dataset.OPTION=VALUE, how a file is read with
    --set data.OPTION=VALUE. The exit status is 1 if there are problems.
    """
    from symdisc.registry import default_host
    from symdisc.sources import find_source

    found = find_source(default_host(), source)
    problems = (_show_file if found.dataset is None else _show_dataset)(found, assignments or [])
    if problems:
        typer.echo("\nproblems\n" + textwrap.indent(problems, "  "))
        raise typer.Exit(1)


@app.command("make")
def make(
    name: Annotated[str, typer.Argument(help="A data set.", autocompletion=_complete_dataset)],
    out: Annotated[Path, typer.Option(help="File to write, ending in .npz.")],
    assignments: _Assignments = None,
) -> None:
    """Make the data set NAME and write its states, targets and description into a file.

    `symdisc discover` reads such a file with its description; what is recommended for the data
    set has to be given again. Nothing is ever overwritten.
    """
    from symdisc.cli.data_facts import raw_facts
    from symdisc.data.cache import make_cached
    from symdisc.registry import default_host
    from symdisc.sources import find_source

    found = find_source(default_host(), name)
    if found.dataset is None:
        raise OptionError(f"{name} is a file, not a data set; see `symdisc data list`")
    _check_out(out)
    component = default_host().get("dataset", name)
    raw = make_cached(component, _options(component.Options, "dataset", assignments or []))
    _write(raw, out, name)
    _print_facts(str(out), raw_facts(raw))
    typer.echo(f"\nUse it: {shlex.join(_use_words(out, component.recommended))}")


def _row(offer: Offer) -> tuple[str, str, str, str]:
    from symdisc.cli.data_facts import shape_words

    name, plugin = offer.component.name, offer.plugin.name
    try:
        component = offer.load()
    except SymdiscError:
        return name, "?", f"cannot be used; see `symdisc plugins check {plugin}`", plugin
    return name, shape_words(component.shape) or "?", component.symmetry or "?", plugin


def _cache_words() -> str:
    from symdisc.data.cache import data_folder
    from symdisc_kernels.cache_folder import CACHE_VARIABLE

    try:
        folder = data_folder()
        sizes = [path.stat().st_size for path in folder.glob("*.npz")]
    except (RuntimeError, OSError) as error:
        return f"Nothing is kept: {error}"
    return (
        f"Those that take long are kept in {folder} ({len(sizes)} files, "
        f"{sum(sizes) / 1e6:.1f} MB), which may be deleted; {CACHE_VARIABLE} chooses another folder"
    )


def _show_dataset(source: Source, assignments: list[str]) -> str:
    """Print what the data set is and what it makes; return what is wrong with that."""
    from symdisc.cli.data_facts import raw_facts
    from symdisc.cli.listing import show_component
    from symdisc.data.cache import make_cached
    from symdisc.data.prepare import prepare
    from symdisc.registry import default_host

    name = str(source.dataset)
    component = default_host().get("dataset", name)
    options = _options(component.Options, "dataset", assignments)
    show_component("dataset", name)
    raw = make_cached(component, options)
    recommended = ", ".join(f"{key}={value}" for key, value in component.recommended.items())
    _print_facts(
        "data",
        [
            ("symmetry", component.symmetry or "not known"),
            *raw_facts(raw),
            ("recommended", recommended or "nothing beyond the defaults"),
        ],
    )
    try:
        prepare(raw)
    except DataError as error:
        return str(error)
    return ""


def _show_file(source: Source, assignments: list[str]) -> str:
    """Print what is read from the file; return what is wrong with it."""
    from symdisc.cli.data_facts import given_facts, truth_words
    from symdisc.configuration import DataOptions
    from symdisc.data.prepare import prepare
    from symdisc.data.reading import read
    from symdisc.sources import selection_of

    options = _options(DataOptions, "data", assignments)
    given = read(source.content, None, selection_of(options))
    _print_facts(str(source.content), [("read", given.source), *given_facts(given)])
    try:
        samples = prepare(
            source.content,
            representation=options.representation,
            target_representation=options.target_representation,
            steps=options.window,
            selection=selection_of(options),
        )
    except DataError as error:
        return str(error)
    facts = [("samples", f"{len(samples):,} of {samples.steps} state(s)")]
    facts.append(("representation", str(samples.representation)))
    if samples.truth is not None:
        facts.append(("true generators", truth_words(samples.truth)))
    _print_facts("as samples", facts)
    return ""


def _options(model: type[Any], section: str, assignments: list[str]) -> Any:
    """Checked options of one section from ``section.option=value`` texts.

    Raises:
        OptionError: Lists every option of another section, unknown option and wrong value.
    """
    from symdisc.cli.discover import parse_assignments
    from symdisc.options import option_problems, parse_options

    given = parse_assignments(assignments)
    own = {key.partition(".")[2]: value for key, value in given.items() if _is_of(key, section)}
    problems = [
        f"option {key!r} has no use here; options look like '{section}.NAME'"
        for key in given
        if not _is_of(key, section)
    ]
    problems += option_problems(model, own, section)
    if problems:
        raise OptionError("\n".join(problems))
    options: Options = parse_options(model, own, section)
    return options


def _is_of(address: str, section: str) -> bool:
    return address.startswith(f"{section}.")


def _print_facts(title: str, facts: list[tuple[str, str]]) -> None:
    typer.echo(f"\n{title}")
    for line in aligned(facts):
        typer.echo(f"  {line}")


def _check_out(out: Path) -> None:
    if out.suffix != ".npz":
        raise OptionError(f"--out {out} must end in .npz, the form that is written")
    if out.exists():
        raise OutputError(
            f"{out} exists already and nothing is ever overwritten; name another file, or remove "
            "it first"
        )


def _write(raw: RawData, out: Path, name: str) -> None:
    """Write the file, whole or not at all."""
    from symdisc.data.raw_file import write_raw
    from symdisc.writing import writing

    if len({len(part) for part in raw.states}) > 1 and not hasattr(raw.states, "shape"):
        raise DataError(
            f"{name} makes trajectories of unequal length, which no .npz file holds in a form "
            f"that is read; use it by name: symdisc discover {name}"
        )
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            with out.open("xb") as file:
                write_raw(file, raw)
        except FileExistsError:
            raise
        except BaseException:
            out.unlink(missing_ok=True)
            raise


def _use_words(out: Path, recommended: Mapping[str, Any]) -> list[str]:
    """The command that searches the file with the settings recommended for its data set."""
    words = ["symdisc", "discover", str(out)]
    for address, value in recommended.items():
        if "." in address:
            words += ["--set", f"{address}={json.dumps(value)}"]
        else:
            words += [f"--{address}", str(value)]
    return words
