"""A fixed linear change of what the discriminator sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples

FLOOR = 0.2
"""Standard deviations below this share of the largest are raised to it, so that directions in
which the data hardly vary are stretched, but not without limit."""


@final
@dataclass(frozen=True)
class _Affine:
    mean: Tensor
    matrix: Tensor

    @classmethod
    def fit(cls, rows: Tensor) -> Self:
        """Principal components of ``(N, d)`` rows, each scaled to about unit variance."""
        mean = rows.mean(0)
        covariance = torch.cov((rows - mean).double().T).reshape(rows.shape[1], rows.shape[1])
        variances, directions = torch.linalg.eigh(covariance)
        deviations = variances.clamp_min(0).sqrt()
        largest = float(deviations.max()) or 1.0  # rows that are all the same become zeros
        deviations = deviations.clamp_min(FLOOR * largest)
        return cls(mean, (directions / deviations).to(rows.dtype))

    def __call__(self, rows: Tensor) -> Tensor:
        return (rows - self.mean) @ self.matrix


@final
@dataclass(frozen=True)
class Whitening:
    """Whitens states and number targets; with no fit it passes everything on as it is.

    The discriminator may be any function of the data, so a fixed invertible change of its input
    changes nothing about what a symmetry is; it only lets every direction count.
    """

    states: _Affine | None = None
    targets: _Affine | None = None

    @classmethod
    def fit(cls, samples: Samples) -> Self:
        """Whitening of these samples: states ``(N, steps, size)`` as rows, targets as rows."""
        return replace(cls.of_targets(samples), states=_Affine.fit(samples.states.flatten(1)))

    @classmethod
    def of_targets(cls, samples: Samples) -> Self:
        """The same that leaves states as they are."""
        targets = samples.float_targets
        return cls(targets=None if targets is None else _Affine.fit(targets))

    def __call__(self, states: Tensor, targets: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Apply to states ``(E, B, steps, size)`` and targets ``(E, B, m)`` or labels."""
        if self.states is not None:
            states = self.states(states.flatten(-2)).reshape(states.shape)
        if targets is not None and self.targets is not None:
            targets = self.targets(targets)
        return states, targets
