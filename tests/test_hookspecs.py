from __future__ import annotations

import inspect
from collections.abc import Callable

import pluggy
import pytest

from symdisc import hookspecs
from symdisc.component_check import INTERFACE_OF_KIND
from symdisc.components import HOOK_OF_KIND, KINDS
from symdisc.registry import PluginHost, default_host


def _specified() -> set[str]:
    functions = inspect.getmembers(hookspecs, inspect.isfunction)
    return {name for name, _ in functions if name.startswith("symdisc_")}


def test_every_kind_has_one_hook_and_every_hook_one_kind() -> None:
    assert _specified() == set(HOOK_OF_KIND.values())


def test_every_hook_is_marked_as_a_specification() -> None:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    assert all(getattr(manager.hook, hook).has_spec() for hook in HOOK_OF_KIND.values())


@pytest.mark.parametrize("kind", KINDS)
def test_specification_documents_the_interface(kind: str) -> None:
    function = getattr(hookspecs, HOOK_OF_KIND[kind])
    assert list(inspect.signature(function).parameters) == []
    assert f":class:`symdisc.interfaces.{INTERFACE_OF_KIND[kind]}`" in str(inspect.getdoc(function))
    assert list(function()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_hook_adds_to_its_kind_only(
    kind: str, make_host: Callable[[dict[str, str]], PluginHost]
) -> None:
    source = (
        f"@hookimpl\ndef {HOOK_OF_KIND[kind]}():\n"
        "    return [Component('thing', 'a.module:Class', 'A thing.')]\n"
    )
    host = make_host({"acme": source})
    assert [(offer.kind, offer.name) for offer in host.components()] == [(kind, "acme:thing")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_hook_has_a_real_user_among_the_built_in_plugins(kind: str) -> None:
    assert any(offer.plugin.builtin for offer in default_host().components(kind))
