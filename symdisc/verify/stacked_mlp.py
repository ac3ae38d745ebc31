"""Many small multilayer perceptrons of one shape, computed together."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Activation = Callable[[Tensor], Tensor]


class StackedMLP:
    """Independent perceptrons whose weights are stacked along a leading dimension.

    Args:
        sizes: Width of the input, of each hidden layer and of the output.
        members: How many perceptrons.
        activation: Between layers.
        rng: Source of the initial weights.
        alike: All members start from the same weights, else each from its own.
        last: Factor on the initial weights of the last layer; 0 starts from the zero function.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        members: int,
        activation: Activation,
        rng: torch.Generator,
        *,
        alike: bool,
        last: float,
    ) -> None:
        self._activation = activation
        self._weights: list[Tensor] = []
        self._biases: list[Tensor] = []
        for layer, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
            drawn = torch.randn(1 if alike else members, inputs, outputs, generator=rng)
            factor = (2 / inputs) ** 0.5 * (last if layer == len(sizes) - 2 else 1)
            weight = (drawn * factor).expand(members, -1, -1).clone()
            self._weights.append(weight.requires_grad_())
            self._biases.append(torch.zeros(members, 1, outputs).requires_grad_())

    def parameters(self) -> list[Tensor]:
        """What an optimiser changes."""
        return [*self._weights, *self._biases]

    def __call__(self, inputs: Tensor, members: slice = slice(None)) -> Tensor:
        """Outputs ``(E, B, out)`` of the chosen members for inputs ``(E, B, in)``."""
        last = len(self._weights) - 1
        for layer, (weight, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            inputs = torch.baddbmm(bias[members], inputs, weight[members])
            inputs = inputs if layer == last else self._activation(inputs)
        return inputs
