"""Fixtures that several areas share."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from symdisc.registry import PluginHost

PRELUDE = "from symdisc import Component, hookimpl\n"
_numbers = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels() -> None:
    """Build what most tests use, so that no line about it stands in an output that is compared."""
    import torch

    from symdisc_kernels import expm

    for dtype in (torch.float32, torch.float64):
        for n in (1, 2, 3, 4):
            expm(torch.zeros(1, n, n, dtype=dtype))


@pytest.fixture
def make_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, str]], PluginHost]:
    """Make a host whose only plugins are the given ones.

    Keys are ``name`` or ``name@distribution``, values the source of the light module, to which
    the import of ``Component`` and ``hookimpl`` is added. Each becomes a module and the metadata
    of an installed distribution in a folder on the path; ``symdisc-<name>`` is the default
    distribution and ``symdisc`` makes a plugin built in.
    """
    monkeypatch.delenv("SYMDISC_DISABLE_PLUGINS", raising=False)
    monkeypatch.delenv("SYMDISC_TRACE_PLUGINS", raising=False)
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def make(sources: dict[str, str]) -> PluginHost:
        for key, source in sources.items():
            name, _, distribution = key.partition("@")
            _write(site, name, distribution or f"symdisc-{name}", source)
        found = metadata.distributions(path=[str(site)])
        return PluginHost([entry for distribution in found for entry in distribution.entry_points])

    return make


def _write(site: Path, name: str, distribution: str, source: str) -> None:
    number = next(_numbers)
    module = f"fake_plugin_{number}"
    (site / f"{module}.py").write_text(PRELUDE + source)
    info = site / f"{distribution.replace('-', '_')}_{number}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[symdisc.plugins]\n{name} = {module}\n")
