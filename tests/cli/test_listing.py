from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import symdisc.interfaces  # noqa: F401  (imports torch before the fake plugins do)
from symdisc.cli import main
from symdisc.registry import PluginHost

MakeHost = Callable[[dict[str, str]], PluginHost]

SOURCE = '''
SYMDISC_API_VERSION = 1
from symdisc.interfaces import Dataset, KernelBackend, Method
from symdisc.options import Field, Options

@hookimpl
def symdisc_datasets():
    return [Component("tides", f"{__name__}:Tides", "Heights of the sea.", "Newton 1687.")]

@hookimpl
def symdisc_methods():
    return [Component("guess", f"{__name__}:Guess", "Guesses."),
            Component("plain", f"{__name__}:Plain", "Guesses plainly.")]

class TidesOptions(Options):
    hours: int = Field(24, ge=1, description="Length of the series [h]")

class Tides(Dataset):
    Options = TidesOptions
    licence = "CC0-1.0"
    description = """
        Heights of the sea
        at one place.
    """
    def __init__(self, options): pass
    def make(self): pass

class Plain(Method):
    uses = {"group": "lie-algebra"}
    def __init__(self, options): pass
    def stages(self): return []
    def discovery(self, artifacts): pass

class Guess(Plain):
    presets = {"default": {}, "wild": {"group.n_generators": 3, "encoder": "mlp"}}
    short_names = {"n_generators": "group.n_generators"}
'''


@pytest.fixture(autouse=True)
def host(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    host = make_host({"acme": SOURCE})
    monkeypatch.setattr("symdisc.registry.default_host", lambda: host)


def test_list_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "KIND     NAME   PLUGIN  SUMMARY",
        "method   guess  acme    Guesses.",
        "method   plain  acme    Guesses plainly.",
        "dataset  tides  acme    Heights of the sea.",
    ]


def test_list_one_kind_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "dataset", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    target = entry.pop("target")
    assert target.endswith(":Tides")
    assert entry == {
        "kind": "dataset",
        "name": "tides",
        "plugin": "acme",
        "summary": "Heights of the sea.",
        "reference": "Newton 1687.",
    }


def test_list_of_an_unknown_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "datset"]) == 2
    assert "Did you mean 'dataset'?" in capsys.readouterr().err


def test_show_dataset(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "dataset", "tides"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "dataset tides"
    assert lines[1].startswith("  class        fake_plugin_")
    assert lines[2:] == [
        "  plugin       acme (symdisc-acme 1.0)",
        "  summary      Heights of the sea.",
        "  reference    Newton 1687.",
        "  licence      CC0-1.0",
        "  description  Heights of the sea at one place.",
        "",
        "options",
        "  OPTION         TYPE     DEFAULT  DESCRIPTION",
        "  dataset.hours  integer  24       Length of the series [h]",
    ]


def test_show_method_lists_components_presets_and_short_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "method", "acme:guess"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("It has no options.") + 1 :] == [
        "",
        "components it uses",
        "  KIND   DEFAULT",
        "  group  lie-algebra",
        "",
        "presets",
        "  PRESET   SETTINGS",
        "  default  the defaults",
        "  wild     group.n_generators=3, encoder=mlp",
        "",
        "short names",
        "  SHORT NAME    OPTION",
        "  n_generators  group.n_generators",
    ]


def test_show_problem_says_what_is_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("symdisc.registry.default_host", PluginHost)
    assert main(["show", "problem", "ellipse"]) == 0
    lines = {tuple(line.split(maxsplit=1)) for line in capsys.readouterr().out.splitlines()}
    assert ("family", "field") in lines
    assert ("data", "set                 invariant-function which=ellipse") in lines
    assert ("settings", "of all methods  data.standardise=centre") in lines


def test_show_method_without_short_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "method", "plain"]) == 0
    assert "short names" not in capsys.readouterr().out


def test_show_of_an_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "dataset", "tide"]) == 2
    message = "symdisc: no dataset named 'tide'; installed: tides. Did you mean 'tides'?\n"
    assert capsys.readouterr().err == message
