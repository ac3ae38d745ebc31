"""Which backend runs: named ones, the automatic choice, and ``SYMDISC_KERNEL``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from symdisc_kernels.backend import BackendError, KernelBackend
from symdisc_kernels.group_action.cpu.backend import CpuBackend
from symdisc_kernels.group_action.reference import ReferenceBackend
from symdisc_kernels.group_action.taylor import TaylorBackend
from symdisc_kernels.group_action.triton.backend import TritonBackend
from symdisc_kernels.tracing import decided_when_traced

VARIABLE = "SYMDISC_KERNEL"

# In the order in which "auto" tries them.
_BACKENDS: dict[str, KernelBackend] = {
    "triton": TritonBackend(),
    "cpu": CpuBackend(),
    "taylor": TaylorBackend(),
    "reference": ReferenceBackend(),
}
_CHOSEN: ContextVar[str | None] = ContextVar("symdisc_kernel", default=None)
# What "auto" stands for on each type of device, once it is known.
_AUTOMATIC: dict[str, str] = {}


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
    if name != "auto":
        _named(name)
    token = _CHOSEN.set(name)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def resolve_backend(name: str, device_type: str = "cpu") -> str:
    """The name of the backend that this name stands for on this type of device.

    ``auto`` is the first of ``triton`` (CUDA), ``cpu``, ``taylor`` that can run.

    Raises:
        BackendError: The backend is unknown, cannot run here, or not on such a device; the
            message says why.
    """
    if name == "auto":
        return _automatic(device_type)
    takes = _named(name).device_types
    if takes is not None and device_type not in takes:
        raise BackendError(
            f"kernel backend {name!r} computes on {' and '.join(sorted(takes))}, but the tensors "
            f"are on {device_type}; use auto"
        )
    return name


def current_backend(device_type: str = "cpu") -> KernelBackend:
    """The backend for tensors on this type of device.

    It is that of the enclosing ``use_backend``, else of ``SYMDISC_KERNEL``, else ``auto``. A
    program made by ``torch.compile`` keeps the backend that it was compiled with.

    Raises:
        BackendError: It cannot run here or not on such a device.
    """
    return _BACKENDS[_current_name(device_type)]


@decided_when_traced
def _current_name(device_type: str) -> str:
    name = _CHOSEN.get() or os.environ.get(VARIABLE) or "auto"
    return resolve_backend(name, device_type)


def _named(name: str) -> KernelBackend:
    if name not in _BACKENDS:
        known = ", ".join(["auto", *_BACKENDS])
        raise BackendError(f"no kernel backend named {name!r}; known: {known}")
    if reason := _BACKENDS[name].unavailable():
        raise BackendError(f"kernel backend {name!r} cannot run here: {reason}")
    return _BACKENDS[name]


def _automatic(device_type: str) -> str:
    if device_type not in _AUTOMATIC:
        _AUTOMATIC[device_type] = _first_that_runs(device_type)
    return _AUTOMATIC[device_type]


def _first_that_runs(device_type: str) -> str:
    refusals = []
    for name, backend in _BACKENDS.items():
        if backend.device_types is not None and device_type not in backend.device_types:
            continue
        reason = backend.unavailable()
        if reason is None:
            break
        refusals.append(f"{name} ({reason})")
    if refusals:
        sys.stderr.write(
            f"symdisc: on {device_type} the kernel backend {name!r} is used, which is slower; "
            f"not available: {'; '.join(refusals)}\n"
        )
    return name
