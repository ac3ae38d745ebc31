"""The extended matrix: rows that vanish on the coefficients of a symmetry.

Unknowns are the coefficients of a field in a library, function by function and coordinate by
coordinate, and after them the entries of a matrix that moves the values of F, if there is one.
X(F) = J X is linear in them, and so is J X − Y F.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from symdisc.errors import DataError, OptionError
from symdisc.fields.action import as_points, image_slopes, plane_points
from symdisc.fields.library import Library
from symdisc.representations import Representation

Output = Literal["as-data", "free", "tensor"]

MOST_UNKNOWNS = 5_000
"""Unknowns above which squares of the extended matrix are too large: 200 MB of float64 each."""


@dataclass(frozen=True, eq=False)
class Extended:
    """Rows of the extended matrix, for points of one kind.

    Attributes:
        library: Functions of one vector of a state, or of the plane of images.
        representation: How points transform.
        target_representation: How the values of F transform along the field; ``None``: not.
        output: ``"as-data"``: as that says; ``"free"``: values move by a matrix of their own;
            ``"tensor"``: they are a square matrix T, which moves by A T + T Aᵀ with an A of its
            own.
        n_outputs: Number c of values of F.

    Raises:
        OptionError: There are too many unknowns.
        DataError: Values that are to move as a square matrix are none.
    """

    library: Library
    representation: Representation
    target_representation: Representation | None
    output: Output
    n_outputs: int

    def __post_init__(self) -> None:
        if self.n_unknowns > MOST_UNKNOWNS:
            raise OptionError(
                f"{len(self.library):,} functions for each of {self.library.size} components are "
                f"{self.n_unknowns:,} unknowns with those that move the targets, more than "
                f"{MOST_UNKNOWNS:,}; take a smaller --library, or fewer coordinates"
            )

    @property
    def n_field(self) -> int:
        """Unknowns of the field: m · n."""
        count: int = len(self.library) * self.library.size
        return count

    @property
    def n_unknowns(self) -> int:
        """All unknowns."""
        return self.n_field + self._side**2

    @property
    def moves_values(self) -> bool:
        """Whether the values of F move along a field."""
        form = self.target_representation
        return self.output == "as-data" and form is not None and form.n_vectors > 0

    def rows(self, x: Tensor, jacobian: Tensor, values: Tensor) -> Tensor:
        """The matrix ``(N, c, unknowns)``.

        Args:
            x: ``(N, size)`` float64.
            jacobian: J ``(N, c, size)``.
            values: F ``(N, c)``.
        """
        field = self._along(x, jacobian)
        if self.moves_values:
            field = field - self._carried(values)
        return torch.cat([field, -self.turned(values)], dim=-1) if self._side else field

    def turned(self, values: Tensor) -> Tensor:
        """How values move by each entry of the matrix of their own: ``(N, c, c²)`` or less."""
        side = self._side
        identity = torch.eye(side, dtype=values.dtype, device=values.device)
        if self.output == "free":
            return torch.einsum("rs,nt->nrst", identity, values).flatten(2)
        tensors = values.reshape(-1, side, side)
        left = torch.einsum("sa,nbu->nsuab", identity, tensors)
        right = torch.einsum("ua,nsb->nsuab", identity, tensors)
        return (left + right).reshape(len(values), side**2, side**2)

    def sizes(self, x: Tensor, scales: Tensor, weights: Tensor) -> Tensor:
        """Sum over points of the squared velocity along a field, a form ``(m · n, m · n)``.

        Args:
            x: ``(N, size)`` float64.
            weights: How much each point counts, ``(N,)``.
            scales: Unit of each coordinate, ``(size,)``; those of infinite unit do not count.
        """
        form = self.representation
        if form.grid is not None:
            identity = torch.eye(form.size, dtype=x.dtype, device=x.device)
            moved = self._along(x, identity.expand(len(x), form.size, form.size))
            flat = (moved * weights.sqrt()[:, None, None] / scales[:, None]).flatten(0, 1)
            return flat.T @ flat
        functions = self.library.values(as_points(x, form))
        counted = functions * weights[:, None, None]
        squares = torch.einsum("nbj,nbl->bjl", counted, functions)
        rates = 1 / as_points(scales, form).square()
        found = torch.einsum("bjl,bi->jil", squares, rates)
        return torch.diag_embed(found.transpose(1, 2), dim1=1, dim2=3).reshape(
            self.n_field, self.n_field
        )

    def coefficients(self, unknowns: Tensor) -> tuple[Tensor, Tensor | None]:
        """Coefficients ``(k, m, n)`` of fields and matrices ``(k, c, c)`` that move values.

        Args:
            unknowns: ``(unknowns, k)``.
        """
        n, k = self.library.size, unknowns.shape[1]
        fields = unknowns[: self.n_field].T.reshape(k, -1, n)
        if not self._side:
            return fields, None
        matrices = unknowns[self.n_field :].T.reshape(k, self._side, self._side)
        if self.output == "free":
            return fields, matrices
        identity = torch.eye(self._side, dtype=unknowns.dtype)
        both = torch.einsum("kac,bd->kabcd", matrices, identity)
        both = both + torch.einsum("kbd,ac->kabcd", matrices, identity)
        return fields, both.reshape(k, self._side**2, self._side**2)

    @property
    def _side(self) -> int:
        """Rows of the matrix that moves values; 0 where there is none."""
        if self.output == "free":
            return self.n_outputs
        if self.output == "as-data":
            return 0
        side = math.isqrt(self.n_outputs)
        if side**2 != self.n_outputs:
            raise DataError(
                f"output = 'tensor' needs targets that are a square matrix; {self.n_outputs} "
                "values are none"
            )
        return side

    def _along(self, x: Tensor, jacobian: Tensor) -> Tensor:
        form = self.representation
        slopes = jacobian[..., : form.n_moving]
        if form.grid is not None:
            functions = self.library.values(plane_points(x, form))
            changes = torch.einsum("pm,npi->npmi", functions, image_slopes(x, form))
            return -(slopes @ changes.flatten(2))
        functions = self.library.values(as_points(x, form))
        split = slopes.reshape(*slopes.shape[:2], form.n_vectors, form.dimension)
        return _outer(functions, split)

    def _carried(self, values: Tensor) -> Tensor:
        """How vectors among the values move by each unknown of the field."""
        form = self.target_representation
        if form is None or form.dimension != self.library.size:
            raise DataError(
                f"targets transform as '{form}', states as '{self.representation}': both need "
                "vectors of the same length, or --set method.output=free"
            )
        functions = self.library.values(as_points(values, form))
        outputs, n = self.n_outputs, form.dimension
        identity = torch.eye(outputs, dtype=values.dtype, device=values.device)
        split = identity[:, : form.n_moving].reshape(outputs, form.n_vectors, n)
        return _outer(functions, split.expand(len(values), *split.shape))


def _outer(functions: Tensor, slopes: Tensor) -> Tensor:
    """Σ_b φ_j(v_b) J_bi: ``(N, vectors, m)`` and ``(N, c, vectors, n)`` to ``(N, c, m · n)``."""
    if functions.shape[1] == 1:
        return (functions[:, :, :, None] * slopes[:, :, 0, None, :]).flatten(2)
    return torch.einsum("nbj,ncbi->ncji", functions, slopes).flatten(2)
