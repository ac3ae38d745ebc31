from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def _installed(group: str) -> dict[str, str]:
    found = metadata.distribution("symdisc").entry_points.select(group=group)
    return {entry_point.name: entry_point.value for entry_point in found}


def test_installed_plugins_are_those_of_pyproject() -> None:
    declared = _project()["entry-points"]["symdisc.plugins"]
    hint = "the installed metadata are out of date; run: pip install -e ."
    assert _installed("symdisc.plugins") == declared, hint


def test_installed_command_is_that_of_pyproject() -> None:
    assert _installed("console_scripts") == _project()["scripts"]


def test_every_plugin_folder_is_an_entry_point() -> None:
    folders = {path.parent.name for path in (ROOT / "plugins").glob("symdisc_*/__init__.py")}
    assert folders == set(_project()["entry-points"]["symdisc.plugins"].values())
