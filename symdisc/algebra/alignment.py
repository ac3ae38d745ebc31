"""Coordinates of one seed written in those of another, and generators carried along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

_TINY = 1e-12
"""Variance that counts as none."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """The affine map that turns the points of one seed into those of another.

    Attributes:
        matrix: A of z' = A z + b, ``(m, m)`` float64 for points of m coordinates.
        r_squared: Share of the variance of z' that it explains on rows it was not fitted on,
            every direction of z' counting alike [1]; at most 1, below 0 if a mean does better.
    """

    matrix: Tensor
    r_squared: float


def align(source: Tensor, target: Tensor, half: Tensor) -> Alignment:
    """Fit z' = A z + b by least squares, and check it on rows of the other half.

    Args:
        source: z, ``(N, m)``.
        target: z' of the same rows, ``(N, m)``.
        half: The half of each row, ``(N,)`` of 0 and 1: the map of one is checked on the other.
    """
    source, target = source.double(), target.double()
    whitening = _whitening(target)
    explained = []
    for left_out in (0, 1):
        fitted, checked = half != left_out, half == left_out
        matrix, offset = _fit(source[fitted], target[fitted])
        missed = (source[checked] @ matrix.T + offset - target[checked]) @ whitening
        explained.append(1 - missed.square().mean(0) / _variance(target[checked] @ whitening))
    return Alignment(_fit(source, target)[0], float(torch.stack(explained).mean()))


def carried(generators: Tensor, alignment: Tensor, n_vectors: int = 1) -> tuple[Tensor, float]:
    """Generators A L A⁻¹ in the other coordinates.

    Several vectors share one generator. A map between their spaces need not treat them alike, so
    that A (1 ⊗ L) A⁻¹ need not be of the form 1 ⊗ L' again: L' is the closest to it.

    Args:
        generators: L, ``(k, n, n)``.
        alignment: A, ``(c n, c n)`` for c vectors, invertible.
        n_vectors: c.

    Returns:
        L', ``(k, n, n)`` float64, and the share of A (1 ⊗ L) A⁻¹ that is not of that form [1].
    """
    n = generators.shape[-1]
    one = torch.eye(n_vectors, dtype=torch.float64)
    whole = torch.stack([torch.kron(one, generator) for generator in generators.double()])
    moved = alignment @ whole @ torch.linalg.inv(alignment)
    parts = moved.reshape(-1, n_vectors, n, n_vectors, n)
    shared = torch.einsum("kcicj->kij", parts) / n_vectors
    rest = moved - torch.stack([torch.kron(one, generator) for generator in shared])
    size = moved.norm()
    return shared, float(rest.norm() / size) if size > 0 else 0.0


def block_index(block: Sequence[int] | Tensor, n: int, n_vectors: int) -> Tensor:
    """Where the coordinates of one block of each vector are, among those of all vectors."""
    starts = n * torch.arange(n_vectors)
    return (starts[:, None] + torch.as_tensor(block)[None]).flatten()


def _whitening(points: Tensor) -> Tensor:
    """Matrix ``(m, m)`` that takes points to principal coordinates of unit variance."""
    variance, directions = torch.linalg.eigh(
        torch.cov(points.T, correction=0).reshape(-1, points.shape[1])
    )
    whitening: Tensor = directions * variance.clamp_min(_TINY).rsqrt()
    return whitening


def _variance(points: Tensor) -> Tensor:
    return points.var(0, correction=0).clamp_min(_TINY)


def _fit(source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    inputs = torch.cat([source, source.new_ones(len(source), 1)], dim=1)
    solution = torch.linalg.lstsq(inputs, target, driver="gelsd").solution
    return solution[:-1].T, solution[-1]
