"""Third-party distributions, really installed with pip into a folder of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ACME = ROOT / "examples" / "symdisc-acme"
BROKEN = sorted(path.parent for path in (ROOT / "tests/packaging/broken").glob("*/pyproject.toml"))

RunPython = Callable[..., "subprocess.CompletedProcess[str]"]


def _install(sources: list[Path], folder: Path) -> Path:
    """Install copies of the sources, so that building leaves nothing behind in the checkout."""
    copies = [shutil.copytree(source, folder / "sources" / source.name) for source in sources]
    target = folder / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "--target", str(target)]
    subprocess.run([*command, *map(str, copies)], check=True)
    return target


def _runner(target: Path) -> RunPython:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SYMDISC_")}
    environment |= {"PYTHONPATH": str(target), "PYTHONWARNINGS": "error", "COLUMNS": "200"}

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def run_installed(tmp_path_factory: pytest.TempPathFactory) -> RunPython:
    """Run python where the example plugin and all broken distributions are installed."""
    return _runner(_install([ACME, *BROKEN], tmp_path_factory.mktemp("third_party")))
