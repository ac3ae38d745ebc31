"""The command line starts fast because it imports nothing that it does not need.

Times are CPU seconds of a fresh process beyond those of a bare interpreter on the same machine,
the least of several runs, so that other load hardly matters. A run fails above twice the target.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from importlib import metadata

import pytest

REPEATS = 4
ALLOWANCE = 2.0
HEAVY = {"torch", "numpy", "scipy", "matplotlib", "yaml", "symdisc.options", "symdisc.interfaces"}

RUN_COMMAND = """
import sys
from symdisc.cli import main
status = main({words!r})
assert status == 0, status
sys.stderr.write("\\n".join(sys.modules))
"""


def _modules(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines())


def _cpu_seconds(code: str) -> float:
    """CPU time of one process that runs the code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _startup(code: str) -> float:
    """Least CPU time beyond a bare interpreter's; the two are measured in turns."""
    times = [(_cpu_seconds("pass"), _cpu_seconds(code)) for _ in range(REPEATS)]
    return min(full for _, full in times) - min(bare for bare, _ in times)


def _is_plugin_code(module: str) -> bool:
    """Whether it is more than a plugin's light module."""
    light = {entry.value for entry in metadata.entry_points(group="symdisc.plugins")}
    package, _, rest = module.partition(".")
    return package.startswith("symdisc_") and bool(rest) and module not in light


def test_importing_symdisc_is_light() -> None:
    modules = _modules("import sys, symdisc; sys.stderr.write('\\n'.join(sys.modules))")
    assert "symdisc" in modules
    unneeded = HEAVY | {"typer", "rich", "pydantic", "importlib.metadata", "symdisc.registry"}
    assert sorted(modules & unneeded) == []
    assert not any(module.startswith("symdisc_") for module in modules)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["show", "--help"]])
def test_help_imports_no_plugin_at_all(words: list[str]) -> None:
    modules = _modules(RUN_COMMAND.format(words=words))
    assert sorted(modules & HEAVY) == []
    assert not any(module.startswith("symdisc_") for module in modules)


@pytest.mark.parametrize("words", [["list"], ["list", "dataset"], ["plugins", "list"]])
def test_listing_imports_light_modules_only(words: list[str]) -> None:
    modules = _modules(RUN_COMMAND.format(words=words))
    assert {"symdisc_basics", "symdisc_liegan"} <= modules
    assert sorted(modules & HEAVY) == []
    assert not [module for module in modules if _is_plugin_code(module)]


def test_a_light_module_that_imports_torch_is_noticed() -> None:
    """The check above can fail: the same look-up on a heavy component imports torch."""
    assert "torch" in _modules(RUN_COMMAND.format(words=["show", "kernel", "reference"]))


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("import symdisc", 0.1),
        (RUN_COMMAND.format(words=["--help"]), 0.3),
        (RUN_COMMAND.format(words=["list"]), 0.3),
    ],
    ids=["import", "help", "list"],
)
def test_start_is_fast(code: str, target: float) -> None:
    assert _startup(code) < ALLOWANCE * target
