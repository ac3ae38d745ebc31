"""Splits: train, validation and held-out parts that share no trajectory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import DataError, OptionError

FRACTIONS = (0.7, 0.15, 0.15)
"""Shares of train, validation and held-out trajectories [1]."""

Masks = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of the samples.

    Attributes:
        train: What methods are trained on.
        validation: What early stopping and the choice of settings may look at.
        held_out: Read by verification only.
    """

    train: Samples
    validation: Samples
    held_out: Samples


def split(samples: Samples, seed: int, fractions: tuple[float, float, float] = FRACTIONS) -> Split:
    """Split by trajectory: each goes to one part whole, drawn at random by ``seed``.

    Rows count as trajectories of their own. One or two trajectories cannot be shared out: each
    is cut in time instead, first the training part, then validation, then the held-out part.
    Between two parts at least ``steps`` windows (or 1 % of them, if that is more) are left out,
    so that no state is in two parts. No part is ever empty; samples keep their order. The
    global random state is neither read nor changed.

    Args:
        samples: All samples.
        seed: Seed of the random draw.
        fractions: Shares of train, validation and held-out trajectories; they add up to 1.

    Raises:
        OptionError: The shares are not three positive numbers that add up to 1.
        DataError: One or two trajectories are too short to be cut into three parts.
    """
    _check_fractions(fractions)
    ids, owner = torch.unique(samples.trajectory, return_inverse=True)
    if len(ids) < 3:
        masks = _in_time(owner, len(ids), samples.steps, fractions)
    else:
        masks = _at_random(owner, len(ids), seed, fractions)
    return Split(*(samples.rows(mask) for mask in masks))


def _check_fractions(fractions: tuple[float, ...]) -> None:
    if len(fractions) != 3 or min(fractions) <= 0 or not math.isclose(sum(fractions), 1):
        raise OptionError(
            f"fractions {fractions} must be three positive numbers (train, validation, held-out) "
            "that add up to 1, for instance (0.7, 0.15, 0.15)"
        )


def _sizes(n: int, fractions: tuple[float, float, float]) -> tuple[int, int]:
    """Sizes of the first two of three parts of n >= 3 things, none of them empty."""
    train = min(max(round(n * fractions[0]), 1), n - 2)
    validation = min(max(round(n * fractions[1]), 1), n - train - 1)
    return train, validation


def _at_random(owner: Tensor, n: int, seed: int, fractions: tuple[float, float, float]) -> Masks:
    train, validation = _sizes(n, fractions)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    part = torch.full((n,), 2)
    part[order[:train]] = 0
    part[order[train : train + validation]] = 1
    part_of_sample = part.to(owner.device)[owner]
    return part_of_sample == 0, part_of_sample == 1, part_of_sample == 2


def _in_time(owner: Tensor, n: int, steps: int, fractions: tuple[float, float, float]) -> Masks:
    part = torch.full_like(owner, -1)
    for trajectory in range(n):
        mine = torch.nonzero(owner == trajectory).squeeze(1)
        for number, (start, stop) in enumerate(_blocks(len(mine), steps, fractions)):
            part[mine[start:stop]] = number
    return part == 0, part == 1, part == 2


def _blocks(
    n: int, steps: int, fractions: tuple[float, float, float]
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    gap = max(steps, math.ceil(n / 100))
    usable = n - 2 * gap
    if usable < 3:
        raise DataError(
            f"a trajectory of {n} samples is too short to be cut into train, validation and "
            f"held-out parts with gaps of {gap} samples: it needs at least {3 + 2 * gap}; give "
            "a longer one, or at least 3 trajectories"
        )
    train, validation = _sizes(usable, fractions)
    middle = train + gap
    return (0, train), (middle, middle + validation), (middle + validation + gap, n)
