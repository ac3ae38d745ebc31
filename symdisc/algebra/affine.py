"""The name of the group of affine maps of a plane, as it moves images.

A generator is ``[[A, b], [0, 0]]``: a point p = (x, y) moves with velocity A p + b. The origin is
the centre of the image, x points right and y down, and the longer side reaches from −1 to 1 (see
:mod:`symdisc.image_action`), so that A and b have comparable sizes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from symdisc.algebra.forms import Matrix, kept_form
from symdisc.algebra.one_parameter import rotation_speeds
from symdisc.algebra.spans import numerical_rank, orthonormal_basis
from symdisc.algebra.tolerances import TOLERANCES, GroupName, percent

Vector = NDArray[np.float64]
PLANE = 2
ALL_AFFINE = 6
"""Dimension of the group of all affine maps of a plane."""


@dataclass(frozen=True, eq=False)
class Turn:
    """A rotation about a point of the image, perhaps along ellipses.

    Attributes:
        centre: The point (x, y) that stays, ``(2,)`` [half of the longer side].
        form: Q ``(2, 2)``, positive definite, of norm 1: (p − centre)ᵀ Q (p − centre) is kept.
        residual: How much Q changes, as in :class:`symdisc.algebra.forms.KeptForm` [1].
        condition: Longer over shorter axis of the ellipses [1].
    """

    centre: Vector
    form: Matrix
    residual: float
    condition: float


def name_affine(generators: Tensor, grid: tuple[int, int]) -> GroupName:
    """Name the group of exp(Σ z_i L_i) as it moves images.

    Names:

    - "translations of images": one generator without linear part, or two.
    - "SO(2) on images": one generator whose linear part rotates, about any point, along circles
      or along ellipses of condition up to ``TOLERANCES.condition``.
    - "scaling of images": one generator whose linear part is a multiple of the identity.
    - "SE(2) on images": two translations and a rotation.
    - "all affine maps of images": six generators.

    Args:
        generators: ``(k, 3, 3)``, finite, with last row zero.
        grid: Rows and columns of the image, for the place of a centre in pixels.

    Returns:
        The name and one sentence with the numbers behind it; "unidentified, dimension k" where
        no rule fits, with the reason.
    """
    rank = numerical_rank(generators)
    if rank == 0:
        return _unidentified(0, "all generators are zero")
    if rank == 1:
        return _one(orthonormal_basis(generators)[0].numpy(), grid)
    return _several(orthonormal_basis(generators).numpy())


def turn_of(generator: Matrix) -> Turn | None:
    """The centre and the kept form of a generator that rotates, else ``None``.

    Args:
        generator: ``(3, 3)``, finite, with last row zero.
    """
    linear, shift = generator[:PLANE, :PLANE], generator[:PLANE, PLANE]
    if _is_translation(generator) or rotation_speeds(linear) is None:
        return None
    form = kept_form(linear[None])
    definite = form.residual <= TOLERANCES.kept and form.signature == (PLANE, 0)
    if not definite or form.condition > TOLERANCES.condition:
        return None
    centre = np.asarray(-np.linalg.solve(linear, shift), dtype=np.float64)
    return Turn(centre, form.matrix, form.residual, form.condition)


def in_pixels(point: Vector, grid: tuple[int, int]) -> tuple[float, float]:
    """Column and row of a point (x, y), counted from 0 at the centre of the first pixel."""
    rows, columns = grid
    longest = max(grid)
    x, y = (float(value) for value in point)
    return (x * longest + columns - 1) / 2, (y * longest + rows - 1) / 2


def _one(generator: Matrix, grid: tuple[int, int]) -> GroupName:
    linear = generator[:PLANE, :PLANE]
    if _is_translation(generator):
        return _translation(generator)
    turn = turn_of(generator)
    if turn is not None:
        return GroupName(f"SO(2) on images {_about(turn.centre)}", _turning(turn, grid))
    rate = float(np.trace(linear)) / PLANE
    error = float(np.linalg.norm(linear - rate * np.eye(PLANE)) / np.linalg.norm(linear))
    if error <= TOLERANCES.scaling:
        centre = -generator[:PLANE, PLANE] / rate
        return GroupName(
            f"scaling of images {_about(centre)}",
            f"the linear part is a multiple of the identity within {percent(error)}, "
            f"{_place(centre, grid)}",
        )
    eigenvalues = np.linalg.eigvals(linear)
    largest, size = float(np.abs(eigenvalues).max()), float(np.linalg.norm(linear))
    if largest <= TOLERANCES.nilpotent * size:
        return _unidentified(
            1,
            "no eigenvalue of the linear part can be told from zero: the largest has modulus "
            f"{largest / size:.3f} of its norm, as for a shear",
        )
    eigenvalues = eigenvalues / largest
    listed = ", ".join(f"{v.real:+.2f}{v.imag:+.2f}i" for v in eigenvalues)
    return _unidentified(
        1,
        f"eigenvalues {listed} of the linear part are neither those of a rotation nor of a "
        "scaling, and it is no translation",
    )


def _several(basis: Matrix) -> GroupName:
    """Name an orthonormal basis ``(k, 3, 3)`` by the translations in its span."""
    k = len(basis)
    if k == ALL_AFFINE:
        return GroupName("all affine maps of images", "6 independent generators")
    linear = basis[:, :PLANE, :PLANE].reshape(k, -1)
    weights, sizes, _ = np.linalg.svd(linear)
    sizes = np.pad(sizes, (0, max(0, k - len(sizes))))
    shifts = int((sizes <= TOLERANCES.scaling).sum())
    largest = float(sizes[k - shifts :].max(initial=0.0))
    without = f"{shifts} independent translations, linear part below {percent(largest)}"
    if shifts == k == PLANE:
        return GroupName("translations of images", f"{without}, in all directions")
    if shifts == PLANE and k == PLANE + 1:
        turn = turn_of(np.einsum("k,kij->ij", weights[:, 0], basis))
        if turn is not None:
            evidence = f"{without}, and a rotation: {_ellipse(turn)}"
            return GroupName("SE(2) on images", evidence)
    return _unidentified(
        k,
        f"{k} independent generators with {shifts} translations in their span are neither those "
        "of SE(2) nor all translations",
    )


def _is_translation(generator: Matrix) -> bool:
    linear = np.linalg.norm(generator[:PLANE, :PLANE])
    return bool(linear <= TOLERANCES.scaling * np.linalg.norm(generator))


def _translation(generator: Matrix) -> GroupName:
    shift = generator[:PLANE, PLANE] / np.linalg.norm(generator[:PLANE, PLANE])
    # A direction and its opposite are the same group: x is positive, or y where x is 0.
    if (round(shift[0], 2), shift[1]) < (0, 0):
        shift = -shift
    x, y = (value + 0.0 for value in np.round(shift, 2))
    share = float(np.linalg.norm(generator[:PLANE, :PLANE]) / np.linalg.norm(generator))
    angle = math.degrees(math.atan2(-shift[1], shift[0])) % 180
    return GroupName(
        f"translations of images along ({x:.2f}, {y:.2f})",
        f"the linear part is {percent(share)} of the generator; the direction is {angle:.0f} "
        "degrees from the rows of the image, counterclockwise",
    )


def _turning(turn: Turn, grid: tuple[int, int]) -> str:
    return (
        f"the linear part has imaginary eigenvalues, {_ellipse(turn)}, {_place(turn.centre, grid)}"
    )


def _ellipse(turn: Turn) -> str:
    return (
        f"it keeps a positive definite form within {percent(turn.residual)} (its ellipses are "
        f"{turn.condition:.2f} times as long as wide)"
    )


def _about(centre: Vector) -> str:
    x, y = (value + 0.0 for value in np.round(centre, 2))
    return f"about the point ({x:.2f}, {y:.2f})"


def _place(centre: Vector, grid: tuple[int, int]) -> str:
    column, row = in_pixels(centre, grid)
    return (
        f"the fixed point lies at column {column:.1f} and row {row:.1f} of {grid[1]} × {grid[0]} "
        "pixels, counted from 0"
    )


def _unidentified(dimension: int, reason: str) -> GroupName:
    return GroupName(f"unidentified, dimension {dimension}", reason)
