"""The fully connected discriminator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, final

import torch
from torch import Tensor, nn

from symdisc.interfaces import DataShapes, Discriminator
from symdisc.options import Field, Options
from symdisc_basics.perceptron import Perceptron


class MLPDiscriminatorOptions(Options):
    """Options of ``mlp``."""

    width: int = Field(64, ge=1, description="Units in each hidden layer [1]")
    depth: int = Field(2, ge=1, description="Hidden layers [1]")
    slope: float = Field(0.01, ge=0, description="Slope of LeakyReLU below zero [1]")
    embedding: int = Field(32, ge=1, description="Length of a class label's embedding [1]")


@final
class MLPDiscriminator(Discriminator):
    """States and targets, flattened and joined, through a fully connected network.

    Class labels enter through a learned embedding (LieGAN, arXiv:2302.00236, top tagging).
    """

    Options: ClassVar[type[Options]] = MLPDiscriminatorOptions

    def __init__(self, options: MLPDiscriminatorOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        labels = options.embedding if shapes.n_classes else 0
        inputs = shapes.steps * shapes.size + shapes.n_targets + labels
        self.network = Perceptron([inputs, *[options.width] * options.depth, 1], options.slope)
        self.embedding = None
        if shapes.n_classes:
            self.embedding = nn.Parameter(torch.randn(shapes.n_classes, options.embedding))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """See :class:`Discriminator`; also takes a leading ensemble dimension once stacked."""
        inputs = x.flatten(-2)
        if y is not None:
            targets = y if self.embedding is None else self._embed(y, self.embedding)
            inputs = torch.cat([inputs, targets], dim=-1)
        logits: Tensor = self.network(inputs)
        return logits.squeeze(-1)

    @staticmethod
    def stack(members: Sequence[MLPDiscriminator]) -> MLPDiscriminator:
        """All members as one module that multiplies matrices in batches."""
        stacked = MLPDiscriminator.__new__(MLPDiscriminator)
        nn.Module.__init__(stacked)
        stacked.network = Perceptron.stack([member.network for member in members])
        tables = [m.embedding.detach() for m in members if m.embedding is not None]
        stacked.embedding = nn.Parameter(torch.stack(tables)) if tables else None
        return stacked

    @staticmethod
    def _embed(labels: Tensor, table: Tensor) -> Tensor:
        if table.ndim == 2:
            return table[labels]
        index = labels.unsqueeze(-1).expand(*labels.shape, table.shape[-1])
        return table.gather(1, index)
