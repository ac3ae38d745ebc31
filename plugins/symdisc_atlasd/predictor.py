"""Predictors whose errors on moved inputs tell what is a symmetry: one for each seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import torch
from torch import Tensor, nn

from symdisc.engine.context import derived_seed
from symdisc.engine.ensemble import Ensemble, stack_state
from symdisc.interfaces import EnsembleModule, Oracle
from symdisc_atlasd.goal import Goal
from symdisc_basics.perceptron import Perceptron


class Predictor(Protocol):
    """A function of the inputs for each seed, differentiable in them."""

    @property
    def goal(self) -> Goal:
        """What it predicts."""

    def __call__(self, x: Tensor) -> Tensor:
        """Inputs ``(E, B, size)`` to values ``(E, B, m)``."""


@final
class Network(nn.Module):
    """A smooth function of the inputs; nothing about it knows of a group.

    Args:
        inputs: Coordinates of an input.
        outputs: Numbers to predict.
        width: Units of a hidden layer.
        depth: Hidden layers.
    """

    def __init__(self, inputs: int, outputs: int, width: int, depth: int) -> None:
        super().__init__()
        self.layers = Perceptron([inputs, *[width] * depth, outputs], activation_name="silu")

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(B, inputs)`` to ``(B, outputs)``, with a leading dimension E once stacked."""
        found: Tensor = self.layers(x)
        return found

    @staticmethod
    def stack(members: Sequence[Network]) -> Network:
        """All members as one module with a leading ensemble dimension."""
        return stack_state(members)


def networks(
    seeds: Sequence[int], inputs: int, outputs: int, size: tuple[int, int], device: torch.device
) -> Ensemble:
    """One network of this width and depth for each seed, initialised by its own."""
    members = []
    for seed in seeds:
        with torch.random.fork_rng():
            torch.manual_seed(derived_seed(seed, "predictor"))
            members.append(Network(inputs, outputs, *size).to(device))
    return Ensemble(members)


@final
@dataclass(frozen=True)
class NetworkPredictor:
    """Trained networks, one for each seed.

    Attributes:
        networks: E of them.
        centre: Mean of each input, ``(size,)``.
        scale: Standard deviation of each input, ``(size,)``.
        goal: What they predict.
    """

    networks: EnsembleModule
    centre: Tensor
    scale: Tensor
    goal: Goal

    @classmethod
    def on(cls, inputs: Tensor, networks: EnsembleModule, goal: Goal) -> NetworkPredictor:
        """Networks for inputs like these ``(N, size)``."""
        spread = inputs.std(0, correction=0)
        scale = torch.where(spread > 0, spread, torch.ones_like(spread))
        return cls(networks, inputs.mean(0), scale, goal)

    def __call__(self, x: Tensor) -> Tensor:
        """See :class:`Predictor`."""
        return self.goal.values(self.networks((x - self.centre) / self.scale))


@final
@dataclass(frozen=True)
class OraclePredictor:
    """One fitted oracle, the same for all seeds.

    Attributes:
        oracle: F.
        goal: The values of F as what is predicted.
    """

    oracle: Oracle
    goal: Goal

    def __call__(self, x: Tensor) -> Tensor:
        """See :class:`Predictor`."""
        values: Tensor = _Value.apply(x.flatten(0, 1), self.oracle)  # type: ignore[no-untyped-call]
        return values.reshape(*x.shape[:2], -1)


class _Value(torch.autograd.Function):
    """F at points, whose gradient is made of the Jacobian that the oracle gives."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, oracle: Oracle) -> Tensor:
        ctx.oracle = oracle
        ctx.save_for_backward(x)
        return oracle.value(x.detach().double()).detach().to(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            jacobian = ctx.oracle.jacobian(x.detach().double()).detach().to(x)
        return torch.einsum("nc,ncd->nd", gradients[0], jacobian), None
