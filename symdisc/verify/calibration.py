"""From logits to nats: how far moved rows are recognised, without credit for overconfidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from symdisc.verify.classifier import N_FOLDS, Logits

_SHARES = torch.linspace(0, 1, 21)


@dataclass(frozen=True)
class Gains:
    """T by row, at the share of a classifier's logits that was chosen and at all others.

    The chosen share is the honest estimate. Where it is 0, as for a true symmetry, T is exactly
    0 with no spread at all, although the classifier may have missed a small gain: what it could
    have gained at the best share, draw by draw, bounds T from above.

    Attributes:
        rows: T at the share chosen on the rows of the other fold, ``(N, S)`` [nat].
        by_share: T at each share, the same for all rows, ``(K, N, S)`` [nat].
    """

    rows: Tensor
    by_share: Tensor


def recognised(logits: Logits) -> Gains:
    """T of statement (D) by row: log 2 − log-loss.

    Logits are multiplied by a factor in [0, 1], chosen for each fold on the rows of the other.
    """
    gains = math.log(2) - _losses(_nothing(logits), logits)
    return Gains(_chosen(gains, logits.fold), gains)


def added(known: Logits, every: Logits) -> Gains:
    """T of statement (C) by row: log-loss of D(x, f(x)) − log-loss with the targets added.

    The second classifier is nested in a blend with the first: calibrated logits of the first,
    plus a share in [0, 1] of the difference to the second's. The share is chosen for each fold
    on the rows of the other, so what is of no use is not held against the second.
    """
    first = _calibrated(known)
    change = Logits(every.real - first.real, every.moved - first.moved, known.fold)
    gains = _loss(first) - _losses(first, change)
    return Gains(_chosen(gains, known.fold), gains)


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
    nothing = _nothing(logits)
    gains = -_losses(nothing, logits)
    return _blend(nothing, logits, _SHARES[_best(gains, logits.fold)])


def _nothing(logits: Logits) -> Logits:
    return Logits(torch.zeros_like(logits.real), torch.zeros_like(logits.moved), logits.fold)


def _losses(start: Logits, change: Logits) -> Tensor:
    """Log-loss by row at each share of the change, ``(K, N, S)`` [nat]."""
    return torch.stack([_loss(_blend(start, change, share)) for share in _SHARES])


def _best(gains: Tensor, fold: Tensor) -> Tensor:
    """For each row and member the place of the share best on the *other* fold, ``(N, S)``."""
    place = torch.empty(gains.shape[1:], dtype=torch.int64)
    for left_out in range(N_FOLDS):
        place[fold == left_out] = gains[:, fold != left_out].mean(1).argmax(0)
    return place


def _chosen(gains: Tensor, fold: Tensor) -> Tensor:
    return gains.gather(0, _best(gains, fold)[None])[0]


def _blend(start: Logits, change: Logits, share: Tensor) -> Logits:
    real = start.real + share * change.real
    return Logits(real, start.moved + share * change.moved, start.fold)


def _loss(logits: Logits) -> Tensor:
    """Log-loss by row, over both labels and all draws: ``(N, S)`` [nat]."""
    loss = functional.softplus(logits.real) + functional.softplus(-logits.moved)
    return loss.mean(0) / 2
