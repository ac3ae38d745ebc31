"""Learning to see how far a state was moved along a one-parameter group of finite period."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from symdisc.linear_action import move_by
from symdisc.representations import Representation
from symdisc.verify.stacked_mlp import StackedMLP
from symdisc_kernels import Blocks, group_elements

N_ANGLES = 720
"""Moves are whole multiples of this part of a period."""

N_CLASSES = 72
"""Parts of a period that a classifier tells apart."""

N_ORDERS = 4
"""Multiples of the angle whose concentration is measured."""

_DRAWS = 4
_FOLDS = 2
_WIDTH = 64
_STEPS = 300
_BATCH = 128
_RATE = 5e-3
_DECAY = 3e-2
_NOISE = 0.1


@dataclass(frozen=True)
class Poses:
    """Rows moved by random amounts, and what was seen of it.

    Attributes:
        errors: Real minus estimated move, ``(R, N)`` in [−π, π), one period being 2π: R moves
            of each row [rad].
        gain: Mean log-likelihood of the real moves beyond pure guessing [nat].
        gain_error: Standard error of ``gain``, from the rows [nat].
        concentration: Mean over the rows of |Σ p e^{imφ}| for the estimated law p of the move
            and m = 1 to ``N_ORDERS``, ``(N_ORDERS,)`` [1].
    """

    errors: Tensor
    gain: float
    gain_error: float
    concentration: Tensor


@dataclass(frozen=True)
class Movable:
    """Rows and the group that moves them.

    Attributes:
        values: ``(N, steps, size)`` float32.
        representation: How a state transforms, by matrices.
        generator: L, ``(n, n)`` float64, with exp(period · L) = 1.
        period: Of exp(tL) [unit of t].
        blocks: Index groups between which L vanishes.
    """

    values: Tensor
    representation: Representation
    generator: Tensor
    period: float
    blocks: Blocks | None = None

    def elements(self) -> Tensor:
        """exp(tL) at ``N_ANGLES`` even values of t in one period, ``(N_ANGLES, n, n)``."""
        t = self.period * torch.arange(N_ANGLES, dtype=torch.float64) / N_ANGLES
        return group_elements(t[:, None], self.generator[None], self.blocks).float()


def learn_poses(data: Movable, fold: Tensor, rng: torch.Generator) -> Poses:
    """Move rows by amounts even over a period, and estimate these from the moved rows.

    A row has a pose of its own that nobody knows; it is what remains as the error of the best
    estimate. Classifiers of the move (small perceptrons, cross-fitted) give a law over the
    period; its circular mean is the estimate.

    Args:
        data: Rows and their group.
        fold: Fold of each row, ``(N,)`` of 0 and 1, both in use.
        rng: Source of randomness.
    """
    look = _Look(data, rng)
    net = StackedMLP(
        (look.width, _WIDTH, _WIDTH, N_CLASSES),
        _FOLDS,
        lambda x: functional.leaky_relu(x, 0.1),
        rng,
        alike=True,
        last=0.0,
    )
    _train(net, look, fold, rng)
    errors = torch.empty(_DRAWS, len(fold))
    gains = torch.empty(_DRAWS, len(fold))
    sizes = torch.zeros(N_ORDERS)
    with torch.no_grad():
        for judge in range(_FOLDS):
            rows = torch.nonzero(fold == judge).squeeze(1)
            for draw in range(_DRAWS):
                angle, features = look(rows, rng)
                law = net(features[None], slice(judge, judge + 1))[0].log_softmax(-1)
                means = _circular_means(law.exp())
                errors[draw, rows] = _error(angle, means[:, 0])
                sizes += means.abs().sum(0)
                gains[draw, rows] = law.gather(1, _class(angle)[:, None])[:, 0]
    by_row = gains.mean(0) + math.log(N_CLASSES)
    gain_error = float(by_row.std() / math.sqrt(len(fold)))
    return Poses(errors, float(by_row.mean()), gain_error, sizes / errors.numel())


class _Look:
    """Rows moved by random amounts, as features of unit spread with a little noise."""

    def __init__(self, data: Movable, rng: torch.Generator) -> None:
        self._data = data
        self._elements = data.elements()
        self._centre, self._spread = torch.zeros(()), torch.ones(())
        _, moved = self._moved(torch.arange(len(data.values)), rng)
        self._centre, self._spread = moved.mean(0), moved.std(0)
        self._spread[self._spread == 0] = 1.0
        self.width = moved.shape[1]

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Moves ``(B,)``, as multiples of the smallest, and features ``(B, width)``."""
        angle, moved = self._moved(rows, rng)
        noise = torch.randn(moved.shape, generator=rng)
        return angle, (moved - self._centre) / self._spread + _NOISE * noise

    def _moved(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        angle = torch.randint(N_ANGLES, (len(rows),), generator=rng)
        elements, values = self._elements[angle], self._data.values[rows]
        return angle, move_by(elements, values, self._data.representation).flatten(1)


def _train(net: StackedMLP, look: _Look, fold: Tensor, rng: torch.Generator) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATE, total_steps=_STEPS, pct_start=0.15
    )
    others = [torch.nonzero(fold != judge).squeeze(1) for judge in range(_FOLDS)]
    for _ in range(_STEPS):
        rows = [pool[torch.randint(len(pool), (_BATCH,), generator=rng)] for pool in others]
        angle, features = look(torch.cat(rows), rng)
        logits = net(features.reshape(_FOLDS, _BATCH, -1))
        loss = functional.cross_entropy(logits.flatten(0, 1), _class(angle))
        optimizer.zero_grad()
        torch.autograd.backward(_FOLDS * loss)
        optimizer.step()
        schedule.step()


def _class(angle: Tensor) -> Tensor:
    return angle // (N_ANGLES // N_CLASSES)


def _circular_means(law: Tensor) -> Tensor:
    """Σ p e^{imφ} of laws ``(B, N_CLASSES)``, ``(B, N_ORDERS)`` complex."""
    middles = 2 * math.pi * (torch.arange(N_CLASSES) + 0.5) / N_CLASSES
    angles = middles[:, None] * torch.arange(1, N_ORDERS + 1)
    return law.to(torch.complex64) @ torch.polar(torch.ones_like(angles), angles)


def _error(angle: Tensor, mean: Tensor) -> Tensor:
    """Real minus estimated move in [−π, π); the estimate is the direction of the mean."""
    # A move stands for the middle of the small step that begins with it.
    real = 2 * math.pi * (angle + 0.5) / N_ANGLES
    return torch.remainder(real - mean.angle() + math.pi, 2 * math.pi) - math.pi
