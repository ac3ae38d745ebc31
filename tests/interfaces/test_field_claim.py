from __future__ import annotations

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import FieldClaim, Oracle
from symdisc.options import Options
from symdisc.representations import Representation

SPACE = Representation.vector(3)
X = torch.randn(50, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


class Double(Oracle):
    """F(x) = 2x, which turns with x."""

    def __init__(self, options: Options) -> None:
        pass

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        return ""

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        pass

    def value(self, x: Tensor) -> Tensor:
        return 2 * x

    def jacobian(self, x: Tensor) -> Tensor:
        return 2 * torch.eye(3, dtype=torch.float64).expand(len(x), 3, 3)


def _largest(claim: FieldClaim) -> float:
    return float(claim.changes(claim.oracle, X, claim.velocities(X)).abs().max())


def test_values_that_move_with_the_states() -> None:
    turn = torch.zeros(1, 3, 3, dtype=torch.float64)
    turn[0, 0, 1], turn[0, 1, 0] = -1, 1
    fields = VectorFields(library("linear", 3), turn.mT)
    for claim in (
        FieldClaim(fields, Double(Options()), SPACE, values_move=SPACE),
        FieldClaim(fields, Double(Options()), SPACE, matrices=turn),
    ):
        assert _largest(claim) < 1e-12
        assert _largest(claim.along(torch.tensor([[2.0]]))) < 1e-12
    alone = FieldClaim(fields, Double(Options()), SPACE)
    assert _largest(alone) > 1
    assert alone.velocities(X)[:, 0].allclose(X @ turn[0].T)
