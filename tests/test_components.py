from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

from symdisc.components import HOOK_OF_KIND, KINDS, Component
from symdisc.errors import BrokenComponentError


def test_kinds_are_the_keys_of_the_hook_table() -> None:
    assert tuple(HOOK_OF_KIND) == KINDS
    assert all(hook.startswith("symdisc_") for hook in HOOK_OF_KIND.values())
    assert len(set(HOOK_OF_KIND.values())) == len(KINDS)


@pytest.mark.parametrize("name", ["mlp", "wide-mlp", "so3", "3d-points"])
def test_good_names_are_taken(name: str) -> None:
    assert Component(name, "package.module:Class", "A summary.").name == name


@pytest.mark.parametrize("name", ["", "MLP", "wide_mlp", "-mlp", "mlp-", "a--b", "a b", "acme:mlp"])
def test_bad_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"must be lower-case words joined by '-', for instance"):
        Component(name, "package.module:Class", "A summary.")


@pytest.mark.parametrize("target", ["", "package.module", "package:", ":Class", "p:C.inner", "p:1"])
def test_bad_targets_are_refused(target: str) -> None:
    message = r"target '.*' of component 'mlp' must look like 'package\.module:Class'"
    with pytest.raises(ValueError, match=message):
        Component("mlp", target, "A summary.")


def test_a_component_cannot_be_changed() -> None:
    component = Component("mlp", "package.module:Class", "A summary.")
    with pytest.raises(dataclasses.FrozenInstanceError):
        component.name = "other"  # type: ignore[misc]


def test_load_imports_the_target() -> None:
    assert Component("root", "math:sqrt", "A summary.").load() is math.sqrt


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("no_such_module_anywhere:Class", "ModuleNotFoundError: No module named"),
        ("math:Absent", "AttributeError: module 'math' has no attribute 'Absent'"),
    ],
)
def test_load_says_why_it_failed(target: str, cause: str) -> None:
    message = f"component 'x' could not be imported from {target}: {cause}"
    with pytest.raises(BrokenComponentError, match=message):
        Component("x", target, "A summary.").load()


def test_load_survives_a_module_that_exits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module_that_exits.py").write_text("raise SystemExit('no licence')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BrokenComponentError, match="SystemExit: no licence"):
        Component("x", "module_that_exits:Class", "A summary.").load()
