from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
import torch

from symdisc.plugin_record import PluginRecord
from symdisc.registry import PluginHost

MakeHost = Callable[[dict[str, str]], PluginHost]

GOOD = """
SYMDISC_API_VERSION = 1
@hookimpl
def symdisc_groups():
    return [Component("good", "a.module:Class", "Works.")]
"""
BROKEN = {
    "import": ("import no_such_library_anywhere", "import failed: ModuleNotFoundError: No module"),
    "syntax": ("def", "import failed: SyntaxError: "),
    "exit": (
        "raise SystemExit('needs a licence key')",
        "import failed: SystemExit: needs a licence key",
    ),
    "argument": (
        "@hookimpl\ndef symdisc_groups(loss): return []",
        "refused: PluginValidationError: .*loss.* can not be found in the hookspec",
    ),
    "unknown-hook": (
        "@hookimpl\ndef symdisc_grops(): return []",
        "refused: it implements 'symdisc_grops', a hook that this symdisc does not have. "
        "Did you mean 'symdisc_groups'",
    ),
    "raises": (
        "@hookimpl\ndef symdisc_groups(): raise RuntimeError('two\\nlines')",
        "refused: RuntimeError: two lines",
    ),
    "raises-late": (
        "@hookimpl\ndef symdisc_groups():\n    yield Component('x', 'a:B', 'X.')\n    1 / 0",
        "refused: ZeroDivisionError: division by zero",
    ),
    "hook-exits": (
        "@hookimpl\ndef symdisc_groups(): raise SystemExit(3)",
        "refused: SystemExit: 3",
    ),
    "nothing": (
        "@hookimpl\ndef symdisc_groups(): pass",
        "refused: symdisc_groups must return a list of symdisc.Component, got None",
    ),
    "not-a-list": (
        "@hookimpl\ndef symdisc_groups(): return Component('x', 'a:B', 'X.')",
        "refused: symdisc_groups must return a list of symdisc.Component, got Component",
    ),
    "strings": (
        "@hookimpl\ndef symdisc_groups(): return ['a:B']",
        "refused: symdisc_groups must list symdisc.Component objects, got str",
    ),
    "twice": (
        "@hookimpl\ndef symdisc_groups():\n"
        "    return [Component('x', 'a:B', 'X.'), Component('x', 'a:C', 'X.')]",
        "refused: it offers group 'x' twice",
    ),
    "bad-name": (
        "@hookimpl\ndef symdisc_groups(): return [Component('Bad Name', 'a:B', 'X.')]",
        "refused: ValueError: component name 'Bad Name' must be lower-case words",
    ),
    "version-text": (
        "SYMDISC_API_VERSION = '1'",
        "refused: SYMDISC_API_VERSION must be a whole number, got '1'",
    ),
}


def _only(host: PluginHost) -> PluginRecord:
    (record,) = host.load_all()
    return record


@pytest.mark.parametrize(("source", "cause"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_recorded_and_harms_nothing(
    source: str, cause: str, make_host: MakeHost
) -> None:
    host = make_host({"bad": source, "good": GOOD})
    bad, good = host.load_all()
    assert re.match(cause, bad.cause), bad.cause
    assert (bad.status, bad.components, len(bad.cause.splitlines())) == ("broken", {}, 1)
    assert bad.traceback.startswith("Traceback")
    assert (good.status, good.cause, good.traceback) == ("loaded", "", "")
    assert [offer.name for offer in host.components()] == ["good:good"]


def test_a_working_plugin_lists_hooks_and_components(make_host: MakeHost) -> None:
    record = _only(make_host({"good": GOOD}))
    assert (record.status, record.hooks, record.warnings) == ("loaded", ("symdisc_groups",), [])
    assert [component.name for component in record.components["group"]] == ["good"]


def test_a_plugin_is_imported_once(make_host: MakeHost, capsys: pytest.CaptureFixture[str]) -> None:
    host = make_host({"good": "print('imported')\n" + GOOD})
    assert capsys.readouterr().out == ""
    host.load_all()
    host.load_all()
    assert capsys.readouterr().out == "imported\n"


@pytest.mark.parametrize(
    ("version", "remedy"), [(99, "install a newer symdisc"), (0, "install a newer symdisc-acme")]
)
def test_another_interface_version_is_incompatible(
    version: int, remedy: str, make_host: MakeHost
) -> None:
    record = _only(make_host({"acme": GOOD + f"SYMDISC_API_VERSION = {version}\n"}))
    assert (record.status, record.components) == ("incompatible", {})
    expected = f"written for plugin interface {version}, but this symdisc has 1; {remedy}"
    assert record.cause == expected


def test_a_missing_interface_version_is_a_warning(make_host: MakeHost) -> None:
    record = _only(make_host({"acme": GOOD.replace("SYMDISC_API_VERSION = 1", "")}))
    assert record.status == "loaded"
    (warning,) = record.warnings
    module = record.entry_point.value
    assert warning.endswith(f"; add SYMDISC_API_VERSION = 1 to {module}")


def test_forgetting_the_marker_is_a_warning(make_host: MakeHost) -> None:
    source = "SYMDISC_API_VERSION = 1\ndef symdisc_groups(): return []"
    record = _only(make_host({"acme": source}))
    assert record.warnings == ["it implements no hook; mark its functions with @symdisc.hookimpl"]


def test_a_light_module_that_imports_torch_is_a_warning(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", torch)  # so that it is put back afterwards
    del sys.modules["torch"]
    source = GOOD + "import sys\nsys.modules['torch'] = object()\n"
    record = _only(make_host({"acme": source}))
    assert record.status == "loaded"
    assert record.warnings == ["its light module imports torch, which slows every command down"]


def test_an_optional_unknown_hook_is_accepted(make_host: MakeHost) -> None:
    source = GOOD + "@hookimpl(optionalhook=True)\ndef symdisc_of_the_future(): return []\n"
    assert _only(make_host({"acme": source})).status == "loaded"


def test_an_imported_module_with_a_hook_name_is_not_a_hook(make_host: MakeHost) -> None:
    record = _only(make_host({"acme": GOOD + "import json as symdisc_kernels\n"}))
    assert (record.status, record.hooks) == ("loaded", ("symdisc_groups",))


def test_tracing_prints_each_call_with_plugin_and_result(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raises = "@hookimpl\ndef symdisc_encoders(): raise RuntimeError('oh')"
    make_host({"bad": raises, "good": GOOD})
    monkeypatch.setenv("SYMDISC_TRACE_PLUGINS", "1")
    make_host({}).load_all()
    bad, good = capsys.readouterr().err.splitlines()
    assert bad == "symdisc: trace: symdisc_encoders() of bad raised RuntimeError('oh')"
    assert good.startswith("symdisc: trace: symdisc_groups() of good returned [[Component(name=")


@pytest.mark.parametrize("value", ["", "0"])
def test_tracing_is_off_by_default(
    value: str,
    make_host: MakeHost,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    host = make_host({"good": GOOD})
    monkeypatch.setenv("SYMDISC_TRACE_PLUGINS", value)
    host.load_all()
    assert capsys.readouterr().err == ""
