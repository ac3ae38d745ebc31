"""Targets as numbers of order one, for what predicts them or compares laws."""

from __future__ import annotations

from typing import Self, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples


@final
class TargetNumbers:
    """Number targets standardised, class labels as unit vectors.

    Args:
        mean: ``(m,)``.
        scale: ``(m,)``.
        n_classes: Number of classes of labels, else 0.
    """

    def __init__(self, mean: Tensor, scale: Tensor, n_classes: int) -> None:
        self._mean = mean
        self._scale = scale
        self._n_classes = n_classes

    @classmethod
    def fit(cls, samples: Samples) -> Self:
        """Take mean and standard deviation from training samples, nothing from labels."""
        m, device = samples.n_classes, samples.states.device
        mean, scale = torch.zeros(m, device=device), torch.ones(m, device=device)
        if samples.float_targets is not None:
            mean = samples.float_targets.mean(0)
            deviation = samples.float_targets.std(0, correction=0)
            scale = torch.where(deviation > 0, deviation, torch.ones_like(deviation))
        return cls(mean, scale, samples.n_classes)

    @property
    def count(self) -> int:
        """How many numbers there are for each sample, 0 without targets."""
        return len(self._mean)

    def __call__(self, targets: Tensor | None) -> Tensor | None:
        """``(E, B, m)`` values or ``(E, B)`` labels as ``(E, B, count)``."""
        if targets is None:
            return None
        if self._n_classes:
            return torch.nn.functional.one_hot(targets, self._n_classes).float()
        return (targets - self._mean) / self._scale
