"""Which backend runs: named ones, the automatic choice, and ``SYMDISC_KERNEL``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from symdisc_kernels.backend import KernelBackend
from symdisc_kernels.group_action.reference import ReferenceBackend
from symdisc_kernels.group_action.taylor import TaylorBackend

VARIABLE = "SYMDISC_KERNEL"

# In the order in which "auto" tries them.
_BACKENDS: dict[str, KernelBackend] = {
    "taylor": TaylorBackend(),
    "reference": ReferenceBackend(),
}
_CHOSEN: ContextVar[str | None] = ContextVar("symdisc_kernel", default=None)


class BackendError(RuntimeError):
    """A backend was asked for that is unknown or cannot run here."""


def backend_names() -> tuple[str, ...]:
    """Names that ``SYMDISC_KERNEL`` and :func:`use_backend` accept besides ``auto``."""
    return tuple(_BACKENDS)


def register_backend(name: str, backend: KernelBackend) -> None:
    """Make a backend known under a name; ``auto`` never chooses it.

    Raises:
        BackendError: Another backend has that name.
    """
    if name in _BACKENDS and type(_BACKENDS[name]) is not type(backend):
        raise BackendError(f"a kernel backend named {name!r} is already registered")
    _BACKENDS.setdefault(name, backend)


@contextmanager
def use_backend(name: str) -> Iterator[None]:
    """Compute with this backend inside the ``with`` block.

    Raises:
        BackendError: The backend is unknown or cannot run here; the message says why.
    """
    _named(name)
    token = _CHOSEN.set(name)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def resolve_backend(name: str) -> str:
    """The name of the backend that this name stands for: ``auto`` is one of the others.

    Raises:
        BackendError: The backend is unknown or cannot run here; the message says why.
    """
    chosen = _named(name)
    return next(known for known, backend in _BACKENDS.items() if backend is chosen)


def current_backend() -> KernelBackend:
    """The backend of the enclosing ``use_backend``, else of ``SYMDISC_KERNEL``, else ``auto``."""
    return _named(_CHOSEN.get() or os.environ.get(VARIABLE) or "auto")


def _named(name: str) -> KernelBackend:
    if name == "auto":
        return next(b for b in _BACKENDS.values() if b.unavailable() is None)
    if name not in _BACKENDS:
        known = ", ".join(["auto", *_BACKENDS])
        raise BackendError(f"no kernel backend named {name!r}; known: {known}")
    if reason := _BACKENDS[name].unavailable():
        raise BackendError(f"kernel backend {name!r} cannot run here: {reason}")
    return _BACKENDS[name]
