"""One installed plugin, and what became of it."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import metadata
from typing import Literal

from symdisc.components import Component
from symdisc.errors import PluginError

ENTRY_POINT_GROUP = "symdisc.plugins"
DISABLE_VARIABLE = "SYMDISC_DISABLE_PLUGINS"
OWN_DISTRIBUTION = "symdisc"

Status = Literal["found", "loaded", "broken", "incompatible", "disabled", "shadowed"]


@dataclass(eq=False)
class PluginRecord:
    """One entry point in the group ``symdisc.plugins``.

    Attributes:
        name: The entry-point name; also the prefix in ``plugin:component``.
        distribution: Name of the installed distribution that declares it.
        version: Version of that distribution.
        entry_point: The entry point itself; it names the plugin's light module.
        status: ``found`` until something asks for the plugin.
        cause: Why it is broken, incompatible, disabled or shadowed; one line.
        traceback: Full traceback if it is broken.
        hooks: Names of the hooks it implements; filled when loaded.
        components: What it offers, by kind; filled when loaded.
        warnings: What its author should improve; one line each.
    """

    name: str
    distribution: str
    version: str
    entry_point: metadata.EntryPoint
    status: Status = "found"
    cause: str = ""
    traceback: str = ""
    hooks: tuple[str, ...] = ()
    components: dict[str, tuple[Component, ...]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def builtin(self) -> bool:
        """Whether the plugin ships with symdisc itself."""
        return self.distribution == OWN_DISTRIBUTION

    @property
    def origin(self) -> str:
        """The distribution and its version, e.g. ``"symdisc-acme 0.1.0"``."""
        return f"{self.distribution} {self.version}"

    @property
    def state(self) -> str:
        """One line that says which plugin this is and why it cannot be used."""
        return f"plugin {self.name!r} ({self.origin}) is {self.status}: {self.cause}"

    def set_aside(self, status: Status, cause: str) -> None:
        """Take the plugin out of use."""
        self.status, self.cause = status, cause

    def mark_broken(self, doing: str, error: BaseException) -> None:
        """Record a failure in the plugin's code instead of letting it stop the host."""
        message = " ".join(str(error).split())
        own_words = isinstance(error, PluginError)
        what = message if own_words else f"{type(error).__name__}: {message}"
        self.set_aside("broken", f"{doing}: {what}")
        self.traceback = "".join(traceback.format_exception(error))


def installed_plugins(entry_points: Iterable[metadata.EntryPoint]) -> list[PluginRecord]:
    """Records of these entry points, built-in ones first, none of them imported.

    A plugin named in ``SYMDISC_DISABLE_PLUGINS`` (by its own name or its distribution's) is
    disabled. Where two share a name the first in this order has it and the others are shadowed,
    so that installing something can never replace a built-in plugin.
    """
    records = sorted((_record(entry_point) for entry_point in entry_points), key=_rank)
    disabled = {_canonical(name) for name in os.environ.get(DISABLE_VARIABLE, "").split(",")}
    owners: dict[str, PluginRecord] = {}
    for record in records:
        if disabled & {_canonical(record.name), _canonical(record.distribution)}:
            record.set_aside("disabled", f"named in {DISABLE_VARIABLE}")
        elif (owner := owners.setdefault(record.name, record)) is not record:
            record.set_aside("shadowed", f"its name is taken by distribution {owner.distribution}")
    return records


def _record(entry_point: metadata.EntryPoint) -> PluginRecord:
    return PluginRecord(entry_point.name, *_identity(entry_point.dist), entry_point)


def _identity(distribution: metadata.Distribution | None) -> tuple[str, str]:
    try:
        name, version = (distribution.name, distribution.version) if distribution else ("", "")
    except Exception:  # damaged metadata; what is raised differs between versions of Python
        name = version = ""
    return name or "unknown", version or "?"


def _rank(record: PluginRecord) -> tuple[bool, str, str]:
    return (not record.builtin, record.name, record.distribution)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
