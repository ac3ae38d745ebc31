"""What tells moved samples from real ones once their states are known (statement C)."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.linear_action import move_by
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.displacement import ElementFamily
from symdisc.verify.oracle import Oracle, target_values

_VARIANCE_FLOOR = 1e-4
_SMALLEST_LOSS = 0.03
_LOSS_FACTOR = 0.7
_LARGEST = 8.0


class ConditionalFeatures:
    """States, the oracle's prediction, and how targets depart from it.

    There are two classifiers for each of G generators: the first G see (x, f(x)) and zeros, the
    others the departure as well: the whitened residual and the oracle's loss. Noise on the
    residual, the same on real and moved rows, bounds what can be resolved where targets are
    exact. With class labels the residual is that of the one-hot label and the loss is the cross
    entropy.

    Args:
        samples: The rows under test, with targets; the oracle has not seen them.
        oracle: Predictor of targets.
        n_classes: Number of classes; 0 for float targets.
        family: What moves the rows, G generators.
        options: Size of the noise.
    """

    def __init__(
        self,
        samples: Samples,
        oracle: Oracle,
        n_classes: int,
        family: ElementFamily,
        options: DefectOptions,
    ) -> None:
        self._samples = samples
        self._oracle = oracle
        self._family = family
        self._labelled = n_classes > 0
        self._noise = options.residual_dither
        flat = samples.states.flatten(1)
        self._targets = target_values(samples, n_classes)
        self._center, spread = flat.mean(0), flat.std(0, correction=0)
        self._scale = torch.where(spread > 0, spread, 1.0)
        self._target_center = self._targets.mean(0)
        self._whiten = _whitening(self._targets)
        residual = (self._targets - oracle.predict(flat)) @ self._whiten
        self._residual_scale = (self._noise**2 + residual.square().mean(0)).sqrt()

    @property
    def members(self) -> int:
        """Two classifiers for each generator."""
        return 2 * len(self._family)

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """See :class:`symdisc.verify.features.Features`."""
        elements = self._family.draw(len(rows), rng)
        states, targets = self._samples.states[rows], self._targets[rows]
        many = states.expand(len(elements), *states.shape)
        moved = move_by(elements, many, self._samples.representation)
        moved_targets = targets.expand(len(elements), *targets.shape)
        if self._samples.target_representation is not None:
            moved_targets = move_by(elements, moved_targets, self._samples.target_representation)
        # Real rows look the same to all generators; their noise may be shared.
        real = self._both(states.flatten(1), targets, rng)
        real = real[:, None].expand(-1, len(elements), -1, -1).flatten(0, 1)
        return real, self._both(moved.flatten(2), moved_targets, rng).flatten(0, 1)

    def _both(self, states: Tensor, targets: Tensor, rng: torch.Generator) -> Tensor:
        """``(2, ..., F)``: without and with what the targets say."""
        prediction = self._oracle.predict(states)
        base = torch.cat(
            [
                (states - self._center) / self._scale,
                (prediction - self._target_center) @ self._whiten,
            ],
            dim=-1,
        )
        departure = self._departure(prediction, targets, rng)
        known = torch.cat([base, torch.zeros_like(departure)], dim=-1)
        every = torch.cat([base, departure], dim=-1)
        return torch.stack([known, every]).clamp(-_LARGEST, _LARGEST)

    def _departure(self, prediction: Tensor, targets: Tensor, rng: torch.Generator) -> Tensor:
        residual = (targets - prediction) @ self._whiten
        residual = residual + self._noise * torch.randn(residual.shape, generator=rng)
        residual = residual / self._residual_scale
        if self._labelled:
            loss = -(prediction * targets).sum(-1, keepdim=True).clamp_min(1e-6).log()
        else:
            loss = residual.square().mean(-1, keepdim=True)
        return torch.cat([residual.asinh(), _LOSS_FACTOR * (loss + _SMALLEST_LOSS).log()], dim=-1)


def _whitening(targets: Tensor) -> Tensor:
    """Matrix ``(m, m)`` that gives targets unit variance; weak directions are not blown up."""
    covariance = torch.cov(targets.T.double(), correction=0).reshape(2 * targets.shape[1:])
    variance, directions = torch.linalg.eigh(covariance)
    largest = float(variance[-1])
    floor = _VARIANCE_FLOOR * largest if largest > 0 else 1.0
    whitening: Tensor = directions * variance.clamp_min(floor).rsqrt()
    return whitening.float()
