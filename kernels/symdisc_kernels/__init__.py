"""The performance-critical operations: matrix exponentials and their action on points.

``group_action`` computes y_b = exp(Σ_i z_bi L_i) x_b, the step that every method of symdisc
repeats. This package knows nothing of symdisc's core; it stands on torch alone.
"""

from symdisc_kernels.backend import BackendError, KernelBackend
from symdisc_kernels.blocks import Blocks
from symdisc_kernels.group_action import expm, group_action, group_elements
from symdisc_kernels.selection import (
    backend_names,
    current_backend,
    register_backend,
    resolve_backend,
    use_backend,
)

__all__ = [
    "BackendError",
    "Blocks",
    "KernelBackend",
    "backend_names",
    "current_backend",
    "expm",
    "group_action",
    "group_elements",
    "register_backend",
    "resolve_backend",
    "use_backend",
]
