"""The terms of the objective, one function each.

Every term takes tensors with a leading ensemble dimension E and returns one value a seed.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize, relu

TINY = 1e-12
"""Keeps what does not vary from dividing by zero."""


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
    """Mean squared change of consecutive points, over their variance, ``(E,)`` [1].

    Least for the slowest features of the data (Wiskott and Sejnowski, Slow feature analysis,
    Neural Computation 14, 2002): where states go astray by random elements of a group, these
    are coordinates that the group moves by a matrix.

    Args:
        codes: ``(E, B, steps, n)``, two steps or more.
    """
    points = codes.flatten(1, 2)
    variance = (points - points.mean(1, keepdim=True)).square().sum(-1).mean(1)
    return changes(codes).square().sum(-1).mean((1, 2)) / (variance + TINY)


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
