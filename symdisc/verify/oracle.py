"""The oracle: a predictor of targets from states, fitted on rows that serve nothing else."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from symdisc.data.samples import Samples
from symdisc.verify.stacked_mlp import StackedMLP

_MEMBERS = 3
_WIDTH = 64
_STEPS = 800
_BATCH = 256
_RATE = 1e-2


class Oracle:
    """Mean prediction of three perceptrons: expected targets, or class probabilities.

    Args:
        rows: Samples with targets, at least one.
        n_classes: Number of classes; 0 for float targets.
        rng: Source of randomness.
    """

    def __init__(self, rows: Samples, n_classes: int, rng: torch.Generator) -> None:
        self._labelled = n_classes > 0
        states, targets = rows.states.flatten(1), target_values(rows, n_classes)
        self._center, self._scale = states.mean(0), _scales(states)
        self._target_center, self._target_scale = targets.mean(0), _scales(targets)
        sizes = (states.shape[1], _WIDTH, _WIDTH, targets.shape[1])
        self._net = StackedMLP(sizes, _MEMBERS, functional.silu, rng, alike=False, last=0.3)
        self._fit((states - self._center) / self._scale, self._goal(targets), rng)

    @torch.no_grad()
    def predict(self, states: Tensor) -> Tensor:
        """Predictions ``(..., m)`` for flattened states ``(..., steps · size)``.

        For classes these are probabilities ``(..., n_classes)``.
        """
        flat = ((states - self._center) / self._scale).reshape(-1, states.shape[-1])
        output = self._net(flat.expand(_MEMBERS, -1, -1))
        if self._labelled:
            values = output.softmax(-1).mean(0)
        else:
            values = output.mean(0) * self._target_scale + self._target_center
        return values.reshape(*states.shape[:-1], -1)

    def _goal(self, targets: Tensor) -> Tensor:
        return targets if self._labelled else (targets - self._target_center) / self._target_scale

    def _fit(self, states: Tensor, goal: Tensor, rng: torch.Generator) -> None:
        optimizer = torch.optim.Adam(self._net.parameters(), lr=_RATE, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, _RATE, total_steps=_STEPS, pct_start=0.1
        )
        for _ in range(_STEPS):
            rows = torch.randint(len(states), (_MEMBERS, _BATCH), generator=rng)
            output = self._net(states[rows])
            loss = self._loss(output, goal[rows])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()

    def _loss(self, output: Tensor, goal: Tensor) -> Tensor:
        if self._labelled:
            each = -(goal * output.log_softmax(-1)).sum(-1)
        else:
            each = (output - goal).square().mean(-1)
        return each.mean(1).sum()


def target_values(rows: Samples, n_classes: int) -> Tensor:
    """Targets as numbers: float targets ``(N, m)``, or labels as ``(N, n_classes)`` of 0 and 1."""
    if rows.float_targets is not None:
        return rows.float_targets
    if rows.labels is None:
        raise ValueError("these samples have no targets")
    return functional.one_hot(rows.labels, n_classes).float()


def _scales(values: Tensor) -> Tensor:
    spread = values.std(0, correction=0)
    return torch.where(spread > 0, spread, 1.0)
