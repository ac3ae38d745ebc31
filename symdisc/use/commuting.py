"""Vector fields that commute with those of a group: the equations that it allows."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.algebra.sparse import sparse_basis
from symdisc.errors import OptionError
from symdisc.fields.library import Library
from symdisc.fields.vector_fields import VectorFields
from symdisc.fields.whitening import whitened

CHANGE = 0.1
"""Size of the bracket, for fields of size 1 and a group that turns at speed 1, up to which a field
commutes; functions that a rotation by small whole numbers of turns moves have at least 1 [1]."""

POINTS = 2000
"""Most points at which brackets are compared."""

MOST_UNKNOWNS = 2000
"""Functions times coordinates, whose square has to fit into memory."""

CLOSED = 1e-6
"""Share of the fields up to which functions of z are told as functions of S z [1]."""

_AT_ONCE = 100


def commuting(
    fields: VectorFields, functions: Library, points: Tensor, frame: Tensor | None = None
) -> VectorFields:
    """All fields F in a library with [X_l, F] = 0 for all l, a sparse basis of them.

    An autonomous equation dz/dt = F(z) is taken to itself by the group of the X_l where this
    holds. For a linear X = L z and F = Ξᵀ Θ(z) it is the linear system M(L) Ξ = Ξ Lᵀ of
    Yang, Rao, Dehmamy, Walters and Yu (Symmetry-Informed Governing Equation Discovery, NeurIPS
    2024, arXiv:2405.16756). Here brackets are compared at points, so that any library will do:
    what is not closed under the group leaves no solution but those that are.

    Args:
        fields: X_1 … X_k on R^d.
        functions: Θ, m functions on R^d.
        points: ``(P, d)`` float64, where the equation has to hold.
        frame: S, ``(d, d)``: the basis is sparse in coordinates S z, where a rotation turns
            circles; ``None``: in z.

    Returns:
        b fields, 0 ≤ b ≤ m·d.

    Raises:
        OptionError: There are too many unknowns.
    """
    unknowns = len(functions) * functions.size
    if unknowns > MOST_UNKNOWNS:
        raise OptionError(
            f"{len(functions)} functions of {functions.size} coordinates make {unknowns:,} unknown "
            f"coefficients, more than {MOST_UNKNOWNS:,}; take a lower degree, or leave the "
            "symmetry out with --free"
        )
    x = points[:: max(1, len(points) // POINTS)]
    values = functions.values(x)
    basis = whitened(values.T @ values / len(x))
    gram = sum(_gram(fields, functions, basis, part) for part in torch.split(x, _AT_ONCE))
    rates = fields.jacobian(x).square().sum((-1, -2)).mean() / functions.size
    squares, directions = torch.linalg.eigh(gram / len(x))
    kept = squares <= CHANGE**2 * rates * len(fields)
    weights = directions[:, kept].reshape(basis.shape[1], functions.size, int(kept.sum()))
    found = torch.einsum("mr,rib->bmi", basis, weights)
    every = VectorFields(functions, found, fields.names)
    if len(every) == 0:
        return every
    return _sparse(every, x, torch.eye(functions.size).double() if frame is None else frame)


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


def _gram(fields: VectorFields, functions: Library, basis: Tensor, x: Tensor) -> Tensor:
    """Products of the brackets of X_l with each φ_r ∂/∂x_i, summed over points and l."""
    phi = functions.values(x) @ basis
    slopes = torch.einsum("pmj,mr->prj", functions.jacobian(x), basis)
    along = torch.einsum("prj,pkj->pkr", slopes, fields.values(x))
    same = torch.eye(functions.size, dtype=torch.float64)
    first = torch.einsum("pkr,ji->pkjri", along, same)
    second = torch.einsum("pr,pkji->pkjri", phi, fields.jacobian(x))
    rows = (first - second).reshape(-1, phi.shape[1] * functions.size)
    gram: Tensor = rows.T @ rows
    return gram
