"""The network that predicts, from a latent point, the next one and the targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor, nn

from symdisc.engine.context import derived_seed
from symdisc.engine.ensemble import Ensemble, stack_state
from symdisc_basics.perceptron import Perceptron


@final
class Predictor(nn.Module):
    """A smooth function of a latent point; nothing about it knows of the group.

    Args:
        inputs: Coordinates of a latent point.
        outputs: Numbers to predict.
        width: Units in each of the two hidden layers.
    """

    def __init__(self, inputs: int, outputs: int, width: int) -> None:
        super().__init__()
        self.network = Perceptron([inputs, width, width, outputs], activation_name="silu")

    def forward(self, z: Tensor) -> Tensor:
        """Map ``(P, inputs)`` to ``(P, outputs)``, with a leading dimension E once stacked."""
        predicted: Tensor = self.network(z)
        return predicted

    @staticmethod
    def stack(members: Sequence[Predictor]) -> Predictor:
        """All members as one module with a leading ensemble dimension."""
        return stack_state(members)


def predictors(
    seeds: Sequence[int], inputs: int, outputs: int, width: int, device: torch.device
) -> Ensemble:
    """One predictor for each seed, each initialised by its own."""
    members = []
    for seed in seeds:
        with torch.random.fork_rng():
            torch.manual_seed(derived_seed(seed, "predictor"))
            members.append(Predictor(inputs, outputs, width).to(device))
    return Ensemble(members)
