"""Distributions that are wrong in every way we know: each is reported, none does harm."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

RunPython = Callable[..., "subprocess.CompletedProcess[str]"]

TROUBLE = {
    "symdisc-missing-import": (
        "broken",
        "import failed: ModuleNotFoundError: No module named 'no_such_library_anywhere'",
    ),
    "symdisc-exits": ("broken", "import failed: SystemExit: this plugin needs a licence key"),
    "symdisc-wrong-argument": ("broken", "refused: PluginValidationError: .*'loss'.*hookspec"),
    "symdisc-raises": (
        "broken",
        "refused: RuntimeError: the licence server does not answer",
    ),
    "symdisc-takes-name": ("shadowed", "its name is taken by distribution symdisc"),
    "symdisc-future": (
        "incompatible",
        "written for plugin interface 99, but this symdisc has 1; install a newer symdisc",
    ),
}


@pytest.fixture(scope="module")
def plugins(run_installed: RunPython) -> dict[str, dict[str, Any]]:
    done = run_installed("-m", "symdisc", "plugins", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return {f"{p['distribution']}:{p['name']}": p for p in found}


@pytest.mark.parametrize("distribution", TROUBLE)
def test_each_is_reported_with_its_cause(
    distribution: str, plugins: dict[str, dict[str, Any]]
) -> None:
    (plugin,) = (p for p in plugins.values() if p["distribution"] == distribution)
    status, cause = TROUBLE[distribution]
    assert plugin["status"] == status
    assert re.fullmatch(cause, plugin["cause"]), plugin["cause"]
    assert plugin["components"] == {}


def test_none_harms_the_others(plugins: dict[str, dict[str, Any]]) -> None:
    healthy = {name for name, plugin in plugins.items() if plugin["status"] == "loaded"}
    assert {
        "symdisc:basics",
        "symdisc:liegan",
        "symdisc-acme:acme",
        "symdisc-hollow:hollow",
    } <= healthy
    assert len(plugins) - len(healthy) == len(TROUBLE)


def test_plugins_list_has_a_line_for_each(run_installed: RunPython) -> None:
    done = run_installed("-m", "symdisc", "plugins", "list")
    assert (done.returncode, done.stderr) == (0, "")
    for distribution, (status, cause) in TROUBLE.items():
        assert re.search(rf"^\S+ +{distribution} +0\.3\.0 +{status} +{cause}$", done.stdout, re.M)


def test_the_usurper_of_a_built_in_name_is_never_imported(run_installed: RunPython) -> None:
    for words in (("list",), ("plugins", "list"), ("plugins", "show", "liegan")):
        done = run_installed("-m", "symdisc", *words)
        assert done.returncode == 0
        assert "symdisc-takes-name was imported" not in done.stdout
    methods = run_installed("-m", "symdisc", "list", "method").stdout
    assert [line.split()[2] for line in methods.splitlines() if "liegan" in line] == ["liegan"]
    assert "Not the real one." not in methods


def test_check_has_a_line_for_each_and_exits_with_1(run_installed: RunPython) -> None:
    done = run_installed("-m", "symdisc", "plugins", "check")
    assert done.returncode == 1
    for distribution, (status, cause) in TROUBLE.items():
        line = rf"^plugin '\S+' \({distribution} 0\.3\.0\) is {status}: {cause}$"
        assert re.search(line, done.stdout, re.M)
    assert re.search(r"^plugin 'hollow': component 'absent' could not be", done.stdout, re.M)
    assert re.search(
        r"'hollow:hollow' .* must be a subclass of .*KernelBackend$", done.stdout, re.M
    )
    assert re.search(r"^warning: plugin 'hollow': .*SYMDISC_API_VERSION = 1", done.stdout, re.M)


def test_show_prints_the_traceback(run_installed: RunPython) -> None:
    done = run_installed("-m", "symdisc", "plugins", "show", "missing-import")
    assert done.returncode == 0
    assert "Traceback (most recent call last):" in done.stdout
    assert "import no_such_library_anywhere" in done.stdout


def test_using_a_broken_component_is_one_message(run_installed: RunPython) -> None:
    done = run_installed("-m", "symdisc", "show", "kernel", "hollow")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "symdisc: kernel 'hollow:hollow' (symdisc_hollow:Hollow) cannot be used: "
        "it must be a subclass of symdisc.interfaces.KernelBackend\n"
    )


def test_an_unknown_name_mentions_every_plugin_out_of_use(run_installed: RunPython) -> None:
    done = run_installed("-m", "symdisc", "show", "group", "scaling")
    first, *others = done.stderr.splitlines()
    assert done.returncode == 2
    assert first.startswith("symdisc: no group named 'scaling'; installed: ")
    assert first.endswith("Did you mean 'scalings'?")
    assert len(others) == len(TROUBLE)
    assert all(line.startswith("         plugin '") for line in others)


def test_disabled_by_distribution_name(run_installed: RunPython) -> None:
    names = ",".join(TROUBLE)
    done = run_installed(
        "-m", "symdisc", "plugins", "list", "--json", SYMDISC_DISABLE_PLUGINS=names
    )
    statuses = {p["distribution"]: p["status"] for p in json.loads(done.stdout)}
    assert {statuses[distribution] for distribution in TROUBLE} == {"disabled"}


def test_tracing_shows_which_plugin_answered(run_installed: RunPython) -> None:
    done = run_installed("-m", "symdisc", "list", "group", SYMDISC_TRACE_PLUGINS="1")
    assert done.returncode == 0
    assert "symdisc: trace: symdisc_groups() of acme returned [[Component(" in done.stderr
    assert "symdisc: trace: symdisc_encoders() of raises raised RuntimeError(" in done.stderr
