"""Whether trajectories keep a radius: the share of its variance that lies within them."""

from __future__ import annotations

import math

import numpy as np
import scipy.linalg
import torch
from torch import Tensor

from symdisc.algebra.forms import Matrix, kept_form
from symdisc.algebra.one_parameter import kept_form_count, rotation_speeds

MOST_COORDINATES = 24
"""Raw coordinates up to which the best ellipse is looked for."""

_SAME = 1e-5
"""Spread over size up to which values are the same but for rounding [1]."""

_LARGEST_CONDITION = 1e6
"""Ratio of squared axes up to which a quadratic form is that of an ellipse [1]."""


def within_total(values: Tensor, trajectory: Tensor) -> float:
    """Mean over trajectories of a quantity's variance along each, over its variance in all rows.

    0 for what trajectories keep, about 1 for what they know nothing of.

    Args:
        values: ``(N,)``, one a row.
        trajectory: The trajectory of each row, ``(N,)``.

    Returns:
        The share [1]; nan where no trajectory has two rows, there is only one trajectory, or the
        quantity is the same everywhere.
    """
    _, owner, counts = torch.unique(trajectory, return_inverse=True, return_counts=True)
    long = counts > 1
    values = values.double()
    total = float(values.var(correction=0)) if len(values) else 0.0
    largest = float(values.abs().max()) if len(values) else 0.0
    if int(long.sum()) < 2 or total <= (_SAME * largest) ** 2:
        return math.nan
    sums = torch.zeros(len(counts), dtype=torch.float64).index_add_(0, owner, values)
    departures = (values - (sums / counts)[owner]).square()
    within = torch.zeros_like(sums).index_add_(0, owner, departures) / counts
    return float(within[long].mean()) / total


def kept_radius_form(generator: Tensor) -> Tensor | None:
    """The positive definite form Q that a generator keeps once its trace is taken off.

    Args:
        generator: L, ``(n, n)``.

    Returns:
        Q with L₀ᵀQ + QL₀ = 0 for L₀ = L − tr(L)/n, ``(n, n)`` float64, of norm 1; ``None`` where
        the eigenvalues of L₀ are not nearly imaginary or it keeps no such form.
    """
    matrix = generator.double().numpy()
    if not np.isfinite(matrix).all():
        return None
    bare = matrix - np.trace(matrix) / len(matrix) * np.eye(len(matrix))
    if not bare.any() or rotation_speeds(bare) is None:
        return None
    form = kept_form(bare[None], kept_form_count(bare))
    return torch.from_numpy(form.matrix) if form.signature[0] == len(matrix) else None


def radius(vectors: Tensor, form: Tensor) -> Tensor:
    """√(Σ zᵀQz) over the vectors ``(..., c, n)`` of each point: ``(...)`` float64."""
    vectors = vectors.double()
    squares = torch.einsum("...ci,ij,...cj->...", vectors, form, vectors)
    return squares.clamp_min(0).sqrt()


def raw_radius_share(states: Tensor, trajectory: Tensor) -> float:
    """:func:`within_total` of the distance from the mean state [1].

    Args:
        states: ``(N, size)``.
        trajectory: The trajectory of each row, ``(N,)``.
    """
    return within_total(torch.linalg.vector_norm(_scaled(states), dim=1), trajectory)


def raw_ellipse_share(states: Tensor, trajectory: Tensor) -> float:
    """:func:`within_total` of the radius of the ellipse that trajectories keep best [1].

    Of all quadratic functions of the state that with the least share of its variance within
    trajectories is taken whose level sets are ellipses; it is fitted to the rows it is judged on.

    Args:
        states: ``(N, size)``.
        trajectory: The trajectory of each row, ``(N,)``.

    Returns:
        The share; nan where there is none, or above ``MOST_COORDINATES`` coordinates.
    """
    if states.shape[1] > MOST_COORDINATES or math.isnan(raw_radius_share(states, trajectory)):
        return math.nan
    points = _scaled(states).numpy()
    terms = _quadratic_terms(points)
    for weights in _kept_combinations(terms, trajectory):
        squares = _ellipse(weights, points)
        if squares is not None:
            return within_total(torch.from_numpy(np.sqrt(squares)), trajectory)
    return math.nan


def _scaled(states: Tensor) -> Tensor:
    """Coordinates about their mean, over one scale."""
    centred = states.double() - states.double().mean(0)
    return centred / centred.square().mean().sqrt().clamp_min(1e-300)


def _quadratic_terms(points: Matrix) -> Matrix:
    i, j = np.triu_indices(points.shape[1])
    return np.concatenate([points[:, i] * points[:, j], points], axis=1)


def _kept_combinations(terms: Matrix, trajectory: Tensor) -> Matrix:
    """Combinations of terms, as rows, by the share of their variance within trajectories."""
    _, owner = np.unique(trajectory.numpy(), return_inverse=True)
    counts = np.bincount(owner)
    means = np.stack([np.bincount(owner, column) for column in terms.T], axis=1) / counts[:, None]
    weights = 1 / np.sqrt(counts[owner] * len(counts))
    inner = (terms - means[owner]) * weights[:, None]
    outer = (terms - terms.mean(0)) / np.sqrt(len(terms))
    total = outer.T @ outer
    total += 1e-9 * np.trace(total) / len(total) * np.eye(len(total))
    combinations: Matrix = scipy.linalg.eigh(inner.T @ inner, total)[1].T
    return combinations


def _ellipse(weights: Matrix, points: Matrix) -> Matrix | None:
    """(x − c)ᵀQ(x − c) of the points if the quadratic function is that of an ellipse."""
    n = points.shape[1]
    form = np.zeros((n, n))
    i, j = np.triu_indices(n)
    form[i, j] = weights[: len(i)] / 2
    form += form.T
    linear, sign = weights[len(i) :], np.sign(np.trace(form))
    form, linear = sign * form, sign * linear
    axes = np.linalg.eigvalsh(form)
    if axes[0] <= axes[-1] / _LARGEST_CONDITION:
        return None
    centred = points + np.linalg.solve(form, linear) / 2
    squares: Matrix = np.einsum("pi,ij,pj->p", centred, form, centred)
    return squares
