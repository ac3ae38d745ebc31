"""A fully connected network whose copies with different weights can run at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import stack_state
from symdisc_basics.activations import ActivationName, activation
from symdisc_basics.orthogonal import orthonormal_columns

_VARIANCE_FLOOR = 1e-5


@final
class Perceptron(nn.Module):
    """Linear layers with an activation between them.

    The parameters are ``weight_i`` ``(in, out)`` and ``bias_i`` ``(1, out)``, with a leading
    ensemble dimension if there is one; the forward pass is the same either way.

    Args:
        sizes: Length of the input, of each hidden layer and of the output.
        slope: Slope of ``leaky-relu`` below zero [1].
        activation_name: Which activation.
        residual: A hidden layer adds to its input where both have the same length.
        batch_norm: Hidden layers are normalised before the activation, by statistics that only
            :meth:`update_statistics` changes; gradients take them for constants.
        orthogonal: The last weight has orthonormal columns, whatever ``weight_i`` is.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        slope: float = 0.01,
        *,
        activation_name: ActivationName = "leaky-relu",
        residual: bool = False,
        batch_norm: bool = False,
        orthogonal: bool = False,
    ) -> None:
        super().__init__()
        self.n_layers = len(sizes) - 1
        self.activation = activation(activation_name, slope)
        self.residual, self.batch_norm, self.orthogonal = residual, batch_norm, orthogonal
        for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
            layer = nn.Linear(fan_in, fan_out)  # for torch's usual initialisation
            self.register_parameter(f"weight_{i}", nn.Parameter(layer.weight.detach().mT.clone()))
            self.register_parameter(f"bias_{i}", nn.Parameter(layer.bias.detach()[None]))
            if batch_norm and i < self.n_layers - 1:
                self.register_parameter(f"gain_{i}", nn.Parameter(torch.ones(1, fan_out)))
                self.register_buffer(f"mean_{i}", torch.zeros(1, fan_out))
                self.register_buffer(f"variance_{i}", torch.ones(1, fan_out))

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(B, in)`` to ``(B, out)``, or ``(E, B, in)`` to ``(E, B, out)``."""
        for i in range(self.n_layers):
            x = self._layer(i, x)
        return x

    @torch.no_grad()
    def update_statistics(self, x: Tensor, share: Tensor) -> Tensor:
        """Move the statistics of batch normalisation towards those of these rows.

        Args:
            x: What :meth:`forward` takes.
            share: How far, from 0 to 1: ``()`` or ``(E,)``.

        Returns:
            What :meth:`forward` gives from now on.
        """
        for i in range(self.n_layers):
            if self.batch_norm and i < self.n_layers - 1:
                seen = x @ getattr(self, f"weight_{i}")
                step = share[..., None, None]
                getattr(self, f"mean_{i}").lerp_(seen.mean(-2, keepdim=True), step)
                variance = seen.var(-2, keepdim=True, correction=0)
                getattr(self, f"variance_{i}").lerp_(variance, step)
            x = self._layer(i, x)
        return x

    def _layer(self, i: int, x: Tensor) -> Tensor:
        # Not get_parameter: plain tensors stand in for parameters under torch.func.
        weight, bias = getattr(self, f"weight_{i}"), getattr(self, f"bias_{i}")
        if i == self.n_layers - 1:
            return _affine(bias, x, orthonormal_columns(weight) if self.orthogonal else weight)
        if self.batch_norm:
            spread = (getattr(self, f"variance_{i}") + _VARIANCE_FLOOR).sqrt()
            scale = getattr(self, f"gain_{i}") / spread
            weight, bias = weight * scale, bias - getattr(self, f"mean_{i}") * scale
        out = self.activation(_affine(bias, x, weight))
        return x + out if self.residual and x.shape == out.shape else out

    @property
    def n_leading(self) -> int:
        """Leading dimensions of the parameters: 1 once stacked, else 0."""
        return next(self.parameters()).ndim - 2

    @staticmethod
    def stack(members: Sequence[Perceptron]) -> Perceptron:
        """One network with the parameters of all members, leading dimension E."""
        return stack_state(members)


def _affine(bias: Tensor, x: Tensor, weight: Tensor) -> Tensor:
    return torch.baddbmm(bias, x, weight) if weight.ndim == 3 else torch.addmm(bias, x, weight)
