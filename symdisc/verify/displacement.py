"""Group elements that move the data by a given distance, for each of several generators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from symdisc.interfaces.element_family import ElementFamily
from symdisc.linear_action import as_vectors, move_by
from symdisc.representations import Representation
from symdisc_kernels import Blocks, group_elements

_PER_SIGN = 32
_LOG_SCALES = torch.linspace(-7, 3, 31, dtype=torch.float64)
_BISECTIONS = 12
_EVERY = 8
"""Distances are computed for every eighth group element of a family."""


class Displaced(Protocol):
    """Data points that group elements move."""

    @property
    def spread(self) -> float:
        """Root of the trace of the points' covariance."""

    def distances(self, elements: Tensor) -> Tensor:
        """How far elements ``(..., n, n)`` move points, ``(..., P)``: all, or each its own."""


@dataclass(frozen=True)
class Points:
    """Data points, in units in which distances mean something.

    Attributes:
        values: ``(P, c · n)`` float64, or ``(P, channels · pixels)``: what moves of each point.
        representation: How these values transform.
        spread: Root of the trace of the points' covariance.
        moments: Σ x xᵀ over the c vectors of each point, ``(P, n · n)``; ``None`` for images.
    """

    values: Tensor
    representation: Representation
    spread: float
    moments: Tensor | None

    @classmethod
    def of(
        cls, states: Tensor, scales: Tensor, representation: Representation, most: int = 200
    ) -> Points:
        """Evenly chosen states ``(N, steps, size)``, over their scales ``(size,)``."""
        moving = replace(representation, n_scalars=0)
        scaled = (states.flatten(0, 1) / scales).double()[:, : moving.size]
        variance = scaled.var(0, correction=0).sum()
        # Moving an image costs as much as moving many vectors.
        most = most if representation.grid is None else most // 4
        rows = torch.linspace(0, len(scaled) - 1, min(most, len(scaled))).long()
        values = scaled[rows]
        moments = None
        if moving.grid is None:
            vectors = as_vectors(values, moving)
            moments = torch.einsum("pci,pcj->pij", vectors, vectors).flatten(1)
        return cls(values, moving, float(variance.sqrt()), moments)

    def distances(self, elements: Tensor) -> Tensor:
        """How far group elements ``(..., n, n)`` move each point: ``(..., P)``."""
        if self.moments is not None:
            # |gx − x|² is linear in the moments of x: one product serves all points.
            change = elements - torch.eye(elements.shape[-1], dtype=elements.dtype)
            squares: Tensor = (change.mT @ change).flatten(-2) @ self.moments.T
            return squares.clamp_min(0).sqrt()
        many = elements.flatten(0, -3)[:, None].expand(-1, len(self.values), -1, -1)
        values = self.values.expand(len(many), *self.values.shape)
        moved = move_by(many, values, self.representation)
        distances: Tensor = torch.linalg.vector_norm(moved - self.values, dim=-1)
        return distances.reshape(*elements.shape[:-2], -1)


def largest_displacement(generators: Tensor, points: Displaced, blocks: Blocks | None) -> Tensor:
    """How far each generator can move the points at all.

    Args:
        generators: ``(G, n, n)`` float64 of norm 1.
        points: What is moved.
        blocks: Index groups between which the generators vanish.

    Returns:
        The largest median distance over the spread, ``(G,)`` [1].
    """
    if points.spread == 0:
        return torch.zeros(len(generators), dtype=torch.float64)
    return _scan(generators, points, blocks).max(0).values


def matched_family(
    generators: Tensor, points: Displaced, blocks: Blocks | None, target: float
) -> ElementFamily:
    """Scale each generator so that it moves the points by the target distance.

    The smallest scale s is taken at which the median of |exp(s u L) x − x| over the spread,
    with u even in ±[0.5, 1.5], reaches the target: a scan, since the distance need not grow
    with s (rotations), then bisection. A generator that never reaches it gets the scale at
    which it comes closest; ``displacement`` shows it.

    Args:
        generators: ``(G, n, n)`` float64 of norm 1.
        points: What is moved.
        blocks: Index groups between which the generators vanish.
        target: Distance over the spread [1].
    """
    scan = _scan(generators, points, blocks)
    # A target that is the maximum of this very scan is reached whatever the rounding.
    reached = scan >= target * (1 - 1e-9)
    first = torch.where(reached.any(0), reached.int().argmax(0), scan.argmax(0))
    high = _LOG_SCALES[first]
    low = _LOG_SCALES[(first - 1).clamp_min(0)]
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        beyond = _distances(middle, generators, points, blocks) >= target
        low, high = torch.where(beyond, low, middle), torch.where(beyond, middle, high)
    distance = _distances(high, generators, points, blocks)
    return ElementFamily(_elements(high, generators, blocks, 1).float(), distance)


def cyclic_family(generator: Tensor, order: int, points: Displaced) -> ElementFamily:
    """All elements but the identity of the finite group that exp(L) generates.

    Args:
        generator: L, ``(n, n)`` float64, of the size that it is claimed with.
        order: Order m of the group.
        points: What is moved.

    Returns:
        One generator; each element is there equally often, as nearly as can be.
    """
    steps = 1 + torch.arange(2 * _PER_SIGN, dtype=torch.float64) % (order - 1)
    elements = group_elements(steps[:, None], generator[None])
    distance = points.distances(elements[: order - 1]).median() / points.spread
    return ElementFamily(elements.float()[None], distance[None])


def element_family(element: Tensor, points: Displaced) -> ElementFamily:
    """One group element alone, as often as a generator has elements.

    Args:
        element: ``(n, n)`` float64.
        points: What is moved.
    """
    distance = torch.zeros((), dtype=torch.float64)
    if points.spread > 0:
        distance = points.distances(element[None]).median() / points.spread
    return ElementFamily(element.float().expand(1, 2 * _PER_SIGN, -1, -1), distance[None])


def _scan(generators: Tensor, points: Displaced, blocks: Blocks | None) -> Tensor:
    """Distances ``(S, G)`` over the scan of scales."""
    count = len(generators)
    return torch.stack(
        [_distances(s.expand(count), generators, points, blocks) for s in _LOG_SCALES]
    )


def _distances(
    log_scales: Tensor, generators: Tensor, points: Displaced, blocks: Blocks | None
) -> Tensor:
    elements = _elements(log_scales, generators, blocks, _EVERY)
    medians: Tensor = points.distances(elements).flatten(1).median(1).values
    return medians / points.spread


def _elements(log_scales: Tensor, generators: Tensor, blocks: Blocks | None, every: int) -> Tensor:
    forward = torch.linspace(0.5, 1.5, _PER_SIGN, dtype=torch.float64)
    coefficients = log_scales.exp()[:, None] * torch.cat([-forward, forward])[::every]
    return group_elements(coefficients[..., None], generators[:, None], blocks)
