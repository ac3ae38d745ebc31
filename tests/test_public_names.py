"""The public names, their types and their documentation."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import symdisc

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(
    path.parent
    for root in (ROOT, ROOT / "plugins", ROOT / "kernels")
    for path in root.glob("symdisc*/__init__.py")
)
MODULES = sorted(path for package in PACKAGES for path in package.rglob("*.py"))


def test_there_is_something_to_look_at() -> None:
    names = {package.name for package in PACKAGES}
    assert names >= {"symdisc", "symdisc_basics", "symdisc_liegan", "symdisc_kernels"}
    assert len(MODULES) > 50


@pytest.mark.parametrize("name", symdisc.__all__)
def test_public_names_resolve(name: str) -> None:
    assert getattr(symdisc, name) is not None
    assert name in dir(symdisc)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'symdisc' has no attribute 'discovr'"):
        symdisc.discovr  # noqa: B018


@pytest.mark.parametrize("name", ["discover", "load", "default_host"])
def test_public_functions_are_typed(name: str) -> None:
    signature = inspect.signature(getattr(symdisc, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty


def test_what_interfaces_and_kernels_export_is_there() -> None:
    for name in ("symdisc.interfaces", "symdisc_kernels"):
        module = importlib.import_module(name)
        missing = [public for public in module.__all__ if not hasattr(module, public)]
        assert missing == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_package_says_that_it_is_typed(package: Path) -> None:
    assert (package / "py.typed").is_file()


Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _public(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """Public classes and functions of a module, and the public methods of these classes."""
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from _public(child)


def _is_overload(node: Definition) -> bool:
    names = {ast.unparse(decorator) for decorator in node.decorator_list}
    return bool(names & {"overload", "typing.overload"})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_everything_public_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    missing = [
        f"{node.name} (line {node.lineno})"
        for node in _public(tree)
        if not ast.get_docstring(node) and not _is_overload(node)
    ]
    if not ast.get_docstring(tree):
        missing.append("the module")
    assert missing == []


def test_the_check_of_docstrings_sees_what_is_missing() -> None:
    source = "class A:\n    def f(self): ...\n    def _g(self): ...\ndef h(): ...\n"
    assert [node.name for node in _public(ast.parse(source))] == ["A", "f", "h"]
