"""Discriminators: networks that tell real samples from transformed ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn

from symdisc.interfaces.shapes import DataShapes
from symdisc.options import Options as ComponentOptions


class Discriminator(nn.Module, ABC):
    """A network that scores samples; higher means "real".

    Write it for one seed: the engine runs many seeds at once by itself. The constructor takes
    ``(options, shapes)``.

    Attributes:
        Options: The options model of this component.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions

    @abstractmethod
    def __init__(self, options: ComponentOptions, shapes: DataShapes) -> None:
        """Build the network for samples of these shapes."""
        super().__init__()

    @abstractmethod
    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Score a batch.

        Args:
            x: States ``(B, steps, size)``.
            y: Targets ``(B, m)`` or class labels ``(B,)``; ``None`` for data without targets.

        Returns:
            Logits ``(B,)``.
        """
