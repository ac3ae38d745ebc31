from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from symdisc.errors import PluginError
from symdisc.plugin_record import PluginRecord, installed_plugins
from symdisc.registry import PluginHost

MakeHost = Callable[[dict[str, str]], PluginHost]


def _summary(host: PluginHost) -> list[tuple[str, str, str]]:
    return [(record.name, record.distribution, record.status) for record in host.records]


def _record() -> PluginRecord:
    entry_point = EntryPoint("acme", "acme_module", "symdisc.plugins")
    return PluginRecord("acme", "symdisc-acme", "1.0", entry_point)


def test_built_in_plugins_come_first(make_host: MakeHost) -> None:
    host = make_host({"alpha": "", "zeta@symdisc": "", "beta@symdisc": ""})
    assert [record.name for record in host.records] == ["beta", "zeta", "alpha"]
    assert [record.builtin for record in host.records] == [True, True, False]
    assert {record.status for record in host.records} == {"found"}


def test_a_built_in_name_cannot_be_taken(make_host: MakeHost) -> None:
    host = make_host({"liegan@a-first-in-the-alphabet": "", "liegan@symdisc": ""})
    assert _summary(host) == [
        ("liegan", "symdisc", "found"),
        ("liegan", "a-first-in-the-alphabet", "shadowed"),
    ]
    assert host.records[1].cause == "its name is taken by distribution symdisc"


def test_of_two_third_parties_the_first_distribution_has_the_name(make_host: MakeHost) -> None:
    host = make_host({"tools@zeta-tools": "", "tools@alpha-tools": ""})
    assert _summary(host) == [
        ("tools", "alpha-tools", "found"),
        ("tools", "zeta-tools", "shadowed"),
    ]


@pytest.mark.parametrize("named", ["acme", "symdisc-acme", "Symdisc_Acme", " other , acme "])
def test_disabled_by_plugin_or_distribution_name(
    named: str, make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_host({"acme": "", "beta": ""})
    monkeypatch.setenv("SYMDISC_DISABLE_PLUGINS", named)
    host = make_host({})
    assert _summary(host) == [
        ("acme", "symdisc-acme", "disabled"),
        ("beta", "symdisc-beta", "found"),
    ]
    assert host.records[0].cause == "named in SYMDISC_DISABLE_PLUGINS"


def test_a_disabled_plugin_leaves_its_name_to_another_distribution(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_host({"tools@alpha-tools": "", "tools@zeta-tools": ""})
    monkeypatch.setenv("SYMDISC_DISABLE_PLUGINS", "alpha-tools")
    assert [status for _, _, status in _summary(make_host({}))] == ["disabled", "found"]


def test_an_entry_point_without_a_distribution() -> None:
    (record,) = installed_plugins([EntryPoint("loose", "some_module", "symdisc.plugins")])
    assert (record.origin, record.builtin, record.status) == ("unknown ?", False, "found")


def test_damaged_metadata_do_not_stop_the_host(tmp_path: Path) -> None:
    info = tmp_path / "torn-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[symdisc.plugins]\ntorn = torn\n")
    (found,) = metadata.distributions(path=[str(tmp_path)])
    (record,) = installed_plugins(found.entry_points)
    assert (record.name, record.distribution, record.status) == ("torn", "unknown", "found")


def test_a_failure_is_kept_as_one_line_with_its_traceback() -> None:
    record = _record()
    try:
        raise RuntimeError("first line\n  second line")
    except RuntimeError as error:
        record.mark_broken("import failed", error)
    assert record.cause == "import failed: RuntimeError: first line second line"
    assert record.traceback.startswith("Traceback (most recent call last)")
    assert record.state == f"plugin 'acme' (symdisc-acme 1.0) is broken: {record.cause}"


def test_our_own_words_need_no_exception_name() -> None:
    record = _record()
    record.mark_broken("refused", PluginError("it offers group 'x' twice"))
    assert record.cause == "refused: it offers group 'x' twice"
