"""Random fields that claimed ones are compared with, at weighted points.

How far a field moves is measured in spreads of the coordinates and, where it moves the values of F
by a matrix of its own, in spreads of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.interfaces.field_claim import FieldClaim
from symdisc.interfaces.oracle import Oracle
from symdisc.verify.certainty import row_weights

_STILL = 1e-9


@dataclass(frozen=True, eq=False)
class Points:
    """States ``(N, size)`` in random order, and how much each counts, ``(N,)`` with mean 1."""

    x: Tensor
    weights: Tensor

    @classmethod
    def of(cls, oracle: Oracle, rows: Pairs, rng: torch.Generator) -> Points:
        """The rows, weighted by how certain F is there; where that is unknown, all count alike."""
        x, weights = rows.x.double(), row_weights(oracle, rows, rng)
        return cls(x, x.new_ones(len(x)) if weights is None else weights)

    def first(self, count: int) -> Points:
        """The first ones, as many as there are at most."""
        return Points(self.x[:count], self.weights[:count] / self.weights[:count].mean())

    def parts(self, count: int) -> Iterator[Points]:
        """All of them, so many at a time; weights are those among all."""
        for start in range(0, len(self.x), count):
            part = slice(start, start + count)
            yield Points(self.x[part], self.weights[part])

    def mean(self, values: Tensor) -> Tensor:
        """Weighted mean over points, the first dimension."""
        averaged: Tensor = torch.einsum("n,n...->...", self.weights, values) / len(self.x)
        return averaged


def unit_fields(claim: FieldClaim, points: Points) -> tuple[FieldClaim, Tensor]:
    """The fields with a mean square displacement of 1, and which of them move the rows at all."""
    sizes = _speeds(claim, points).norm(dim=0)
    moving = sizes > _STILL * sizes.max().clamp_min(1e-300)
    return claim.along(torch.diag(torch.where(moving, 1 / sizes.clamp_min(1e-300), 0.0))), moving


def random_fields(
    claim: FieldClaim, points: Points, count: int, rng: torch.Generator
) -> FieldClaim:
    """Random fields of unit displacement that are orthogonal to those of the claim.

    Args:
        claim: Fields, and the matrices that move the values of F, if there are some.
        points: Where they are compared.
        count: How many to draw; those that lie in the span of the claim are left out.
        rng: Source of randomness.
    """
    fields = claim.fields
    shape = (count, *fields.coefficients.shape[1:])
    drawn = torch.randn(shape, generator=rng, dtype=torch.float64) * _natural(claim, points)
    matrices = None
    if claim.matrices is not None:
        spread = claim.oracle.value(points.x).std(0, correction=0)
        noise = torch.randn(count, *claim.matrices.shape[1:], generator=rng, dtype=torch.float64)
        matrices = noise * spread[:, None] / torch.where(spread > 0, spread, torch.inf)
    other = replace(claim, fields=replace(fields, coefficients=drawn), matrices=matrices)
    before = _speeds(other, points)
    shares = torch.linalg.pinv(_speeds(claim, points)) @ before
    every = claim.along(shares.T)
    if matrices is not None and every.matrices is not None:
        matrices = matrices - every.matrices
    rest = replace(
        claim,
        fields=replace(fields, coefficients=drawn - every.fields.coefficients),
        matrices=matrices,
    )
    sizes = _speeds(rest, points).norm(dim=0)
    kept = sizes > 1e-6 * before.norm(dim=0)
    return rest.along(torch.diag(1 / sizes.clamp_min(1e-300))[kept])


def _speeds(claim: FieldClaim, points: Points) -> Tensor:
    """Velocities of states, and of values that move by matrices, in spreads: ``(rows, k)``."""
    moved = [_in_spreads(claim.velocities(points.x), points.x, points)]
    if claim.matrices is not None:
        values = claim.oracle.value(points.x)
        turned = torch.einsum("kcd,nd->nkc", claim.matrices.to(values), values)
        moved.append(_in_spreads(turned, values, points))
    return torch.cat(moved)


def _in_spreads(velocities: Tensor, x: Tensor, points: Points) -> Tensor:
    spread = x.std(0, correction=0)
    moved = velocities / torch.where(spread > 0, spread, torch.inf)
    moved = moved * (points.weights / len(x)).sqrt()[:, None, None]
    return moved.transpose(1, 2).flatten(0, 1)


def _natural(claim: FieldClaim, points: Points) -> Tensor:
    """Sizes of coefficients with which all functions and coordinates count alike, ``(m, n)``."""
    library = claim.fields.library
    every = torch.eye(len(library) * library.size, dtype=torch.float64)
    single = replace(claim.fields, coefficients=every.reshape(-1, len(library), library.size))
    sizes = _speeds(replace(claim, fields=single, matrices=None), points.first(500)).norm(dim=0)
    found: Tensor = torch.where(sizes > 0, 1 / sizes.clamp_min(1e-300), 0.0)
    return found.reshape(len(library), library.size)
