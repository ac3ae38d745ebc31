"""Coordinates in which the flow of an affine field is a shift."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.vector_fields import VectorFields


def flow_time(fields: VectorFields, x: Tensor) -> Tensor:
    """A function τ with X(τ) = 1: along the flow it grows as time does.

    With H the matrix of the field on (x, 1), H = [[A, b], [0, 0]], and w a left eigenvector for the
    eigenvalue λ, w·(x, 1) grows as exp(λ t). τ is arg(w·(x, 1)) / Im λ where the field turns, which
    jumps by a period once a turn, else log|w·(x, 1)| / λ; for the eigenvalue of largest modulus.

    Args:
        fields: One affine field.
        x: ``(..., d)`` float64.

    Returns:
        ``(...)``, in units of the parameter of the flow.

    Raises:
        DataError: Not one field, or one that is not affine, or neither turns nor scales.
    """
    matrices = fields.affine_matrices()
    if len(fields) != 1 or matrices is None:
        raise DataError(
            f"a time is that of one affine field; got {len(fields)} in {fields.library.spec}"
        )
    values, vectors = torch.linalg.eig(matrices[0].T)
    place = int(values.abs().argmax())
    value, vector = values[place], vectors[:, place]
    if float(value.abs()) < 1e-6 * float(matrices.abs().max()):
        raise DataError("the field neither turns nor scales: it has no eigenvalue but 0")
    ones = torch.ones_like(x[..., :1])
    grown = torch.cat([x, ones], dim=-1).to(vector.dtype) @ vector
    if abs(float(value.imag)) > abs(float(value.real)):
        turned: Tensor = grown.angle() / value.imag
        return turned
    scaled: Tensor = grown.abs().log() / value.real
    return scaled
