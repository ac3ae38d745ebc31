"""From logits to nats: how far moved rows are recognised, without credit for overconfidence."""

from __future__ import annotations

import math

import torch
from scipy.optimize import isotonic_regression
from torch import Tensor
from torch.nn import functional

from symdisc.interfaces import Gains
from symdisc.verify.classifier import N_FOLDS, Judged, Logits

_SHARES = torch.linspace(0, 1, 21)


def recognised(judged: Judged) -> Gains:
    """T of statement (D) by row: log 2 − log-loss.

    Logits are multiplied by a factor in [0, 1], chosen for each fold on the rows of the other.
    """
    gains, own = _recognised(judged.left_out), _recognised(judged.trained_on)
    unknown = torch.full((gains.shape[-1],), math.nan)
    return _gains(gains, own, judged.left_out.fold, unknown)


def added(known: Judged, every: Judged, certain: float) -> Gains:
    """T of statement (C) by row: log-loss of D(x, f(x)) − log-loss with the targets added.

    The second classifier is nested in a blend with the first: calibrated logits of the first,
    plus a share in [0, 1] of the difference to the second's. The share is chosen for each fold
    on the rows of the other, so what is of no use is not held against the second.

    Args:
        known: Logits of D(x, f(x)).
        every: Logits with the targets added.
        certain: Probability of having been moved from which a row is off the support [1].
    """
    gains = _added(known.left_out, every.left_out)
    own = _added(known.trained_on, every.trained_on)
    support = on_support(known.left_out, certain)
    return _gains(gains, own, known.left_out.fold, support)


def on_support(known: Logits, certain: float) -> Tensor:
    """Share of moved rows that D(x, f(x)) does not take for moved with near certainty.

    A row is off the support if its probability of having been moved reaches ``certain``. This is
    the share of moved rows as a rising function of the logit, fitted for each fold apart, so that
    only the order of the logits counts: after its few steps a classifier gives no large ones,
    even where no moved row lies where the data are.

    Returns:
        ``(S,)`` [1].
    """
    on = torch.zeros(known.moved.shape[-1])
    for fold in range(N_FOLDS):
        rows = known.fold == fold
        moved, real = known.moved[:, rows].flatten(0, 1), known.real[:, rows].flatten(0, 1)
        sums = [(_rising(m, r) < certain).sum() for m, r in zip(moved.T, real.T, strict=True)]
        on += torch.stack(sums)
    return on / (len(known.moved) * len(known.fold))


def _rising(moved: Tensor, real: Tensor) -> Tensor:
    """Probability of having been moved for the moved logits, by isotonic regression."""
    # The moved come first, so that they are pooled with real ones of the same logit.
    order = torch.cat([moved, real]).sort(stable=True).indices
    fitted = isotonic_regression((order < len(moved)).double().numpy()).x
    probability = torch.empty(len(order), dtype=torch.float64)
    probability[order] = torch.from_numpy(fitted)
    return probability[: len(moved)]


def _gains(left_out: Tensor, trained_on: Tensor, fold: Tensor, support: Tensor) -> Gains:
    """From T ``(K, N, S)`` by either kind of classifier."""
    by_share = torch.cat([left_out, (left_out + trained_on) / 2])
    return Gains(_chosen(left_out, fold), by_share, support)


def _recognised(logits: Logits) -> Tensor:
    """``(K, N, S)`` [nat]."""
    return math.log(2) - _losses(_nothing(logits), logits)


def _added(known: Logits, every: Logits) -> Tensor:
    """``(K, N, S)`` [nat]."""
    first = _calibrated(known)
    change = Logits(every.real - first.real, every.moved - first.moved, known.fold)
    return _loss(first) - _losses(first, change)


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
