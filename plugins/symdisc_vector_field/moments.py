"""Sums over all rows from which everything is solved: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.interfaces import Oracle
from symdisc_vector_field.chunks import chunks
from symdisc_vector_field.extended import Extended

SAMPLE = 4_000
"""Rows that scales are told from."""


@dataclass(frozen=True, eq=False)
class Scales:
    """What is one unit of a coordinate, of a value of F and of a row of the extended matrix.

    Attributes:
        states: Spread of each coordinate, ``(size,)``; infinite where it does not vary.
        values: Spread of each value of F, ``(c,)``; infinite where it does not vary.
        rows: Root mean square of J times the spread of the states, ``(c,)``.
    """

    states: Tensor
    values: Tensor
    rows: Tensor

    @classmethod
    def of(cls, oracle: Oracle, x: Tensor) -> Scales:
        """Told from at most ``SAMPLE`` rows, spread evenly.

        Raises:
            DataError: F does not vary over the data.
        """
        some = x[:: max(1, len(x) // SAMPLE)].double()
        states = _spread(some)
        values = oracle.value(some)
        reach = oracle.jacobian(some) * torch.where(states.isinf(), 0.0, states)
        rows = reach.square().sum(-1).mean(0).sqrt()
        if not bool((rows > 0).any()):
            raise DataError("the oracle is the same for all rows: there is nothing to keep")
        return cls(states, _spread(values), torch.where(rows > 0, rows, torch.inf))


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums of squares of the extended matrix A and of how far its unknowns move things.

    Attributes:
        square: Mean over rows of AᵀA, each value of F in units of its scale, ``(P, P)`` float64.
        size: The quadratic form of the mean squared displacement, in spreads, ``(P, P)``.
        n_rows: How many rows were added up.
    """

    square: Tensor
    size: Tensor
    n_rows: int


def moments(
    extended: Extended,
    oracle: Oracle,
    parts: Iterable[Tensor],
    scales: Scales,
    weights: Tensor | None = None,
) -> Moments:
    """Add up over portions of rows.

    Args:
        extended: What the rows of the matrix are.
        oracle: F.
        parts: Points ``(N, size)``, portion by portion, of any floating type.
        scales: Units.
        weights: How much each of all rows counts, with mean 1; ``None``: all alike.

    Raises:
        DataError: They are too large.
    """
    count = extended.n_unknowns
    square = torch.zeros(count, count, dtype=torch.float64)
    size = torch.zeros(count, count, dtype=torch.float64)
    total = 0
    for part in parts:
        width = (extended.n_outputs + 1) * count
        for rows in chunks(len(part), width):
            x = part[rows].double()
            values = oracle.value(x)
            counts = x.new_ones(len(x)) if weights is None else weights[total:][rows]
            table = extended.rows(x, oracle.jacobian(x), values) / scales.rows[:, None]
            square += _squares(table, counts)
            size += _sizes(extended, x, values, scales, counts)
        total += len(part)
    if not bool(square.isfinite().all()) or not bool(size.isfinite().all()):
        raise DataError(
            f"functions of the library {extended.library.spec!r}, or derivatives of F, are too "
            "large on these data; give the data in other units, or take another library"
        )
    return Moments(square / total, size / total, total)


def _sizes(extended: Extended, x: Tensor, values: Tensor, scales: Scales, counts: Tensor) -> Tensor:
    count, field = extended.n_unknowns, extended.n_field
    found = torch.zeros(count, count, dtype=torch.float64)
    found[:field, :field] = extended.sizes(x, scales.states, counts)
    if count > field:
        turned = extended.turned(values) / scales.values[:, None]
        found[field:, field:] = _squares(turned, counts)
    return found


def _squares(table: Tensor, counts: Tensor) -> Tensor:
    flat = (table * counts.sqrt()[:, None, None]).flatten(0, 1)
    found: Tensor = (flat.T @ flat).cpu()
    return found


def _spread(values: Tensor) -> Tensor:
    spread = values.std(0, correction=0)
    return torch.where(spread > 0, spread, torch.inf)
