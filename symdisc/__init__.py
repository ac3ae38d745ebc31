"""symdisc finds the symmetries hidden in data, names them, measures them and puts them to use.

Importing this package imports neither torch nor any plugin; the public names below load what
they need when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from symdisc.components import Component
from symdisc.hookspecs import hookimpl

if TYPE_CHECKING:
    from symdisc.discovery import discover
    from symdisc.registry import PluginHost, default_host
    from symdisc.result import SymmetryResult, load

__version__ = "0.1.0"
API_VERSION = 1
"""Version of the plugin interface; a plugin may declare ``SYMDISC_API_VERSION``."""

__all__ = [
    "API_VERSION",
    "Component",
    "PluginHost",
    "SymmetryResult",
    "__version__",
    "default_host",
    "discover",
    "hookimpl",
    "load",
]

_LAZY = {
    "PluginHost": "symdisc.registry",
    "SymmetryResult": "symdisc.result",
    "default_host": "symdisc.registry",
    "discover": "symdisc.discovery",
    "load": "symdisc.result",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'symdisc' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
