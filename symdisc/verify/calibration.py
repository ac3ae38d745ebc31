"""From logits to nats: how far moved rows are recognised, without credit for overconfidence."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from symdisc.verify.classifier import N_FOLDS, Logits

_SHARES = torch.linspace(0, 1, 21)


def recognised(logits: Logits) -> Tensor:
    """T of statement (D) by row: log 2 − log-loss.

    Logits are multiplied by a factor in [0, 1], chosen for each fold on the rows of the other.

    Returns:
        ``(N, S)`` [nat].
    """
    return math.log(2) - _loss(_calibrated(logits))


def added(known: Logits, every: Logits) -> Tensor:
    """T of statement (C) by row: log-loss of D(x, f(x)) − log-loss with the targets added.

    The second classifier is nested in a blend with the first: calibrated logits of the first,
    plus a share in [0, 1] of the difference to the second's. The share is chosen for each fold
    on the rows of the other, so what is of no use is not held against the second.

    Returns:
        ``(N, S)`` [nat].
    """
    first = _calibrated(known)
    change = Logits(every.real - first.real, every.moved - first.moved, known.fold)
    share = _best(change, first)
    return _loss(first) - _loss(_blend(first, change, share))


def on_support(known: Logits, certain: float) -> Tensor:
    """Share of moved rows that D(x, f(x)) does not take for moved with near certainty.

    A row is off the support if its probability of having been moved, by calibrated logits and
    averaged over draws, reaches ``certain``.

    Returns:
        ``(S,)`` [1].
    """
    probability = _calibrated(known).moved.sigmoid().mean(0)
    return (probability < certain).float().mean(0)


def _calibrated(logits: Logits) -> Logits:
    nothing = Logits(torch.zeros_like(logits.real), torch.zeros_like(logits.moved), logits.fold)
    return _blend(nothing, logits, _best(logits, nothing))


def _best(change: Logits, start: Logits) -> Tensor:
    """For each row and member the share of the change that suits the *other* fold, ``(N, S)``."""
    losses = torch.stack([_loss(_blend(start, change, share)) for share in _SHARES])
    chosen = torch.empty_like(losses[0])
    for fold in range(N_FOLDS):
        other = losses[:, change.fold != fold].mean(1)
        chosen[change.fold == fold] = _SHARES[other.argmin(0)]
    return chosen


def _blend(start: Logits, change: Logits, share: Tensor) -> Logits:
    real = start.real + share * change.real
    return Logits(real, start.moved + share * change.moved, start.fold)


def _loss(logits: Logits) -> Tensor:
    """Log-loss by row, over both labels and all draws: ``(N, S)`` [nat]."""
    loss = functional.softplus(logits.real) + functional.softplus(-logits.moved)
    return loss.mean(0) / 2
