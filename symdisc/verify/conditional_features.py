"""What tells moved samples from real ones once their states are known (statement C)."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.interfaces import Gains, Question
from symdisc.verify.calibration import added
from symdisc.verify.classifier import cross_fitted_logits
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.moves import Moves
from symdisc.verify.oracle import Oracle

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
        moves: The rows under test, with targets, and what moves them, G generators; the oracle
            has not seen them.
        oracle: Predictor of targets.
        labelled: Whether targets are class labels.
        options: Size of the noise, and how many moves of each row there are.
        rng: Source of randomness, for the moves.
    """

    def __init__(
        self,
        moves: Moves,
        oracle: Oracle,
        labelled: bool,
        options: DefectOptions,
        rng: torch.Generator,
    ) -> None:
        self._moves = moves
        self._oracle = oracle
        self._labelled = labelled
        self._noise = options.residual_dither
        flat = moves.states
        self._targets = moves.targets
        self._center, spread = flat.mean(0), flat.std(0, correction=0)
        self._scale = torch.where(spread > 0, spread, 1.0)
        self._target_center = self._targets.mean(0)
        self._whiten = _whitening(self._targets)
        residual = (self._targets - oracle.predict(flat)) @ self._whiten
        self._residual_scale = (self._noise**2 + residual.square().mean(0)).sqrt()
        picks = [moves.family.picks(len(flat), rng) for _ in range(options.draws)]
        self._picks = torch.stack(picks)
        self._kept: tuple[Tensor, Tensor] | None = None
        self._predictions = self._predicted()

    @property
    def members(self) -> int:
        """Two classifiers for each generator."""
        return 2 * len(self._moves.family)

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """See :class:`symdisc.verify.features.Features`; moves come from a few for each row."""
        members = len(self._moves.family)
        draw = torch.randint(len(self._picks), (len(rows),), generator=rng)
        moved, moved_targets = self._moved(draw, rows)
        predictions = self._predictions[draw, :, rows].transpose(0, 1)
        states, targets = self._moves.states[rows], self._targets[rows]
        # Real rows look the same to all generators; their noise may be shared.
        real = self._both(states, self._oracle.predict(states), targets, rng)
        real = real[:, None].expand(-1, members, -1, -1).flatten(0, 1)
        return real, self._both(moved, predictions, moved_targets, rng).flatten(0, 1)

    @torch.no_grad()
    def _predicted(self) -> Tensor:
        """What the oracle predicts for every move, ``(draws, G, N, m)``; the dear part."""
        parts = torch.split(torch.arange(len(self._moves.states)), _CHUNK)
        predictions, kept = [], []
        for picks in self._picks:
            moved = [self._moves.moved(rows, picks[:, rows]) for rows in parts]
            predictions.append(torch.cat([self._oracle.predict(one[0]) for one in moved], dim=1))
            if self._moves.dear:
                kept.append([torch.cat(one, dim=1) for one in zip(*moved, strict=True)])
        if kept:
            states, targets = (torch.stack(one) for one in zip(*kept, strict=True))
            self._kept = states, targets
        return torch.stack(predictions)

    def _moved(self, draw: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        """States ``(G, B, F)`` and targets ``(G, B, m)`` after the moves of these draws."""
        if self._kept is None:
            return self._moves.moved(rows, self._picks[draw, :, rows].T)
        states, targets = (kept[draw, :, rows].transpose(0, 1) for kept in self._kept)
        return states, targets

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


def added_by_targets(
    moves: Moves, oracle: Oracle, fold: Tensor, question: Question, rng: torch.Generator
) -> Gains:
    """T of statement (C): what targets add to recognising a moved row once its state is known.

    Args:
        moves: The rows under test and what moves them.
        oracle: Fitted on other rows.
        fold: The fold of each row, ``(N,)`` of 0 and 1.
        question: What was asked.
        rng: Source of randomness.
    """
    members, options = len(moves.family), question.options
    both = ConditionalFeatures(moves, oracle, question.n_classes > 0, options, rng)
    judged = cross_fitted_logits(both, fold, options, rng)
    known, every = judged.part(slice(members)), judged.part(slice(members, None))
    return added(known, every, options.certain)


def _whitening(targets: Tensor) -> Tensor:
    """Matrix ``(m, m)`` that gives targets unit variance; weak directions are not blown up."""
    covariance = torch.cov(targets.T.double(), correction=0).reshape(2 * targets.shape[1:])
    variance, directions = torch.linalg.eigh(covariance)
    largest = float(variance[-1])
    floor = _VARIANCE_FLOOR * largest if largest > 0 else 1.0
    whitening: Tensor = directions * variance.clamp_min(floor).rsqrt()
    return whitening.float()
