"""Fields compared on a domain, given by points that fill it."""

from __future__ import annotations

import numpy as np
import scipy.linalg
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.vector_fields import VectorFields


def similarity(first: VectorFields, second: VectorFields, points: Tensor) -> float:
    """|Σ ⟨X, Y⟩| / √(Σ|X|² Σ|Y|²) over points of a domain, of two fields [1].

    Args:
        first: One field.
        second: One field.
        points: ``(P, d)`` float64.

    Raises:
        DataError: Not one field each.

    Reference:
        Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024; the
        integrals there are means over the points here.
    """
    if (len(first), len(second)) != (1, 1):
        raise DataError(
            f"a similarity compares one field with one; got {len(first)} and {len(second)}; use "
            "largest_field_angle()"
        )
    a, b = first.values(points), second.values(points)
    sizes = float((a.square().sum() * b.square().sum()).sqrt())
    return abs(float((a * b).sum())) / sizes if sizes > 0 else 0.0


def largest_field_angle(span: VectorFields, into: VectorFields, points: Tensor) -> float:
    """Largest principal angle from one span of fields into another one [degrees].

    It is 0 if ``span`` lies in ``into``, and 90 if ``span`` has the higher dimension. Lengths and
    angles are those of the values at the points.

    Args:
        span: Fields that are linearly independent at the points.
        into: The same.
        points: ``(P, d)`` float64.

    Raises:
        DataError: There are no points, or fields depend on each other there.
    """
    if len(span) > len(into):
        return 90.0
    if len(points) == 0:
        raise DataError("there are no points to compare fields at")
    columns = [f.values(points).permute(0, 2, 1).flatten(0, 1).numpy() for f in (span, into)]
    if any(np.linalg.matrix_rank(part) < part.shape[1] for part in columns):
        raise DataError("fields that are zero or depend on each other at the points span no angle")
    return float(np.rad2deg(scipy.linalg.subspace_angles(*columns).max()))


def box(points: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Random points ``(count, d)`` of the bounding box of points ``(P, d)``."""
    low, high = points.min(0).values, points.max(0).values
    drawn = torch.rand(count, points.shape[1], generator=rng, dtype=torch.float64)
    return low + drawn * (high - low)
