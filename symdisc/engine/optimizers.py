"""One optimiser for each parameter group, with step-size decay and tail averaging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

import torch
from torch import Tensor, nn

from symdisc.interfaces import Losses, OptimizerSettings


@final
class ParameterGroup:
    """The parameters of one module and how they move.

    Args:
        module: What is trained.
        settings: Adam's settings, the decay and the averaging.
        n_steps: Steps of the whole stage.
    """

    def __init__(self, module: nn.Module, settings: OptimizerSettings, n_steps: int) -> None:
        self.parameters = [p for p in module.parameters() if p.requires_grad]
        self._settings = settings
        self._n_steps = n_steps
        self._step = 0
        self._averages: list[Tensor] = []
        self._n_averaged = 0
        self._adam = torch.optim.AdamW(
            self.parameters,
            lr=settings.learning_rate,
            betas=settings.betas,
            weight_decay=settings.weight_decay,
            fused=True,
        )

    def step(self, gradients: tuple[Tensor | None, ...]) -> None:
        """Move the parameters along their gradients."""
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = None if gradient is None else _laid_out_as(parameter, gradient)
        self._adam.param_groups[0]["lr"] = self._learning_rate()
        self._adam.step()
        self._step += 1
        if self._step > (1 - self._settings.tail_average) * self._n_steps:
            self._accumulate()

    def state(self) -> dict[str, Any]:
        """Adam's means, the average and the counters, for a checkpoint."""
        return {
            "adam": [dict(self._adam.state.get(p, {})) for p in self.parameters],
            "step": self._step,
            "averages": self._averages,
            "n_averaged": self._n_averaged,
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on where :meth:`state` was; the parameters themselves belong to the module."""
        for parameter, means in zip(self.parameters, state["adam"], strict=True):
            if means:
                # Set as they are: load_state_dict may convert them.
                self._adam.state[parameter] = {
                    name: value.to(parameter.device) for name, value in means.items()
                }
        self._step, self._n_averaged = state["step"], state["n_averaged"]
        devices = [parameter.device for parameter in self.parameters]
        self._averages = [a.to(d) for a, d in zip(state["averages"], devices, strict=False)]

    def finish(self) -> None:
        """Put the tail average, if there is one, in place of the last parameters."""
        for parameter, average in zip(self.parameters, self._averages, strict=False):
            parameter.data.copy_(average)

    def _learning_rate(self) -> float:
        remaining = 1 - self._step / self._n_steps
        share = self._settings.decay
        factor = min(1.0, remaining / share) if share else 1.0
        return self._settings.learning_rate * factor

    def _accumulate(self) -> None:
        self._n_averaged += 1
        if not self._averages:
            self._averages = [parameter.detach().clone() for parameter in self.parameters]
            return
        for average, parameter in zip(self._averages, self.parameters, strict=True):
            average.lerp_(parameter.detach(), 1 / self._n_averaged)


def _laid_out_as(parameter: Tensor, gradient: Tensor) -> Tensor:
    """The gradient with the strides of its parameter.

    Fused optimisers read both in the order of memory: other strides are refused on a GPU, and on
    the CPU they silently mix up entries.
    """
    if gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter).copy_(gradient)


def update(groups: Mapping[str, ParameterGroup], losses: Losses) -> None:
    """One step of every group; the terms of a group reach its own parameters only."""
    gradients = {}
    names = list(losses)
    for name in names:
        total = torch.stack([term.sum() for term in losses[name].values()]).sum()
        gradients[name] = torch.autograd.grad(
            total, groups[name].parameters, retain_graph=name != names[-1], allow_unused=True
        )
    for name in names:
        groups[name].step(gradients[name])
