from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import symdisc.interfaces  # noqa: F401  (imports torch before the fake plugins do)
from symdisc.cli import main
from symdisc.registry import PluginHost

MakeHost = Callable[[dict[str, str]], PluginHost]
UseHost = Callable[[dict[str, str]], None]

GOOD = """
SYMDISC_API_VERSION = 1
from symdisc.interfaces import KernelBackend

@hookimpl
def symdisc_kernels():
    return [Component("fast", f"{__name__}:Fast", "Fast.")]

class Fast(KernelBackend):
    def unavailable(self): pass
    def group_action(self, coefficients, generators, points): pass
    def group_elements(self, coefficients, generators): pass
    def expm(self, matrices): pass
"""
HOLLOW = GOOD.replace("class Fast(KernelBackend)", "class Fast")
FUTURE = "SYMDISC_API_VERSION = 99"


@pytest.fixture
def use_host(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> UseHost:
    def use(sources: dict[str, str]) -> None:
        host = make_host(sources)
        monkeypatch.setattr("symdisc.registry.default_host", lambda: host)

    return use


def test_list_shows_status_and_cause(use_host: UseHost, capsys: pytest.CaptureFixture[str]) -> None:
    use_host({"basics@symdisc": GOOD, "basics@other": GOOD, "bad": "1 / 0", "future": FUTURE})
    assert main(["plugins", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "NAME    DISTRIBUTION    VERSION  STATUS        CAUSE",
        "basics  symdisc         1.0      loaded",
        "bad     symdisc-bad     1.0      broken        import failed: ZeroDivisionError: "
        "division by zero",
        "basics  other           1.0      shadowed      its name is taken by distribution symdisc",
        "future  symdisc-future  1.0      incompatible  written for plugin interface 99, but "
        "this symdisc has 1; install a newer symdisc",
    ]


def test_list_as_json(use_host: UseHost, capsys: pytest.CaptureFixture[str]) -> None:
    use_host({"acme": GOOD})
    assert main(["plugins", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "name": "acme",
            "distribution": "symdisc-acme",
            "version": "1.0",
            "built_in": False,
            "status": "loaded",
            "cause": "",
            "warnings": [],
            "hooks": ["symdisc_kernels"],
            "components": {"kernel": ["fast"]},
        }
    ]


def test_show_a_working_plugin(use_host: UseHost, capsys: pytest.CaptureFixture[str]) -> None:
    use_host({"acme": GOOD})
    assert main(["plugins", "show", "acme"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("plugin acme\n  distribution  symdisc-acme 1.0\n  module        fake_")
    assert "  status        loaded\n  hooks         symdisc_kernels\n" in text
    assert "  kernel  fast  fake_plugin_" in text
    assert "Traceback" not in text


def test_show_a_broken_plugin_prints_the_traceback(
    use_host: UseHost, capsys: pytest.CaptureFixture[str]
) -> None:
    use_host({"bad": "1 / 0"})
    assert main(["plugins", "show", "bad"]) == 0
    text = capsys.readouterr().out
    assert "  cause         import failed: ZeroDivisionError: division by zero\n" in text
    assert "\nTraceback (most recent call last):\n" in text
    assert text.endswith("ZeroDivisionError: division by zero\n")


def test_show_an_unknown_plugin(use_host: UseHost, capsys: pytest.CaptureFixture[str]) -> None:
    use_host({"acme": GOOD})
    assert main(["plugins", "show", "acne"]) == 2
    expected = "symdisc: no plugin named 'acne'; installed: acme. Did you mean 'acme'?\n"
    assert capsys.readouterr().err == expected


def test_check_without_trouble(use_host: UseHost, capsys: pytest.CaptureFixture[str]) -> None:
    use_host({"acme": GOOD, "beta": GOOD.replace("fast", "quick")})
    assert main(["plugins", "check"]) == 0
    assert capsys.readouterr().out == "plugins: 2, components: 2, no problem found\n"


def test_check_prints_a_line_for_each_problem(
    use_host: UseHost, capsys: pytest.CaptureFixture[str]
) -> None:
    use_host({"bad": "1 / 0", "future": FUTURE, "hollow": HOLLOW, "good": GOOD})
    assert main(["plugins", "check"]) == 1
    bad, future, hollow, collision = capsys.readouterr().out.splitlines()
    assert bad.startswith("plugin 'bad' (symdisc-bad 1.0) is broken: import failed: ZeroDivision")
    assert future.startswith("plugin 'future' (symdisc-future 1.0) is incompatible: written for")
    assert hollow.startswith("plugin 'hollow': kernel 'hollow:fast' (fake_plugin_")
    assert hollow.endswith("it must be a subclass of symdisc.interfaces.KernelBackend")
    assert collision == "warning: kernel 'fast' is offered by good:fast, hollow:fast"


def test_check_of_one_plugin_ignores_the_others(
    use_host: UseHost, capsys: pytest.CaptureFixture[str]
) -> None:
    use_host({"bad": "1 / 0", "hollow": HOLLOW, "good": GOOD.replace("fast", "quick")})
    assert main(["plugins", "check", "good"]) == 0
    assert main(["plugins", "check", "hollow"]) == 1
    assert main(["plugins", "check", "god"]) == 2
    assert "Did you mean 'good'?" in capsys.readouterr().err


def test_a_warning_is_not_trouble(use_host: UseHost, capsys: pytest.CaptureFixture[str]) -> None:
    use_host({"acme": GOOD.replace("SYMDISC_API_VERSION = 1", "")})
    assert main(["plugins", "check"]) == 0
    warning, _ = capsys.readouterr().out.splitlines()
    assert warning.startswith("warning: plugin 'acme': it does not say for which plugin interface")


def test_a_disabled_plugin_is_not_trouble(
    use_host: UseHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_host({"bad": "1 / 0"})
    monkeypatch.setenv("SYMDISC_DISABLE_PLUGINS", "bad")
    use_host({})
    assert main(["plugins", "check"]) == 0
    assert capsys.readouterr().out == "plugins: 1, components: 0, no problem found\n"
