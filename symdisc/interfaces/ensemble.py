"""What the engine hands to a stage in place of a module: E copies behaving as one."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class EnsembleModule(nn.Module, ABC):
    """E members of one component; every tensor has a leading dimension E.

    Attributes:
        size: The number E of members.
    """

    size: int

    @abstractmethod
    def forward(self, *arguments: Tensor | None) -> Tensor:
        """Call all members: ``(E, ...)`` to ``(E, ...)``."""

    @abstractmethod
    def call(self, method: str, *arguments: Tensor | None) -> Tensor:
        """Call a method of all members, each with its slice of the arguments."""

    @abstractmethod
    def named(self, method: str) -> dict[str, Tensor]:
        """Call a method of all members that returns named scalars: ``{name: (E,)}``."""

    @abstractmethod
    def member(self, index: int) -> nn.Module:
        """A free-standing copy of one member as it is now."""

    @property
    @abstractmethod
    def prototype(self) -> nn.Module:
        """The first member as it was built: for shapes, names and options, not for weights."""
