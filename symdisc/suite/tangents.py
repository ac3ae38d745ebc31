"""How a result moves states a little, and the angle to how the true symmetry does."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from symdisc.result import SymmetryResult

Values = NDArray[np.float64]

_STEP = 1e-2
"""Coefficient of the moves by whose difference a velocity is told [1]: networks that carry states
to learned coordinates compute in float32."""

_RANK = 1e-6
"""Singular values below this share of the largest count as zero [1]."""


def velocities(result: SymmetryResult, states: Values) -> Values:
    """Velocities ``(N, k, size)`` of states ``(N, size)`` along each generator, by differences.

    So matrices, matrices about a centre, matrices of learned coordinates and vector fields are
    all treated alike.
    """
    steps = _STEP * np.eye(len(result.generators))
    moved = [
        (
            result.transform(states, t=step, component=0)
            - result.transform(states, t=-step, component=0)
        )
        for step in steps
    ]
    if not moved:
        return np.zeros((len(states), 0, states.shape[1]))
    return np.asarray(np.stack(moved, axis=1) / (2 * _STEP), dtype=np.float64)


def span_angle(first: Values, second: Values, spread: Values) -> float:
    """Largest principal angle between two spans of fields, the smaller one into the other [deg].

    Args:
        first: Velocities ``(N, k, size)``.
        second: Velocities ``(N, m, size)`` of the same states.
        spread: By which velocities are divided, ``(size,)``; coordinates of spread 0 are left out.

    Returns:
        The angle; 90 where fields depend on each other, are zero or not finite.
    """
    if not _finite(first, second):
        return 90.0
    varied = spread > 0
    columns = [_columns(part[..., varied] / spread[varied]) for part in (first, second)]
    if not all(_independent(part) for part in columns):
        return 90.0
    return float(np.rad2deg(scipy.linalg.subspace_angles(*columns).max()))


def direction_angle(first: Values, second: Values, spread: Values) -> float:
    """The angle whose cosine is the mean over states of that between two fields [deg].

    Args:
        first: Velocities ``(N, 1, size)``.
        second: Velocities ``(N, 1, size)`` of the same states; lengths do not matter.
        spread: As in :func:`span_angle`.

    Returns:
        The angle; 90 where a field is zero everywhere or not finite somewhere. It is the least over
        both orientations.
    """
    if not _finite(first, second):
        return 90.0
    varied = spread > 0
    a, b = (part[:, 0, varied] / spread[varied] for part in (first, second))
    sizes = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    some = sizes > 0
    if not some.any():
        return 90.0
    cosine = abs(((a * b).sum(1)[some] / sizes[some]).mean())
    return float(np.rad2deg(np.arccos(min(cosine, 1.0))))


def outside_angle(found: Values, true: Values, spread: Values) -> float:
    """How far found fields leave the span of the true ones, state by state [deg].

    Sums of true fields whose weights differ from state to state count as inside: a function that
    stays the same along fields does so along them.

    Args:
        found: Velocities ``(N, k, size)``.
        true: Velocities ``(N, m, size)`` of the same states.
        spread: As in :func:`span_angle`.

    Returns:
        The angle whose sine is the root mean square share that lies outside, of the worst field; 90
        where a field is not finite somewhere.
    """
    if not _finite(found, true):
        return 90.0
    varied = spread > 0
    a, b = (part[..., varied] / spread[varied] for part in (found, true))
    left, values, basis = np.linalg.svd(b, full_matrices=False)
    del left
    basis = basis * (values > _RANK * values.max())[..., None]
    rest = a - (a @ basis.transpose(0, 2, 1)) @ basis
    shares = np.sqrt((rest**2).sum((0, 2)) / np.maximum((a**2).sum((0, 2)), np.finfo(float).tiny))
    return float(np.rad2deg(np.arcsin(min(shares.max(), 1.0))))


def _finite(*fields: Values) -> bool:
    return all(bool(np.isfinite(part).all()) for part in fields)


def _columns(fields: Values) -> Values:
    return fields.transpose(0, 2, 1).reshape(-1, fields.shape[1])


def _independent(columns: Values) -> bool:
    values = np.linalg.svd(columns, compute_uv=False)
    return bool(values[-1] > _RANK * values[0])
