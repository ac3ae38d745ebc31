"""Look components up by name among all installed plugins."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any, cast

from symdisc.components import HOOK_OF_KIND, KINDS, Component
from symdisc.errors import (
    AmbiguousComponentError,
    BrokenComponentError,
    PluginError,
    UnknownComponentError,
)
from symdisc.plugin_loading import load_plugin
from symdisc.plugin_record import ENTRY_POINT_GROUP, PluginRecord, installed_plugins
from symdisc.suggest import did_you_mean

__all__ = ["Offer", "PluginHost", "PluginRecord", "check_kind", "default_host"]


@dataclass(frozen=True)
class Offer:
    """A component, its kind and the plugin that offers it."""

    kind: str
    plugin: PluginRecord
    component: Component

    @property
    def name(self) -> str:
        """The full name, ``plugin:component``, which is never ambiguous."""
        return f"{self.plugin.name}:{self.component.name}"

    def load(self) -> type[Any]:
        """Import the class and check it against the interface of its kind.

        Raises:
            BrokenComponentError: The import fails, or the class lacks what its kind needs; all
                that is missing is listed.
        """
        from symdisc.component_check import interface_problems

        target = self.component.load()
        if problems := interface_problems(self.kind, target):
            raise BrokenComponentError(
                f"{self.kind} {self.name!r} ({self.component.target}) cannot be used: "
                + "; ".join(problems)
            )
        return cast("type[Any]", target)


class PluginHost:
    """The plugins of one process.

    Making a host reads installed metadata only; a plugin's light module is imported when
    something asks for it, and the classes behind its components when they are used.

    Attributes:
        records: One record for each installed plugin, built-in ones first.
    """

    def __init__(self, entry_points: Iterable[metadata.EntryPoint] | None = None) -> None:
        if entry_points is None:
            entry_points = metadata.entry_points(group=ENTRY_POINT_GROUP)
        self.records = installed_plugins(entry_points)

    def load_all(self) -> list[PluginRecord]:
        """Load every plugin that can be loaded; return all records."""
        for record in self.records:
            load_plugin(record)
        return self.records

    def plugin(self, name: str) -> list[PluginRecord]:
        """The loaded records of this name: the one in use first, then those it shadows.

        Raises:
            PluginError: No such plugin is installed.
        """
        named = [record for record in self.records if record.name == name]
        if not named:
            raise PluginError(self._unknown_plugin(name))
        for record in named:
            load_plugin(record)
        return named

    def components(self, kind: str | None = None) -> list[Offer]:
        """What all working plugins offer, sorted by kind, name and plugin.

        Raises:
            UnknownComponentError: There is no such kind.
        """
        kinds = KINDS if kind is None else (check_kind(kind),)
        offers = [offer for kind in kinds for offer in _offers(kind, self.records)]
        return sorted(offers, key=lambda o: (KINDS.index(o.kind), o.component.name, o.plugin.name))

    def collisions(self) -> dict[tuple[str, str], list[str]]:
        """Names that several plugins offer, as ``{(kind, name): full names}``."""
        owners: dict[tuple[str, str], list[str]] = {}
        for offer in self.components():
            owners.setdefault((offer.kind, offer.component.name), []).append(offer.name)
        return {key: names for key, names in owners.items() if len(names) > 1}

    def find(self, kind: str, name: str) -> Offer:
        """Look a component up without importing its class.

        Order: exactly ``plugin:name``; the built-in plugins; the plugin whose own name is
        ``name``; all other plugins, among which the name must be unique. Installing a plugin
        can therefore never change what a built-in name means.

        Raises:
            UnknownComponentError: No working plugin offers it.
            AmbiguousComponentError: Several third-party plugins do.
        """
        check_kind(kind)
        _, _, short = name.rpartition(":")
        for stage in self._stages(name):
            matches = [o for o in _offers(kind, stage) if o.component.name == short]
            if len(matches) > 1:
                choices = ", ".join(offer.name for offer in matches)
                raise AmbiguousComponentError(
                    f"{kind} {name!r} is offered by several plugins; choose one of: {choices}"
                )
            if matches:
                return matches[0]
        raise UnknownComponentError(self._unknown_component(kind, name))

    def get(self, kind: str, name: str) -> type[Any]:
        """Import and return the class of a component.

        Raises:
            UnknownComponentError: No working plugin offers it.
            AmbiguousComponentError: Several third-party plugins do.
            BrokenComponentError: It cannot be imported or breaks the interface of its kind.
        """
        return self.find(kind, name).load()

    def _stages(self, name: str) -> Iterator[list[PluginRecord]]:
        plugin, separator, _ = name.rpartition(":")
        if separator:
            yield [record for record in self.records if record.name == plugin]
            return
        yield [record for record in self.records if record.builtin]
        yield [record for record in self.records if record.name == name]
        yield self.records

    def _unknown_plugin(self, name: str) -> str:
        if not self.records:
            return "no plugin is installed, not even a built-in one; reinstall symdisc"
        known = sorted({record.name for record in self.records})
        return (
            f"no plugin named {name!r}; installed: {', '.join(known)}.{did_you_mean(name, known)}"
        )

    def _unknown_component(self, kind: str, name: str) -> str:
        plugin, separator, short = name.rpartition(":")
        candidates = [r for r in self.records if not separator or r.name == plugin]
        if not candidates:
            return self._unknown_plugin(plugin)
        known = sorted({offer.component.name for offer in _offers(kind, candidates)})
        where = f"in plugin {plugin!r}" if separator else "installed"
        lines = [
            f"no {kind} named {short!r}; {where}: {', '.join(known) or 'none'}."
            f"{did_you_mean(short, known) or self._elsewhere(short)}"
        ]
        return "\n".join([*lines, *(r.state for r in candidates if r.status != "loaded")])

    def _elsewhere(self, name: str) -> str:
        offers = [o for o in self.components() if o.component.name == name]
        places = ", ".join(f"{offer.kind} {offer.name}" for offer in offers)
        return f" Installed under that name: {places}." if places else ""


@functools.cache
def default_host() -> PluginHost:
    """The host that the command line and the top-level functions share."""
    return PluginHost()


def check_kind(kind: str) -> str:
    """Return the kind if it is one.

    Raises:
        UnknownComponentError: Lists the kinds there are.
    """
    if kind not in HOOK_OF_KIND:
        raise UnknownComponentError(
            f"no kind of component is called {kind!r}; kinds: {', '.join(KINDS)}."
            f"{did_you_mean(kind, KINDS)}"
        )
    return kind


def _offers(kind: str, records: Iterable[PluginRecord]) -> Iterator[Offer]:
    for record in records:
        load_plugin(record)
        for component in record.components.get(kind, ()):
            yield Offer(kind, record, component)
