"""Which turns of a plane leave the targets as they are: all, finitely many, or none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.linear_action import move
from symdisc.verify.block_scales import mask_blocks, state_scales
from symdisc.verify.oracle import target_values
from symdisc_kernels import use_backend

Array = NDArray[np.float64]

N_ANGLES = 840
"""Turns that are tried; divisible by most small orders, all of which are rounded to them."""

MAX_ORDER = 24
MAX_COORDINATES = 12
"""Coordinates of a sample up to which neighbours are near."""

_ROWS = 400
_REFERENCE = 20_000
_NEIGHBOURS = 5
_SHARE = 0.3
_STANDARD_ERRORS = 4.0


@dataclass(frozen=True, eq=False)
class TurnScan:
    """How much worse targets are predicted after a turn.

    Attributes:
        angles: The turns, ``(A,)`` from 0 to below 2π [radian].
        excess: Mean squared error after a turn minus that without, ``(A,)``, over the variance
            of the targets [1].
        level: Median of the excess over all turns [1].
        order: Largest m for which turns by all multiples of 2π/m do not matter; 1 where only
            the identity does not, ``None`` where no turn matters, as far as can be seen.
        largest: Largest excess at these multiples; 0 where there are none [1].
    """

    angles: Array
    excess: Array
    level: float
    order: int | None
    largest: float


def turn_scan(reference: Samples, tested: Samples, turn: Tensor) -> TurnScan | None:
    """Turn samples by all angles and predict their targets from neighbours that stay.

    The prediction is the mean target of the nearest reference samples (Cover and Hart, IEEE Trans.
    Inf. Theory 13, 21, 1967), which needs no training and resolves functions that repeat
    themselves many times, as long as there are neighbours. A turn matters where the error grows
    by more than a share of what it grows by for most turns, and by more than chance.

    Args:
        reference: Samples that predict.
        tested: Samples that are turned.
        turn: Generator ``(n, n)`` of a rotation by one radian for each unit of its coefficient.

    Returns:
        The scan; ``None`` without targets, for images, or where a sample has more than
        ``MAX_COORDINATES`` coordinates.
    """
    if tested.targets is None or tested.representation.grid is not None:
        return None
    if tested.steps * tested.size > MAX_COORDINATES:
        return None
    # The rows are on the CPU, where the backend of the run may not be.
    with use_backend("reference"):
        losses = _losses(_some(reference, _REFERENCE), _some(tested, _ROWS), turn.float())
    growth = losses - losses[:1]
    excess = growth.mean(1)
    error = growth.std(1) / math.sqrt(growth.shape[1])
    level = float(np.median(excess))
    angles = 2 * math.pi * np.arange(N_ANGLES) / N_ANGLES
    if level <= _STANDARD_ERRORS * float(np.median(error)):
        return TurnScan(angles, excess, level, None, 0.0)
    allowed = _SHARE * level + error
    for order in range(MAX_ORDER, 1, -1):
        index = _multiples(order)
        if (excess[index] <= allowed[index]).all():
            return TurnScan(angles, excess, level, order, float(excess[index].max()))
    return TurnScan(angles, excess, level, 1, 0.0)


def _multiples(order: int) -> NDArray[np.int64]:
    """Places of the multiples of a whole turn over the order, without the identity."""
    places: NDArray[np.int64] = np.round(np.arange(1, order) * N_ANGLES / order).astype(np.int64)
    return places


def _some(samples: Samples, most: int) -> Samples:
    index = torch.linspace(0, len(samples) - 1, min(most, len(samples))).long()
    return samples.rows(index).to("cpu")


def _losses(reference: Samples, tested: Samples, turn: Tensor) -> Array:
    """Squared error of each tested row after each turn, ``(A, B)``, over the targets' variance."""
    n_classes = max(reference.n_classes, tested.n_classes)
    known, wanted = (target_values(rows, n_classes).double() for rows in (reference, tested))
    spread = float(known.var(0, correction=0).sum()) or 1.0
    # In these units a turn keeps distances.
    scales = state_scales(reference, mask_blocks((turn != 0).double()))
    tree = cKDTree((reference.states / scales).flatten(1).numpy())
    count = min(_NEIGHBOURS, len(reference))
    losses = []
    for place in range(N_ANGLES):
        z = torch.full((len(tested), 1), 2 * math.pi * place / N_ANGLES)
        states = move(z, turn[None], tested.states, tested.representation)
        targets = wanted
        if tested.target_representation is not None:
            form = tested.target_representation
            targets = move(z.double(), turn[None].double(), wanted, form)
        _, near = tree.query((states / scales).flatten(1).numpy(), count)
        predicted = known[torch.from_numpy(near.reshape(len(tested), -1))].mean(1)
        losses.append((targets - predicted).square().sum(1).numpy() / spread)
    return np.array(losses)
