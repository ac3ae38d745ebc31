"""How certain derivatives are at each row: what rows count by."""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.interfaces.oracle import Oracle

REFITS = 20
MOST_ROWS = 20_000
"""Rows beyond which noise hardly matters and all count alike."""


def row_weights(oracle: Oracle, rows: Pairs, rng: torch.Generator) -> Tensor | None:
    """Weights ``(N,)`` with mean 1: the inverse variance of the derivatives of F.

    A quick oracle is fitted again to rows drawn with replacement; where its derivatives differ
    much, as at the rim of the data, a row counts little. To no variance the median one is added.
    All values of F and coordinates count alike, in units of their spread.

    Args:
        oracle: F, fitted to the rows.
        rows: The rows.
        rng: Source of randomness.

    Returns:
        ``None`` where the oracle is not quick, or there are too many rows: all count alike.
    """
    if not oracle.quick or len(rows) > MOST_ROWS:
        return None
    x = rows.x.double()
    spread = x.std(0, correction=0)
    before = oracle.jacobian(x) * spread
    sizes = before.square().sum(-1).mean(0).sqrt()
    variance = torch.zeros(len(x), dtype=torch.float64, device=x.device)
    for _ in range(REFITS):
        index = torch.randint(len(rows), (len(rows),), generator=rng, device=rng.device)
        again = copy.copy(oracle)
        again.fit(*_drawn(rows, index.to(x.device)), rng)
        change = (again.jacobian(x) * spread - before) / sizes.clamp_min(1e-300)[:, None]
        variance += change.square().sum((-1, -2)) / REFITS
    floor = variance.median()
    if not float(floor) > 0:
        return None
    weights = 1 / (variance + floor)
    return weights / weights.mean()


def _drawn(rows: Pairs, index: Tensor) -> tuple[Tensor, Tensor | None]:
    drawn = rows.at(index)
    return drawn.x, drawn.y
