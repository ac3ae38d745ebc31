"""Checks of the arguments, once for all backends."""

from __future__ import annotations

import torch
from torch import Tensor

TYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
"""What can be computed with; the first two are computed in float32."""


def check_action_problem(coefficients: Tensor, generators: Tensor, points: Tensor) -> None:
    """Raise unless coefficients, generators and points ``(..., B, c, n)`` fit each other.

    Raises:
        ValueError: Shows the shapes, types or devices that do not.
    """
    z, g, x = coefficients.shape, generators.shape, points.shape
    # What fits is seen at once; only what does not is looked into. Small batches feel it.
    fits = (
        len(x) >= 3
        and len(g) == len(x)
        and z[:-1] == x[:-2]
        and g[:-3] == x[:-3]
        and z[-1] == g[-3]
        and g[-2] == g[-1] == x[-1] > 0
        and coefficients.dtype == generators.dtype == points.dtype
        and coefficients.device == generators.device == points.device
        and points.dtype in TYPES
    )
    if not fits:
        check_elements_problem(coefficients, generators)
        _check_points(coefficients, generators, points)


def check_elements_problem(coefficients: Tensor, generators: Tensor) -> None:
    """Raise unless coefficients ``(..., B, k)`` and generators ``(..., k, n, n)`` fit.

    Raises:
        ValueError: Shows both shapes.
    """
    check_matrices(generators)
    fits = (
        coefficients.ndim >= 2
        and generators.ndim == coefficients.ndim + 1
        and coefficients.shape[:-2] == generators.shape[:-3]
        and coefficients.shape[-1] == generators.shape[-3]
    )
    if not fits:
        raise ValueError(
            "coefficients must be (..., B, k) and generators (..., k, n, n); "
            f"got {tuple(coefficients.shape)} and {tuple(generators.shape)}"
        )
    _check_same("coefficients", coefficients, "generators", generators)


def _check_points(coefficients: Tensor, generators: Tensor, points: Tensor) -> None:
    fits = (
        points.ndim == coefficients.ndim + 1
        and points.shape[:-2] == coefficients.shape[:-1]
        and points.shape[-1] == generators.shape[-1]
    )
    if not fits:
        expected = (*coefficients.shape[:-1], "c", generators.shape[-1])
        raise ValueError(
            f"points must have shape ({', '.join(map(str, expected))}); got {tuple(points.shape)}"
        )
    _check_same("points", points, "generators", generators)


def check_matrices(matrices: Tensor) -> None:
    """Raise unless these are square floating-point matrices ``(..., n, n)``.

    Raises:
        ValueError: Shows the shape or the type.
    """
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2]:
        raise ValueError(f"matrices must be square (..., n, n); got {tuple(matrices.shape)}")
    if matrices.shape[-1] == 0:
        raise ValueError(f"matrices must be at least 1 by 1; got {tuple(matrices.shape)}")
    if matrices.dtype not in TYPES:
        known = ", ".join(str(dtype).removeprefix("torch.") for dtype in TYPES)
        raise ValueError(f"matrices must be of type {known}; got {matrices.dtype}")


def _check_same(name: str, tensor: Tensor, other_name: str, other: Tensor) -> None:
    if tensor.dtype != other.dtype or tensor.device != other.device:
        raise ValueError(
            f"{name} ({tensor.dtype}, {tensor.device}) and {other_name} "
            f"({other.dtype}, {other.device}) must have one type and device"
        )
