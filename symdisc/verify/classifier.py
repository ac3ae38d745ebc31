"""Cross-fitted classifiers of real and moved rows, all generators and folds in one stack."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.features import Features
from symdisc.verify.stacked_mlp import StackedMLP

N_FOLDS = 2
_WIDTH = 32
_HALF_BATCH = 128
_RATE = 8e-3
_CHUNK = 1024
_OWN_DRAWS = 1


@dataclass(frozen=True)
class Logits:
    """Logits of "moved".

    Attributes:
        real: For rows as they are, ``(R, N, S)``: R draws of noise, S classifiers.
        moved: For the same rows moved, with R draws of the move.
        fold: The fold of each row, ``(N,)`` of 0 and 1.
    """

    real: Tensor
    moved: Tensor
    fold: Tensor

    def part(self, members: slice) -> Logits:
        """The logits of some of the S classifiers."""
        return Logits(self.real[..., members], self.moved[..., members], self.fold)


@dataclass(frozen=True)
class Judged:
    """Every row judged twice.

    Attributes:
        left_out: By classifiers that were not trained on its fold.
        trained_on: By those that were: they have also learned what is peculiar to these rows.
    """

    left_out: Logits
    trained_on: Logits

    def part(self, members: slice) -> Judged:
        """The logits of some of the S classifiers."""
        return Judged(self.left_out.part(members), self.trained_on.part(members))


def cross_fitted_logits(
    features: Features, fold: Tensor, options: DefectOptions, rng: torch.Generator
) -> Judged:
    """Train a classifier for each of S members and each fold; judge all rows with each.

    All start from the same weights and see the same rows at the same time, so that differences
    between generators are not differences of luck. A row and its moved copies are in one fold.

    Args:
        features: What the classifiers see; moves and noise are drawn anew at each call.
        fold: The fold of each row, ``(N,)`` of 0 and 1, both in use.
        options: Number of steps and draws.
        rng: Source of randomness.
    """
    width = features(torch.arange(1), rng)[0].shape[-1]
    net = StackedMLP(
        (width, _WIDTH, _WIDTH, 1),
        features.members * N_FOLDS,
        lambda x: functional.leaky_relu(x, 0.1),
        rng,
        alike=True,
        last=0.0,
    )
    _train(net, features, fold, options.steps, rng)
    left_out = _judge(net, features, fold, fold, options.draws, rng)
    others = N_FOLDS - 1 - fold
    return Judged(left_out, _judge(net, features, fold, others, _OWN_DRAWS, rng))


def _train(
    net: StackedMLP, features: Features, fold: Tensor, steps: int, rng: torch.Generator
) -> None:
    optimizer = torch.optim.AdamW(
        net.parameters(), lr=_RATE, betas=(0.9, 0.99), weight_decay=1e-2, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATE, total_steps=steps, pct_start=0.15
    )
    others = [torch.nonzero(fold != left_out).squeeze(1) for left_out in range(N_FOLDS)]
    label = torch.cat([torch.zeros(_HALF_BATCH), torch.ones(_HALF_BATCH)])
    for _ in range(steps):
        rows = torch.cat([_minibatch(pool, rng) for pool in others])
        logits = net(_by_fold(*features(rows, rng)))[..., 0]
        loss = functional.binary_cross_entropy_with_logits(
            logits, label.expand_as(logits), reduction="none"
        )
        optimizer.zero_grad()
        torch.autograd.backward(loss.mean(1).sum())
        optimizer.step()
        schedule.step()


def _minibatch(pool: Tensor, rng: torch.Generator) -> Tensor:
    return pool[torch.randint(len(pool), (_HALF_BATCH,), generator=rng)]


def _by_fold(real: Tensor, moved: Tensor) -> Tensor:
    """``(S, K·B, F)`` twice to ``(S·K, 2·B, F)``: member s·K + k sees the rows of fold k."""
    both = [x.reshape(len(x), N_FOLDS, -1, x.shape[-1]) for x in (real, moved)]
    return torch.cat(both, dim=2).flatten(0, 1)


@torch.no_grad()
def _judge(
    net: StackedMLP,
    features: Features,
    fold: Tensor,
    judge: Tensor,
    draws: int,
    rng: torch.Generator,
) -> Logits:
    """Logits of each row by the classifiers that left out the fold ``judge`` ``(N,)``."""
    shape = (draws, len(fold), features.members)
    real, moved = torch.empty(shape), torch.empty(shape)
    for left_out in range(N_FOLDS):
        own = slice(left_out, None, N_FOLDS)
        for rows in torch.split(torch.nonzero(judge == left_out).squeeze(1), _CHUNK):
            for draw in range(draws):
                as_is, after = features(rows, rng)
                real[draw, rows] = net(as_is, own)[..., 0].T
                moved[draw, rows] = net(after, own)[..., 0].T
    return Logits(real, moved, fold)
