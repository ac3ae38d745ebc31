"""What to cite for a run: symdisc, the method, the data set and the plugins, as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import symdisc
from symdisc.components import KINDS
from symdisc.errors import PluginError
from symdisc.registry import Offer, PluginHost

TITLE = "symdisc: symmetry discovery from data"
AUTHORS = "{The symdisc developers}"


def citations(
    config: Mapping[str, Any], provenance: Mapping[str, Any], host: PluginHost
) -> list[str]:
    """BibTeX entries, and comments where there is nothing to cite.

    Args:
        config: The resolved settings of a run.
        provenance: What the result of the run says about it; may be empty.
        host: The plugins installed now, for what the run itself does not say.
    """
    return [
        _own(provenance),
        _method(config, provenance, host),
        _data(config, host),
        *_plugins(config, host),
    ]


def _own(provenance: Mapping[str, Any]) -> str:
    version = provenance.get("versions", {}).get("symdisc", symdisc.__version__)
    fields = {
        "title": f"{{{TITLE}}}",
        "author": f"{{{AUTHORS}}}",
        "version": f"{{{version}}}",
        **_year(provenance),
    }
    return _entry("software", "symdisc", fields)


def _method(config: Mapping[str, Any], provenance: Mapping[str, Any], host: PluginHost) -> str:
    name = str(config.get("method", ""))
    text = str(provenance.get("citation") or "").strip()
    if text:
        return text
    try:
        text = str(host.get("method", name).citation).strip()
    except PluginError as error:
        return _comment(f"method {name}: {error}")
    return text or _comment(f"method {name} names no paper")


def _data(config: Mapping[str, Any], host: PluginHost) -> str:
    name = config.get("dataset")
    if name is None:
        return _comment(f"data: {config.get('source', 'unknown')}; cite where they are from")
    try:
        offer = host.find("dataset", str(name))
    except PluginError as error:
        return _comment(f"data set {name}: {error}")
    if not offer.component.reference:
        return _comment(f"data set {name} is made by {_origin(offer)} and has no source to cite")
    fields = {
        "title": f"{{Data set {name}: {_escaped(offer.component.summary)}}}",
        "howpublished": f"{{{_escaped(offer.component.reference)}}}",
    }
    return _entry("misc", f"data-{name}", fields)


def _plugins(config: Mapping[str, Any], host: PluginHost) -> Iterator[str]:
    """One entry for each installed distribution, other than symdisc, that the run used."""
    used: dict[str, list[Offer]] = {}
    for kind in KINDS:
        if kind not in config:
            continue
        try:
            offer = host.find(kind, str(config[kind]))
        except PluginError:
            yield _comment(f"{kind} {config[kind]}: its plugin is not installed any more")
            continue
        if not offer.plugin.builtin:
            used.setdefault(offer.plugin.distribution, []).append(offer)
    for distribution, offers in used.items():
        parts = ", ".join(f"{offer.kind} {offer.component.name}" for offer in offers)
        fields = {
            "title": f"{{{distribution}, a plugin for symdisc: {parts}}}",
            "version": f"{{{offers[0].plugin.version}}}",
        }
        yield _entry("software", distribution, fields)


def _year(provenance: Mapping[str, Any]) -> dict[str, str]:
    """The year of the run, for a software that has no release of that version yet."""
    try:
        return {"year": f"{{{datetime.fromisoformat(str(provenance['date'])).year}}}"}
    except (KeyError, ValueError):
        return {}


def _origin(offer: Offer) -> str:
    return "symdisc" if offer.plugin.builtin else offer.plugin.distribution


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    width = max(map(len, fields))
    lines = [f"  {name.ljust(width)} = {value}" for name, value in fields.items()]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def _comment(text: str) -> str:
    return "\n".join(f"% {line}" for line in text.splitlines())


def _escaped(text: str) -> str:
    """Plain text for BibTeX."""
    return re.sub(r"([&%$#_{}])", r"\\\1", " ".join(text.split()).rstrip("."))
