"""What an implementation of the kernel has to offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor


class BackendError(RuntimeError):
    """A backend was asked for that is unknown or cannot run here."""


class KernelBackend(ABC):
    """One implementation of the three operations on dense generators.

    Shapes: ``...`` are leading dimensions shared by all arguments (ensemble members, blocks);
    every call has passed the checks of :mod:`symdisc_kernels.group_action.problem`. All three
    operations must be differentiable in every argument.

    Attributes:
        device_types: Types of device whose tensors it takes, e.g. ``{"cuda"}``; ``None``: any.
    """

    device_types: ClassVar[frozenset[str] | None] = None

    @abstractmethod
    def unavailable(self) -> str | None:
        """Why this backend cannot run on this machine, or ``None`` if it can."""

    @abstractmethod
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        """Move points ``(..., B, c, n)`` by exp(Σ z L); z ``(..., B, k)``, L ``(..., k, n, n)``."""

    @abstractmethod
    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        """Matrices exp(Σ z L) ``(..., B, n, n)``."""

    @abstractmethod
    def expm(self, matrices: Tensor) -> Tensor:
        """Exponentials of square matrices ``(..., n, n)``."""
