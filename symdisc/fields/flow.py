"""Flows of vector fields: where points are after moving along Σ z_l X_l for unit time."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.integrate import DOP853
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.vector_fields import VectorFields
from symdisc_kernels import group_action

Vector = NDArray[np.float64]

PRECISION = 1e-9
"""Error of a step of the integrator, relative to the size of the points [1]."""

FAR = 1e9
"""Distance at which a point has run off to infinity, relative to the size of the points [1]."""


def flow(fields: VectorFields, coefficients: Tensor, points: Tensor) -> Tensor:
    """Move points along Σ_l z_l X_l from time 0 to 1.

    Affine fields move by a matrix exponential. Others are integrated by the Runge–Kutta method of
    order 8 (Dormand, Prince; Hairer, Nørsett, Wanner: Solving Ordinary Differential Equations I,
    1993) as implemented in scipy, all points together.

    Args:
        fields: X_1 … X_k.
        coefficients: z, ``(B, k)`` float64; all points of a row share them.
        points: ``(B, c, d)`` float64.

    Returns:
        ``(B, c, d)``.

    Raises:
        DataError: Points run off to infinity in this time.
    """
    matrices = fields.affine_matrices()
    if matrices is not None:
        ones = torch.ones_like(points[..., :1])
        padded = torch.cat([points, ones], dim=-1)
        moved: Tensor = group_action(coefficients, matrices.to(points), padded)
        return moved[..., :-1]
    return _integrated(fields, coefficients, points) if points.numel() else points


def _integrated(fields: VectorFields, coefficients: Tensor, points: Tensor) -> Tensor:
    size = float(points.abs().max()) or 1.0
    weights = coefficients.cpu()[:, None, :, None]

    def velocity(_: float, flat: Vector) -> Vector:
        x = torch.from_numpy(flat).reshape(points.shape)
        found = (weights * fields.values(x)).sum(-2)
        return np.asarray(found.flatten().numpy())

    start = points.cpu().flatten().numpy()
    with np.errstate(all="ignore"):
        solver = DOP853(velocity, 0.0, start, 1.0, rtol=PRECISION, atol=PRECISION * size)
        while solver.status == "running":
            problem = solver.step()
            if problem is not None or not np.abs(solver.y).max() < FAR * size:
                raise DataError(
                    f"points run off to infinity at {solver.t:.2g} of the way along the fields; "
                    "take smaller t"
                )
    return torch.from_numpy(np.asarray(solver.y)).reshape(points.shape).to(points.device)
