"""What tells moved samples from real ones once their states are known (statement C)."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily
from symdisc.linear_action import move_by
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.oracle import Oracle, target_values

_VARIANCE_FLOOR = 1e-4
_SMALLEST_LOSS = 0.03
_LOSS_FACTOR = 0.7
_LARGEST = 8.0
_CHUNK = 1024


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
        options: Size of the noise, and how many moves of each row there are.
        rng: Source of randomness, for the moves.
    """

    def __init__(
        self,
        samples: Samples,
        oracle: Oracle,
        n_classes: int,
        family: ElementFamily,
        options: DefectOptions,
        rng: torch.Generator,
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
        count = len(samples)
        self._picks = torch.stack([family.picks(count, rng) for _ in range(options.draws)])
        self._predictions = self._predicted()

    @property
    def members(self) -> int:
        """Two classifiers for each generator."""
        return 2 * len(self._family)

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """See :class:`symdisc.verify.features.Features`; moves come from a few for each row."""
        members = len(self._family)
        draw = torch.randint(len(self._picks), (len(rows),), generator=rng)
        moved, moved_targets = self._moved(rows, self._picks[draw, :, rows].T)
        predictions = self._predictions[draw, :, rows].transpose(0, 1)
        states, targets = self._samples.states[rows].flatten(1), self._targets[rows]
        # Real rows look the same to all generators; their noise may be shared.
        real = self._both(states, self._oracle.predict(states), targets, rng)
        real = real[:, None].expand(-1, members, -1, -1).flatten(0, 1)
        return real, self._both(moved, predictions, moved_targets, rng).flatten(0, 1)

    @torch.no_grad()
    def _predicted(self) -> Tensor:
        """What the oracle predicts for every move, ``(draws, G, N, m)``; the dear part."""
        rows = torch.split(torch.arange(len(self._samples)), _CHUNK)
        return torch.stack(
            [
                torch.cat(
                    [self._oracle.predict(self._moved(some, picks[:, some])[0]) for some in rows],
                    dim=1,
                )
                for picks in self._picks
            ]
        )

    def _moved(self, rows: Tensor, picks: Tensor) -> tuple[Tensor, Tensor]:
        """Flat states ``(G, B, steps · size)`` and targets ``(G, B, m)`` after the moves."""
        elements = self._family.at(picks)
        states, targets = self._samples.states[rows], self._targets[rows]
        many = states.expand(len(elements), *states.shape)
        moved = move_by(elements, many, self._samples.representation)
        moved_targets = targets.expand(len(elements), *targets.shape)
        if self._samples.target_representation is not None:
            moved_targets = move_by(elements, moved_targets, self._samples.target_representation)
        return moved.flatten(2), moved_targets

    def _both(
        self, states: Tensor, prediction: Tensor, targets: Tensor, rng: torch.Generator
    ) -> Tensor:
        """``(2, ..., F)``: without and with what the targets say."""
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
