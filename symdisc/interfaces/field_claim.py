"""What a method that finds vector fields claims about a function of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from symdisc.fields.action import tangents
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces.oracle import Oracle
from symdisc.representations import Representation


@dataclass(frozen=True, eq=False)
class FieldClaim:
    """X_l(F) = 0 for all fields, or X_l(F) = Y_l F where the values of F move as well.

    Attributes:
        fields: X_1 … X_k.
        oracle: F, fitted.
        representation: How states transform.
        values_move: How the values of F transform along the fields; ``None``: not.
        matrices: Matrices ``(k, c, c)`` that move the values of F otherwise, or ``None``.
    """

    fields: VectorFields
    oracle: Oracle
    representation: Representation
    values_move: Representation | None = None
    matrices: Tensor | None = None

    def along(self, weights: Tensor) -> FieldClaim:
        """The claim on sums Σ_l weights[a, l] X_l, ``weights`` being ``(a, k)``."""
        matrices = self.matrices
        if matrices is not None:
            matrices = torch.einsum("ak,kcd->acd", weights.to(matrices), matrices)
        return replace(self, fields=self.fields.along(weights), matrices=matrices)

    def velocities(self, x: Tensor) -> Tensor:
        """How states ``(N, size)`` move along each field: ``(N, k, size)``."""
        return tangents(self.fields, x, self.representation)

    def changes(self, oracle: Oracle, x: Tensor, velocities: Tensor) -> Tensor:
        """X_l(F) − Y_l F at states ``(N, size)`` float64, for any function F: ``(N, k, c)``.

        Args:
            oracle: F.
            x: The states.
            velocities: What :meth:`velocities` gives for them.
        """
        found = (oracle.jacobian(x) @ velocities.mT).mT
        if self.values_move is None and self.matrices is None:
            return found
        values = oracle.value(x)
        if self.values_move is not None:
            found = found - tangents(self.fields, values, self.values_move)
        if self.matrices is not None:
            found = found - torch.einsum("kcd,nd->nkc", self.matrices.to(values), values)
        return found
