"""``symdisc plugins``: which plugins are installed and whether they work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symdisc.cli.listing import JsonFlag
from symdisc.cli.tables import aligned, print_table

if TYPE_CHECKING:
    from symdisc.registry import PluginHost, PluginRecord

app = typer.Typer(no_args_is_help=True, help="List, show and check installed plugins.")


def _complete_plugin(incomplete: str) -> list[str]:
    from symdisc.registry import default_host

    return [r.name for r in default_host().records if r.name.startswith(incomplete)]


PluginName = Annotated[
    str, typer.Argument(help="Name of the plugin.", autocompletion=_complete_plugin)
]


@app.command("list")
def list_plugins(as_json: JsonFlag = False) -> None:
    """List plugins: name, distribution, status and, where there is trouble, its cause."""
    from symdisc.registry import default_host

    records = default_host().load_all()
    if as_json:
        typer.echo(json.dumps([_as_json(record) for record in records], indent=2))
        return
    rows = [(r.name, r.distribution, r.version, r.status, r.cause) for r in records]
    print_table(("Name", "Distribution", "Version", "Status", "Cause"), rows)


@app.command("show")
def show_plugin(name: PluginName) -> None:
    """Describe one plugin: its hooks, its components and, if it is broken, the traceback."""
    from symdisc.registry import default_host

    for record in default_host().plugin(name):
        _print_plugin(record)


@app.command("check")
def check_plugins(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Name of the plugin; all plugins by default.", autocompletion=_complete_plugin
        ),
    ] = None,
) -> None:
    """Import every component and check it; print a line for each problem, exit 1 if any."""
    from symdisc.registry import default_host

    host = default_host()
    records = host.load_all() if name is None else host.plugin(name)
    problems = [problem for record in records for problem in _problems(host, record)]
    warnings = [warning for record in records for warning in _warnings(host, record)]
    for line in (*problems, *warnings):
        typer.echo(line)
    if problems:
        raise typer.Exit(1)
    counts = [len(components) for r in records for components in r.components.values()]
    typer.echo(f"plugins: {len(records)}, components: {sum(counts)}, no problem found")


def _as_json(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "distribution": record.distribution,
        "version": record.version,
        "built_in": record.builtin,
        "status": record.status,
        "cause": record.cause,
        "warnings": record.warnings,
        "hooks": list(record.hooks),
        "components": {
            kind: [component.name for component in components]
            for kind, components in record.components.items()
        },
    }


def _print_plugin(record: PluginRecord) -> None:
    facts = [
        ("distribution", record.origin),
        ("module", record.entry_point.value),
        ("status", record.status),
        ("cause", record.cause),
        ("hooks", ", ".join(record.hooks)),
        *(("warning", warning) for warning in record.warnings),
    ]
    typer.echo(f"plugin {record.name}")
    for line in aligned([fact for fact in facts if fact[1]]):
        typer.echo(f"  {line}")
    rows = [(k, c.name, c.target, c.summary) for k, cs in record.components.items() for c in cs]
    if rows:
        typer.echo("\ncomponents")
        print_table(("Kind", "Name", "Class", "Summary"), rows, indent="  ")
    if record.traceback:
        typer.echo(f"\n{record.traceback.rstrip()}")


def _problems(host: PluginHost, record: PluginRecord) -> Iterator[str]:
    from symdisc.errors import BrokenComponentError

    if record.status in ("broken", "incompatible", "shadowed"):
        yield record.state
    for offer in host.components():
        if offer.plugin is record:
            try:
                offer.load()
            except BrokenComponentError as error:
                yield f"plugin {record.name!r}: {' '.join(str(error).split())}"


def _warnings(host: PluginHost, record: PluginRecord) -> Iterator[str]:
    for warning in record.warnings:
        yield f"warning: plugin {record.name!r}: {warning}"
    for (kind, name), owners in host.collisions().items():
        if owners[0].startswith(f"{record.name}:"):
            yield f"warning: {kind} {name!r} is offered by {', '.join(owners)}"
