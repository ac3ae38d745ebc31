"""Where a run computes: device and kernel backend, as its settings name them."""

from __future__ import annotations

import os

import torch

from symdisc.errors import OptionError
from symdisc.registry import PluginHost
from symdisc_kernels import BackendError, backend_names, register_backend, resolve_backend
from symdisc_kernels.selection import VARIABLE


def choose_device(name: str) -> torch.device:
    """The device of this name.

    Args:
        name: ``run.device``: ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"cuda:N"``.

    Raises:
        OptionError: It cannot be used; the reason is told.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.Generator(device)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise OptionError(f"device {name!r} cannot be used: {reason}; try device cpu") from None
    return device


def choose_backend(host: PluginHost, name: str, device: torch.device) -> str:
    """The kernel backend of this name, made known to the kernels if a plugin brings it.

    Args:
        host: The plugins to choose from.
        name: ``run.kernel``; ``"auto"`` is replaced by ``SYMDISC_KERNEL``, if that is set.
        device: Where it has to run.

    Raises:
        OptionError: It cannot run there; the reason is told.
    """
    if name == "auto":
        name = os.environ.get(VARIABLE) or "auto"
    if name != "auto" and name not in backend_names():
        register_backend(name, host.get("kernel", name)())
    try:
        return resolve_backend(name, device.type)
    except BackendError as error:
        raise OptionError(f"run.kernel: {error}") from None
