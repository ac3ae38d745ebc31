"""A convolutional discriminator for images."""

from __future__ import annotations

import itertools
from typing import ClassVar, final

import torch
from torch import Tensor, nn

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes, Discriminator
from symdisc.linear_action import as_vectors
from symdisc.options import Field, Options


class ConvDiscriminatorOptions(Options):
    """Options of ``conv``."""

    width: int = Field(16, ge=1, description="Channels of the first layer; doubled by each [1]")
    depth: int = Field(2, ge=1, description="Layers, each of which halves the image [1]")
    hidden: int = Field(64, ge=1, description="Units in the layer before the logit [1]")
    slope: float = Field(0.2, ge=0, description="Slope of LeakyReLU below zero [1]")


@final
class ConvDiscriminator(Discriminator):
    """3×3 convolutions of stride 2 with LeakyReLU, then two fully connected layers.

    The states of a sample are channels of one picture. Scalars of a state, number targets and
    one-hot class labels join after the convolutions. There is no normalisation: it would mix
    real and moved samples of a minibatch. After the network for rotated MNIST of LieGAN
    (arXiv:2302.00236, section 5.4).
    """

    Options: ClassVar[type[Options]] = ConvDiscriminatorOptions

    def __init__(self, options: ConvDiscriminatorOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        form = shapes.representation
        if form.grid is None:
            raise OptionError(
                f"the conv discriminator looks at images, but a state is '{form}'; use "
                "--discriminator mlp, or say what is an image, e.g. --representation G28x28"
            )
        self._form, self._n_classes = form, shapes.n_classes
        self.slope = options.slope
        widths = [options.width * 2**i for i in range(options.depth)]
        channels = [shapes.steps * form.n_vectors, *widths]
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride=2, padding=1)
            for before, after in itertools.pairwise(channels)
        )
        rows, columns = (-(-side // 2**options.depth) for side in form.grid)
        beside = shapes.steps * form.n_scalars + shapes.n_targets + shapes.n_classes
        self.hidden = nn.Linear(channels[-1] * rows * columns + beside, options.hidden)
        self.out = nn.Linear(options.hidden, 1)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """See :class:`Discriminator`."""
        form = self._form
        pictures = as_vectors(x, form).flatten(1, 2)
        seen = pictures.reshape(*pictures.shape[:2], *(form.grid or ()))
        for layer in self.layers:
            seen = nn.functional.leaky_relu(layer(seen), self.slope)
        joined = torch.cat([seen.flatten(1), *self._beside(x, y)], dim=1)
        logits: Tensor = self.out(nn.functional.leaky_relu(self.hidden(joined), self.slope))
        return logits.squeeze(1)

    def _beside(self, x: Tensor, y: Tensor | None) -> list[Tensor]:
        """What is no picture: scalars of the states and targets."""
        parts = [x[..., self._form.n_moving :].flatten(1)]
        if y is not None:
            # Not one_hot, which looks at the values and so cannot be vmapped.
            classes = torch.arange(self._n_classes, device=x.device)
            parts.append((y[:, None] == classes).to(x) if self._n_classes else y)
        return parts
