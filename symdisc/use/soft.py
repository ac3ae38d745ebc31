"""Equations of motion that nearly commute with a group: as nearly as the data let them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from symdisc.fields.library import Library
from symdisc.fields.vector_fields import VectorFields
from symdisc.use.cartesian import Cartesian
from symdisc.use.commuting import brackets

WEIGHTS = (0.0, *(10.0**power for power in range(-8, 7)))
"""Weights of the bracket's mean square over that of the missed velocity that are tried [1]."""

Pairs = tuple[Tensor, Tensor]
"""Points and their velocities, ``(P, d)`` each."""


def fit_soft(
    train: Pairs,
    choosing: Pairs,
    functions: Library,
    names: tuple[str, ...],
    centre: Tensor,
    group: VectorFields,
    frame: Tensor | None = None,
) -> Cartesian:
    """Least squares of velocities and of brackets with the group, without sparsity.

    Coordinates that were learned are not perfect, and an equation that commutes exactly is then
    none for them. The weight of the brackets is that which tells other velocities best.

    Args:
        train: What is learned from.
        choosing: What the weight is chosen by.
        functions: The library, of coordinates counted from the centre.
        names: Names of the coordinates.
        centre: c, ``(d,)``.
        group: Fields in coordinates counted from the centre.
        frame: S, in whose coordinates S z velocities and brackets are measured; ``None``: in z.

    Raises:
        OptionError: There are too many unknowns.

    Reference:
        EquivSINDy-r of Yang, Rao, Dehmamy, Walters and Yu, arXiv:2405.16756, with the bracket in
        place of finite moves.
    """
    points, speeds = train
    counted = points - centre
    found = brackets(group, functions, counted, frame)
    wanted = (functions.values(counted) @ found.basis).T @ (speeds @ found.frame.T) / len(points)
    parts = found.directions.T @ wanted.flatten()
    filters = [1 / (1 + weight * found.squares.clamp_min(0)) for weight in WEIGHTS]
    tried = found.field(torch.stack([found.directions @ (part * parts) for part in filters]))
    best = _best(tried, (choosing[0] - centre, choosing[1]))
    named = VectorFields(functions, tried.coefficients[best : best + 1], names)
    return Cartesian(named, centre)


def _best(tried: VectorFields, pairs: Pairs) -> int:
    """Which field misses the velocities least."""
    points, speeds = pairs
    missed = (tried.values(points) - speeds[:, None]).square().sum(-1).mean(0)
    return int(missed.argmin())


def apart(paths: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Every fourth trajectory to choose by, the others to learn from; all of them if one."""
    every = list(paths)
    if len(every) == 1:
        return every, every
    choosing = every[1::4]
    return [path for number, path in enumerate(every) if number % 4 != 1], choosing
