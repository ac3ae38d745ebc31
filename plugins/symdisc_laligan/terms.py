"""The terms of the objective, one function each.

Every term takes tensors with a leading ensemble dimension E and returns one value a seed.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize, relu

TINY = 1e-12
"""Keeps what does not vary from dividing by zero."""

FLAT = 1e-6
"""Variance that is added in every direction, over the mean one [1]: less than it is noise."""


def reconstruction(states: Tensor, decoded: Tensor, scale: Tensor) -> Tensor:
    """Mean squared error of ψ(φ(x)), over the variance of the data [1].

    Args:
        states: ``(E, B, steps, size)``.
        decoded: The same after φ and ψ.
        scale: Standard deviation of each coordinate of the data, ``(size,)``.
    """
    return ((decoded - states) / scale).square().flatten(1).mean(1)


def changes(codes: Tensor) -> Tensor:
    """Differences of consecutive points ``(E, B, steps, n)``: ``(E, B, steps − 1, n)``."""
    return codes[:, :, 1:] - codes[:, :, :-1]


def conditional(predicted: Tensor, changed: Tensor, unit: Tensor) -> Tensor:
    """Mean squared error of predicted changes, over that of predicting none [1].

    Args:
        predicted: In units of ``unit``, ``(E, P, n)``.
        changed: What they should be, ``(E, P, n)``.
        unit: Root mean square of the changes of real points, ``(E, 1, 1)``.
    """
    return (predicted - changed / unit).square().sum(-1).mean(-1)


def root_mean_square(values: Tensor) -> Tensor:
    """Root mean square length of the vectors ``(E, P, n)``: ``(E, 1, 1)``."""
    return (values.square().sum(-1).mean(-1) + TINY).sqrt()[:, None, None]


def spread(codes: Tensor, floor: float) -> Tensor:
    """Keeps latent points from shrinking, growing and collapsing.

    Their mean square about the origin should be 1 a coordinate, and their variance in no
    direction below ``floor``. Nothing else is asked of their law: data that cover orbits unevenly
    have neither mean 0 nor covariance 1 in the coordinates in which orbits are circles.

    Args:
        codes: ``(E, B, steps, n)``.
        floor: Smallest variance of a direction that costs nothing [1].
    """
    points = codes.flatten(1, 2)
    size = points.square().mean((1, 2))
    centred = points - points.mean(1, keepdim=True)
    variances = torch.linalg.eigvalsh(centred.mT @ centred / points.shape[1])
    return (size - 1).square() + relu(floor - variances).square().sum(-1)


def slowness(codes: Tensor) -> Tensor:
    """tr(C⁻¹ D) / n with the covariances C of points and D of their changes, ``(E,)`` [1].

    The mean squared change of consecutive points over their variance, mean over the directions
    of latent space in which points are white: no map of latent space by a matrix changes it.
    Least for the n slowest features of the data, in any basis (Wiskott and Sejnowski, Slow
    feature analysis, Neural Computation 14, 2002): where states go astray by random elements of
    a group, these are coordinates that the group moves by a matrix. It needs batches that
    determine C, far more than n points.

    Args:
        codes: ``(E, B, steps, n)``, two steps or more.
    """
    covariance, changed = moments(codes)
    n = codes.shape[-1]
    mean = covariance.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None, None]
    floor = (FLAT * mean + TINY) * torch.eye(n, dtype=codes.dtype, device=codes.device)
    ratio = torch.linalg.solve(covariance + floor, changed)
    slow: Tensor = ratio.diagonal(dim1=-2, dim2=-1).mean(-1)
    return slow


def moments(codes: Tensor) -> tuple[Tensor, Tensor]:
    """Covariance of points ``(E, B, steps, n)``, and E dz dzᵀ of changes: ``(E, n, n)`` each."""
    points = codes.flatten(1, 2)
    centred = points - points.mean(1, keepdim=True)
    steps = changes(codes).flatten(1, 2)
    return centred.mT @ centred / points.shape[1], steps.mT @ steps / steps.shape[1]


def crookedness(codes: Tensor, count: int) -> Tensor:
    """E|V Vᵀ/d − 1|²/m for the m vectors in d dimensions, rows of V, of each point, ``(E,)`` [1].

    0 where the vectors are orthogonal and √d long at all points, so that coordinates have the
    mean square 1. About 1 where all vectors are zero.

    Args:
        codes: ``(E, B, steps, m d)``.
        count: m.
    """
    vectors = codes.reshape(len(codes), -1, count, codes.shape[-1] // count)
    products = vectors @ vectors.mT / vectors.shape[-1]
    wanted = torch.eye(count, dtype=codes.dtype, device=codes.device)
    return (products - wanted).square().sum((-1, -2)).mean(1) / count


def similarity(codes: Tensor, moved: Tensor) -> Tensor:
    """|mean cos(gz, z)|: keeps the group element away from the identity (arXiv:2310.00105).

    Args:
        codes: ``(E, B, steps, n)``.
        moved: The same samples after the action.
    """
    x, y = codes.flatten(2), moved.flatten(2)
    norms = (x.square().sum(-1) * y.square().sum(-1) + TINY).sqrt()
    return ((x * y).sum(-1) / norms).mean(-1).abs()


def overlap(generators: Tensor) -> Tensor:
    """Σ_{i<j} |⟨L̂_i, L̂_j⟩|, L̂ of norm 1: keeps generators apart; ``(E, k, n, n)`` to ``(E,)``."""
    flat = normalize(generators.flatten(2), dim=-1)
    return (flat @ flat.mT).triu(diagonal=1).abs().sum((-1, -2))
