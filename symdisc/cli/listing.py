"""``symdisc list`` and ``symdisc show``: what is installed, and what each component offers."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symdisc.cli.tables import aligned, print_table
from symdisc.components import KINDS

if TYPE_CHECKING:
    from symdisc.registry import Offer

KIND_HELP = f"One of: {', '.join(KINDS)}."
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


def _complete_kind(incomplete: str) -> list[str]:
    return [kind for kind in KINDS if kind.startswith(incomplete)]


def _complete_name(context: typer.Context, incomplete: str) -> list[str]:
    from symdisc.registry import default_host

    kind = context.params.get("kind")
    offers = default_host().components(kind) if kind in KINDS else []
    names = {name for offer in offers for name in (offer.component.name, offer.name)}
    return sorted(name for name in names if name.startswith(incomplete))


def list_components(
    kind: Annotated[
        str | None, typer.Argument(help=KIND_HELP, autocompletion=_complete_kind)
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """List installed components, all or those of one kind."""
    from symdisc.registry import default_host

    offers = default_host().components(kind)
    if as_json:
        typer.echo(json.dumps([_as_json(offer) for offer in offers], indent=2))
        return
    rows = [(o.kind, o.component.name, o.plugin.name, o.component.summary) for o in offers]
    print_table(("Kind", "Name", "Plugin", "Summary"), rows)


def show_component(
    kind: Annotated[str, typer.Argument(help=KIND_HELP, autocompletion=_complete_kind)],
    name: Annotated[
        str, typer.Argument(help="NAME or PLUGIN:NAME.", autocompletion=_complete_name)
    ],
) -> None:
    """Describe one component: where it comes from, its options and what else it offers."""
    from symdisc.registry import default_host

    offer = default_host().find(kind, name)
    target = offer.load()
    facts = [*_origin(offer), *_dataset_facts(kind, target), *_problem_facts(kind, target)]
    typer.echo(f"{kind} {offer.component.name}")
    for line in aligned(facts):
        typer.echo(f"  {line}")
    _print_options(kind, target)
    if kind == "method":
        _print_method(target)


def _as_json(offer: Offer) -> dict[str, str]:
    component = offer.component
    return {
        "kind": offer.kind,
        "name": component.name,
        "plugin": offer.plugin.name,
        "target": component.target,
        "summary": component.summary,
        "reference": component.reference,
    }


def _origin(offer: Offer) -> list[tuple[str, str]]:
    component = offer.component
    facts = [
        ("class", component.target),
        ("plugin", f"{offer.plugin.name} ({offer.plugin.origin})"),
        ("summary", component.summary),
        ("reference", component.reference),
    ]
    return [fact for fact in facts if fact[1]]


def _dataset_facts(kind: str, target: type[Any]) -> list[tuple[str, str]]:
    if kind != "dataset":
        return []
    return [
        ("licence", target.licence),
        ("description", " ".join(inspect.cleandoc(target.description).split())),
    ]


def _problem_facts(kind: str, target: type[Any]) -> list[tuple[str, str]]:
    if kind != "problem":
        return []
    settings = [
        (f"settings of {'all methods' if method == '*' else method}", _settings(chosen))
        for method, chosen in target.settings.items()
    ]
    data = " ".join([target.dataset, *(f"{key}={value}" for key, value in target.options.items())])
    return [("family", target.family), ("data set", data), *settings]


def _settings(chosen: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in chosen.items())


def _print_options(kind: str, target: type[Any]) -> None:
    from symdisc.options import Options, describe_options

    rows = describe_options(getattr(target, "Options", Options))
    if not rows:
        typer.echo("\nIt has no options.")
        return
    typer.echo("\noptions")
    addressed = [(f"{kind}.{name}", *rest) for name, *rest in rows]
    print_table(("Option", "Type", "Default", "Description"), addressed, indent="  ")


def _print_method(target: type[Any]) -> None:
    typer.echo("\ncomponents it uses")
    print_table(("Kind", "Default"), target.uses.items(), indent="  ")
    typer.echo("\npresets")
    presets = [
        (name, _settings(settings) or "the defaults") for name, settings in target.presets.items()
    ]
    print_table(("Preset", "Settings"), presets, indent="  ")
    if target.short_names:
        typer.echo("\nshort names")
        print_table(("Short name", "Option"), target.short_names.items(), indent="  ")
