"""Vector fields that commute with those of a group: the equations that it allows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.algebra.sparse import sparse_basis
from symdisc.errors import OptionError
from symdisc.fields.library import Library
from symdisc.fields.vector_fields import VectorFields
from symdisc.fields.whitening import whitened

CHANGE = 0.2
"""Size of the bracket, for fields of size 1 and a group that turns at speed 1, up to which a field
commutes. What a rotation moves has at least 1; errors of a generator by a few percent count
several times where functions are nearly the same on the data [1]."""

POINTS = 2000
"""Most points at which brackets are compared."""

MOST_UNKNOWNS = 2000
"""Functions times coordinates, whose square has to fit into memory."""

MOST_TURNED = 100
"""Fields up to which a sparse basis is looked for, which takes minutes for many."""

CLOSED = 1e-6
"""Share of the fields up to which functions of z are told as functions of S z [1]."""

_AT_ONCE = 100


def commuting(
    fields: VectorFields, functions: Library, points: Tensor, frame: Tensor | None = None
) -> VectorFields:
    """All fields F in a library with [X_l, F] = 0 for all l, of a few a sparse basis.

    An autonomous equation dz/dt = F(z) is taken to itself by the group of the X_l where this
    holds. For a linear X = L z and F = Ξᵀ Θ(z) it is the linear system M(L) Ξ = Ξ Lᵀ of
    Yang, Rao, Dehmamy, Walters and Yu (Symmetry-Informed Governing Equation Discovery, NeurIPS
    2024, arXiv:2405.16756). Here brackets are compared at points, so that any library will do:
    what is not closed under the group leaves no solution but those that are.

    Args:
        fields: X_1 … X_k on R^d.
        functions: Θ, m functions on R^d.
        points: ``(P, d)`` float64, where the equation has to hold.
        frame: S, ``(d, d)``: sizes are those in coordinates S z, where a rotation turns circles,
            and there the basis is sparse; ``None``: in z.

    Returns:
        b fields, 0 ≤ b ≤ m·d.

    Raises:
        OptionError: There are too many unknowns.
    """
    found = brackets(fields, functions, points, frame)
    kept = found.squares <= CHANGE**2
    every = found.field(found.directions[:, kept].T)
    if not 0 < len(every) <= MOST_TURNED:
        return every
    x = points[:: max(1, len(points) // POINTS)]
    return _sparse(every, x, found.frame)


@dataclass(frozen=True, eq=False)
class Brackets:
    """How much each field of a library fails to commute with a group.

    The fields are sums Σ c_ri φ_r ∂/∂w_i in coordinates w = S z, of r functions φ that are
    orthonormal on the points, so that the mean square of a field is Σ c².

    Attributes:
        fields: X_1 … X_k.
        functions: The library.
        frame: S, ``(d, d)``.
        basis: The φ as sums of its m functions, ``(m, r)``.
        directions: Coefficients c of orthonormal fields, as columns, ``(r·d, r·d)``.
        squares: Mean square of the brackets of each, over that of a group of speed 1, ``(r·d,)``,
            ascending [1].
    """

    fields: VectorFields
    functions: Library
    frame: Tensor
    basis: Tensor
    directions: Tensor
    squares: Tensor

    def field(self, coefficients: Tensor) -> VectorFields:
        """The fields with coefficients c ``(b, r·d)``."""
        shaped = coefficients.reshape(-1, self.basis.shape[1], self.functions.size)
        found = torch.einsum("mr,bri->bmi", self.basis, shaped)
        inverse = torch.linalg.inv(self.frame)
        return VectorFields(self.functions, found @ inverse.T, self.fields.names)


def brackets(
    fields: VectorFields, functions: Library, points: Tensor, frame: Tensor | None = None
) -> Brackets:
    """Brackets of all fields of a library with those of a group; see :func:`commuting`.

    Raises:
        OptionError: There are too many unknowns.
    """
    unknowns = len(functions) * functions.size
    if unknowns > MOST_UNKNOWNS:
        raise OptionError(
            f"{len(functions)} functions of {functions.size} coordinates make {unknowns:,} unknown "
            f"coefficients, more than {MOST_UNKNOWNS:,}; take a lower degree, or leave the "
            "symmetry out with --symmetry none"
        )
    values = functions.values(points)
    basis = whitened(values.T @ values / len(points))
    x = points[:: max(1, len(points) // POINTS)]
    frame = torch.eye(functions.size, dtype=torch.float64) if frame is None else frame
    gram = sum(_gram(fields, functions, basis, frame, part) for part in torch.split(x, _AT_ONCE))
    rates = _slopes(fields, frame, x).square().sum((-1, -2)).mean() / functions.size
    squares, directions = torch.linalg.eigh(gram / len(x))
    return Brackets(fields, functions, frame, basis, directions, squares / (rates * len(fields)))


def _sparse(fields: VectorFields, x: Tensor, frame: Tensor) -> VectorFields:
    """Sums of the fields that are sparse in coordinates S z, or in z where these need others."""
    functions = fields.library.values(x @ frame.T)
    values = (fields.values(x) @ frame.T).flatten(1)
    columns = torch.linalg.lstsq(functions, values, driver="gelsd").solution
    if (functions @ columns - values).square().mean() > CLOSED**2 * values.square().mean():
        return fields.sparse()
    rows = columns.reshape(-1, len(fields), fields.size).transpose(0, 1).flatten(1)
    orthonormal = torch.linalg.qr(rows.T)[0].T
    found = sparse_basis(orthonormal.reshape(len(fields), -1, fields.size).numpy())
    wanted = torch.from_numpy(found).flatten(1)
    return fields.along(wanted @ torch.linalg.pinv(rows))


def _gram(
    fields: VectorFields, functions: Library, basis: Tensor, frame: Tensor, x: Tensor
) -> Tensor:
    """Products of the brackets of X_l with each φ_r ∂/∂w_i, summed over points and l."""
    phi = functions.values(x) @ basis
    slopes = torch.einsum("pmj,mr->prj", functions.jacobian(x), basis)
    along = torch.einsum("prj,pkj->pkr", slopes, fields.values(x))
    same = torch.eye(functions.size, dtype=torch.float64)
    first = torch.einsum("pkr,ji->pkjri", along, same)
    second = torch.einsum("pr,pkji->pkjri", phi, _slopes(fields, frame, x))
    rows = (first - second).reshape(-1, phi.shape[1] * functions.size)
    gram: Tensor = rows.T @ rows
    return gram


def _slopes(fields: VectorFields, frame: Tensor, x: Tensor) -> Tensor:
    """Derivatives of the fields in coordinates w = S z, ``(P, k, d, d)``."""
    slopes: Tensor = frame @ fields.jacobian(x) @ torch.linalg.inv(frame)
    return slopes
