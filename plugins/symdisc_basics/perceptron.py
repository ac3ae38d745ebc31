"""A fully connected network whose copies with different weights can run at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor, nn


@final
class Perceptron(nn.Module):
    """Linear layers with LeakyReLU between them.

    The parameters are ``weight_i`` ``(in, out)`` and ``bias_i`` ``(1, out)``, with a leading
    ensemble dimension if there is one; the forward pass is the same either way.
    """

    def __init__(self, sizes: Sequence[int], slope: float = 0.01) -> None:
        super().__init__()
        self.slope = slope
        self.n_layers = len(sizes) - 1
        for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
            layer = nn.Linear(fan_in, fan_out)  # for torch's usual initialisation
            self.register_parameter(f"weight_{i}", nn.Parameter(layer.weight.detach().mT.clone()))
            self.register_parameter(f"bias_{i}", nn.Parameter(layer.bias.detach()[None]))

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(B, in)`` to ``(B, out)``, or ``(E, B, in)`` to ``(E, B, out)``."""
        for i in range(self.n_layers):
            # Not get_parameter: plain tensors stand in for parameters under torch.func.
            x = _affine(getattr(self, f"bias_{i}"), x, getattr(self, f"weight_{i}"))
            if i < self.n_layers - 1:
                x = nn.functional.leaky_relu(x, self.slope)
        return x

    @property
    def n_leading(self) -> int:
        """Leading dimensions of the parameters: 1 once stacked, else 0."""
        return next(self.parameters()).ndim - 2

    @staticmethod
    def stack(members: Sequence[Perceptron]) -> Perceptron:
        """One network with the parameters of all members, leading dimension E."""
        stacked = Perceptron.__new__(Perceptron)
        nn.Module.__init__(stacked)
        stacked.n_layers, stacked.slope = members[0].n_layers, members[0].slope
        for name, _ in members[0].named_parameters():
            values = torch.stack([member.get_parameter(name).detach() for member in members])
            stacked.register_parameter(name, nn.Parameter(values))
        return stacked


def _affine(bias: Tensor, x: Tensor, weight: Tensor) -> Tensor:
    return torch.baddbmm(bias, x, weight) if weight.ndim == 3 else torch.addmm(bias, x, weight)
