"""A discriminator with one wide hidden layer."""

from __future__ import annotations

from typing import ClassVar, final

import torch
from torch import Tensor, nn

from symdisc.interfaces import DataShapes, Discriminator
from symdisc.options import Field, Options


class WideMLPOptions(Options):
    """Options of ``wide-mlp``."""

    width: int = Field(1024, ge=1, description="Units in the hidden layer [1]")


@final
class WideMLP(Discriminator):
    """States and targets, flattened and joined, through one hidden layer.

    It is written for one seed and knows nothing of ensembles: the engine runs many at once.
    """

    Options: ClassVar[type[Options]] = WideMLPOptions

    def __init__(self, options: WideMLPOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_classes = shapes.n_classes
        inputs = shapes.steps * shapes.size + shapes.n_targets + shapes.n_classes
        self.network = nn.Sequential(
            nn.Linear(inputs, options.width), nn.SiLU(), nn.Linear(options.width, 1)
        )

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """See :class:`Discriminator`."""
        inputs = x.flatten(start_dim=1)
        if y is not None:
            targets = nn.functional.one_hot(y, self.n_classes) if self.n_classes else y
            inputs = torch.cat([inputs, targets.to(inputs.dtype)], dim=1)
        logits: Tensor = self.network(inputs)
        return logits.squeeze(1)
