"""Imports point one way: command line, runs, interfaces, data, kernels.

Every import statement counts, also one inside a function; only ``if TYPE_CHECKING`` blocks do
not, since they never run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From low to high. A module may import from its own level and from those before it. A name
# stands for a module, or for a package with all that is in it; the most specific one counts.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("symdisc_kernels",),
    ("symdisc", "symdisc.errors", "symdisc.suggest", "symdisc.components", "symdisc.hookspecs"),
    (
        "symdisc.options",
        "symdisc.representations",
        "symdisc.writing",
        "symdisc.image_action",
        "symdisc.derivatives",
    ),
    (
        "symdisc.data",
        "symdisc.algebra",
        "symdisc.cosets",
        "symdisc.fields",
        "symdisc.interfaces",
        "symdisc.linear_action",
    ),
    (
        "symdisc.component_check",
        "symdisc.plugin_record",
        "symdisc.plugin_loading",
        "symdisc.registry",
        "symdisc.verify.defect_options",
        "symdisc.configuration",
    ),
    (
        "symdisc.engine",
        "symdisc.verify",
        "symdisc.result",
        "symdisc.result_action",
        "symdisc.result_io",
        "symdisc.result_text",
        "symdisc.result_form",
        "symdisc.result_invariants",
        "symdisc.result_truth",
        "symdisc.discrete_action",
        "symdisc.discrete_assembly",
        "symdisc.discrete_io",
        "symdisc.discrete_text",
        "symdisc.field_io",
        "symdisc.field_retesting",
        "symdisc.field_assembly",
        "symdisc.report",
        "symdisc.use",
        "symdisc.discovery",
        "symdisc.sources",
        "symdisc.assembly",
        "symdisc.own_units",
        "symdisc.provenance",
        "symdisc.aligning",
        "symdisc.latent_assembly",
        "symdisc.latent_io",
        "symdisc.latent_space",
        "symdisc.latent_text",
        "symdisc.surplus",
        "symdisc.local_parts",
        "symdisc.run_device",
        "symdisc.run_folder",
        "symdisc.run_lock",
        "symdisc.applying",
        "symdisc.citation",
        "symdisc.resuming",
        "symdisc.retesting",
        "symdisc.result_saving",
        "symdisc.testing",
        "symdisc.suite",
    ),
    ("symdisc.cli", "symdisc.__main__"),
)
LEVEL_OF = {name: level for level, names in enumerate(LEVELS) for name in names}
# The public names of these packages are loaded from higher levels when they are first used.
FACADES = {"symdisc"}


def _modules() -> dict[str, Path]:
    """Every module of the project by its name."""
    found = {}
    for root in (ROOT, ROOT / "plugins", ROOT / "kernels"):
        for package in root.glob("symdisc*/__init__.py"):
            for path in package.parent.rglob("*.py"):
                parts = path.relative_to(root).with_suffix("").parts
                found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = _modules()


def _statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """All import statements that can run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _statements(child)


def _imports(source: str) -> set[str]:
    """Modules of this project that the source imports."""
    found: set[str] = set()
    for statement in _statements(ast.parse(source)):
        if isinstance(statement, ast.Import):
            found |= {alias.name for alias in statement.names}
            continue
        assert statement.level == 0, "imports are absolute in this project"
        base = statement.module or ""
        for alias in statement.names:
            full = f"{base}.{alias.name}"
            found.add(full if full in MODULES else base)
    return {name for name in found if name.split(".")[0].startswith("symdisc")}


def _level(module: str) -> int | None:
    """Level of the longest listed name that the module is or lies in."""
    parts = module.split(".")
    prefixes = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    listed = [name for name in prefixes if name in LEVEL_OF and (name not in FACADES)]
    if listed:
        return LEVEL_OF[listed[0]]
    return LEVEL_OF.get(module)


def _wrong(module: str, imported: str) -> bool:
    """Whether this import points the wrong way."""
    package, other = module.split(".")[0], imported.split(".")[0]
    if package == "symdisc_kernels":
        return other != "symdisc_kernels"
    if package != "symdisc":
        return other not in {package, "symdisc", "symdisc_kernels", "symdisc_basics"}
    if other not in {"symdisc", "symdisc_kernels"}:
        return True
    own, theirs = _level(module), _level(imported)
    return own is None or theirs is None or (module not in FACADES and theirs > own)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_one_way(module: str) -> None:
    imported = _imports(MODULES[module].read_text())
    assert [name for name in sorted(imported) if _wrong(module, name)] == []


@pytest.mark.parametrize("module", sorted(m for m in MODULES if m.split(".")[0] == "symdisc"))
def test_every_core_module_has_a_level(module: str) -> None:
    assert _level(module) is not None, f"add {module} to the table LEVELS"


@pytest.mark.parametrize(
    ("module", "imported", "wrong"),
    [
        ("symdisc.engine.loop", "symdisc_liegan.method", True),
        ("symdisc.engine.loop", "symdisc.cli.app", True),
        ("symdisc.interfaces.group", "symdisc.engine.loop", True),
        ("symdisc.data.samples", "symdisc.registry", True),
        ("symdisc.engine.unheard_of", "symdisc.unheard_of", True),
        ("symdisc_kernels.blocks", "symdisc.errors", True),
        ("symdisc_liegan.method", "symdisc_laligan.method", True),
        ("symdisc_liegan.method", "symdisc_basics.perceptron", False),
        ("symdisc.interfaces.group", "symdisc_kernels", False),
        ("symdisc.cli.app", "symdisc.engine.loop", False),
        ("symdisc.registry", "symdisc", False),
    ],
)
def test_the_rule_itself(module: str, imported: str, wrong: bool) -> None:
    assert _wrong(module, imported) is wrong


def test_imports_inside_functions_count_and_type_checking_blocks_do_not() -> None:
    source = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from symdisc.cli import main\n"
        "def f():\n    from symdisc import errors\n    import symdisc_kernels.blocks\n"
    )
    assert _imports(source) == {"symdisc.errors", "symdisc_kernels.blocks"}
