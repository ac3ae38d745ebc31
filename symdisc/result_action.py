"""A result put to use on arrays: conversion, checks of shapes, and the action itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.algebra.one_parameter import rotation_speeds
from symdisc.errors import DataError
from symdisc.fields.action import move_along
from symdisc.latent_space import in_latent_coordinates
from symdisc.linear_action import move, move_by
from symdisc.own_units import in_alike_units
from symdisc.representations import Representation
from symdisc_kernels import group_action

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

ArrayT = TypeVar("ArrayT", NDArray[np.floating], Tensor)
Coefficients = float | Sequence[float] | NDArray[np.floating] | Tensor

DEFAULT_COEFFICIENT = 0.3
"""How far one generator moves where nothing is said."""

SEEDS = 2**62
"""How many seeds there are, counted from 0, as for runs."""

ORBIT_POINTS = 201
"""Points of an orbit whose parameters are not given."""


def to_tensor(values: object, what: str) -> Tensor:
    """A float64 tensor on the device of ``values``.

    Raises:
        DataError: Neither a numpy array nor a torch tensor, or not real numbers.
    """
    if isinstance(values, np.ndarray):
        if values.dtype.kind not in "fiub":
            raise DataError(f"{what} must hold real numbers; its dtype is {values.dtype}")
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float64))
    if not isinstance(values, Tensor):
        raise DataError(
            f"{what} must be a numpy array or a torch tensor; got {type(values).__name__}"
        )
    if values.is_complex():
        raise DataError(f"{what} must hold real numbers; its dtype is {values.dtype}")
    return values.double()


def like(moved: Tensor, given: ArrayT) -> ArrayT:
    """Moved values in the kind and floating type of what was given (float64 for integers)."""
    if isinstance(given, Tensor):
        return moved.to(given.dtype) if given.is_floating_point() else moved
    values = moved.numpy()
    return values.astype(given.dtype) if given.dtype.kind == "f" else values


def coefficient_row(result: SymmetryResult, t: Coefficients | None) -> Tensor:
    """Coefficients ``(k,)`` from a number or a sequence.

    Raises:
        DataError: There is not one finite number for each generator, or a finite group is asked
            for what lies between its elements.
    """
    k = len(result.generators)
    if t is None and k == 0:
        return torch.zeros(0, dtype=torch.float64)
    if t is None:
        t = DEFAULT_COEFFICIENT if result.order is None else 1.0
    values = torch.as_tensor(t, dtype=torch.float64).detach().cpu()
    row = values.reshape(1) if values.ndim == 0 else values
    if k == 0 and len(row):
        raise DataError(
            "this group is discrete, so that there are no coefficients; leave t out, and choose an "
            "element by component"
        )
    if row.shape != (k,):
        given = "one number" if values.ndim == 0 else f"shape {tuple(values.shape)}"
        raise DataError(
            f"t must have one coefficient for each generator, shape ({k},); got {given}; "
            f"for instance t={[0.3, *[0.0] * (k - 1)]}"
        )
    if not bool(torch.isfinite(row).all()):
        raise DataError(f"t must be finite; got {row.tolist()}")
    check_whole(result, row)
    return row


def random_coefficients(result: SymmetryResult, n: int, scale: float, seed: int) -> Tensor:
    """Coefficients ``(n, k)``: normal ones, or random steps of a finite group.

    Args:
        result: What was found.
        n: How many group elements to draw.
        scale: Standard deviation [1]; of no use for a finite group.
        seed: Seed of the random numbers.

    Raises:
        DataError: There is no such standard deviation or no such seed.
    """
    if not 0 <= scale < math.inf:
        raise DataError(f"scale is a standard deviation, at least 0 and finite; got {scale}")
    if not 0 <= seed < SEEDS:
        raise DataError(f"seed must be a whole number from 0 to {SEEDS - 1}; got {seed}")
    rng = torch.Generator().manual_seed(seed)
    shape = (n, len(result.generators))
    if result.order is None:
        return scale * torch.randn(shape, generator=rng, dtype=torch.float64)
    return torch.randint(result.order, shape, generator=rng).double()


def check_whole(result: SymmetryResult, t: Tensor) -> None:
    """Raise if a finite group is asked for what lies between its elements.

    Raises:
        DataError: Says which group it is.
    """
    if result.order is not None and not torch.equal(t, t.round()):
        raise DataError(
            f"the symmetry is the finite group C_{result.order}: t must be a whole number of "
            f"steps; got {t.tolist()}"
        )


def act(
    result: SymmetryResult, coefficients: Tensor, states: Tensor, elements: Tensor | None = None
) -> Tensor:
    """Move states ``(..., size)`` by exp(Σ z_i L_i) h; one row of coefficients, or one a sample.

    Likewise one matrix h ``(1, n, n)``, or one a sample; ``None``: the identity.

    Where the result has a centre c, a state x moves to g(x − c) + c; where it has learned
    coordinates, it moves there; where it has vector fields, along their flow.

    Raises:
        DataError: The shape of the states does not fit.
        UnknownComponentError: The encoder of the result is not installed.
    """
    size = result.representation.size
    if states.ndim not in (1, 2, 3) or states.shape[-1] != size:
        raise DataError(
            f"x has shape {tuple(states.shape)}; the generators act on states of shape ({size},), "
            f"(N, {size}) or (N, steps, {size}), representation '{result.representation}'"
        )
    if result.latent is not None:
        codes = result.latent.encode(states)
        return result.latent.decode(act(in_latent_coordinates(result), coefficients, codes))
    batch = states[None] if states.ndim == 1 else states
    if result.fields is not None:
        z = coefficients.expand(len(batch), -1)
        moved = move_along(result.fields, z, batch, result.representation)
        return moved[0] if states.ndim == 1 else moved
    centre = 0.0 if result.centre is None else result.centre.to(batch.device)
    form = result.representation
    moved = _move(result, coefficients, batch - centre, form, elements) + centre
    return moved[0] if states.ndim == 1 else moved


def act_on_targets(
    result: SymmetryResult,
    coefficients: Tensor,
    targets: Tensor,
    n_samples: int,
    elements: Tensor | None = None,
) -> Tensor:
    """Move targets ``(N, m)`` as their representation says.

    Raises:
        DataError: The shape of the targets does not fit.
    """
    representation = result.target_representation
    if targets.shape[:1] != (n_samples,):
        raise DataError(
            f"y has shape {tuple(targets.shape)}, but x has {n_samples} samples; "
            f"y needs {n_samples} rows"
        )
    if result.target_generators is not None:
        return _by_matrices(result.target_generators, coefficients, targets)
    if representation is None or representation.n_vectors == 0:
        return targets
    if targets.shape != (n_samples, representation.size):
        raise DataError(
            f"y has shape {tuple(targets.shape)}; the target representation "
            f"'{representation}' needs ({n_samples}, {representation.size})"
        )
    if result.fields is not None:
        return move_along(result.fields, coefficients, targets, representation)
    return _move(result, coefficients, targets, representation, elements)


def _by_matrices(matrices: Tensor, coefficients: Tensor, targets: Tensor) -> Tensor:
    if targets.shape[1:] != matrices.shape[2:]:
        raise DataError(
            f"y has shape {tuple(targets.shape)}; the matrices that move the targets need "
            f"(N, {matrices.shape[2]})"
        )
    moved: Tensor = group_action(coefficients, matrices.to(targets), targets[:, None])
    return moved[:, 0]


def one_period(result: SymmetryResult, generator: int) -> Tensor:
    """Parameters of a whole orbit: one period of a rotation, else −1 to 1."""
    if result.order is not None:
        return torch.arange(result.order + 1, dtype=torch.float64)
    if result.fields is not None:
        return torch.linspace(-1, 1, ORBIT_POINTS, dtype=torch.float64)
    matrix = in_alike_units(result).generators[generator]
    speeds = rotation_speeds(matrix.numpy())
    if speeds is None or not speeds.whole:
        return torch.linspace(-1, 1, ORBIT_POINTS, dtype=torch.float64)
    fastest = torch.linalg.eigvals(matrix).abs().max()
    period = 2 * math.pi * max(speeds.whole) / float(fastest)
    return torch.linspace(0, period, ORBIT_POINTS, dtype=torch.float64)


def _move(
    result: SymmetryResult,
    coefficients: Tensor,
    values: Tensor,
    representation: Representation,
    elements: Tensor | None,
) -> Tensor:
    if elements is not None:
        each = elements.to(values).expand(len(values), -1, -1)
        values = move_by(each, values, representation)
    z = coefficients.to(values.device).expand(len(values), -1)
    return move(z, result.generators.to(values.device), values, representation, result.blocks)
