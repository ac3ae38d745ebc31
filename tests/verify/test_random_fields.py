"""Random fields: orthogonal to those of a claim, of one size, and paired with random matrices."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import FieldClaim
from symdisc.representations import Representation
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.field_defect import verify_fields
from symdisc.verify.random_fields import Points, random_fields, unit_fields
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions

PLANE = Representation.vector(2)
RNG = torch.Generator().manual_seed(0)
X = torch.randn(800, 2, generator=RNG) * torch.tensor([1.0, 5.0])
EVERY = torch.eye(4, dtype=torch.float64).reshape(4, 2, 2)


def _claim(y: Tensor, fields: VectorFields, matrices: Tensor | None = None) -> FieldClaim:
    oracle = Polynomial(PolynomialOptions(fit_degree=2))
    oracle.fit(X, y, RNG)
    return FieldClaim(fields, oracle, PLANE, None, matrices)


def _points(weights: Tensor) -> Points:
    return Points(X.double(), weights / weights.mean())


def _velocities(claim: FieldClaim, points: Points) -> Tensor:
    moved = claim.velocities(points.x) / points.x.std(0, correction=0)
    sizes = points.weights.sqrt()[:, None, None] / len(points.x) ** 0.5
    found: Tensor = (moved * sizes).transpose(0, 1)
    return found


def test_they_are_orthogonal_and_of_unit_size_where_points_count() -> None:
    turn = VectorFields.of_matrices(torch.tensor([[[0.0, -1.0], [1.0, 0.0]]]))
    points = _points(torch.rand(800, generator=RNG, dtype=torch.float64))
    found, moving = unit_fields(_claim(X.square(), turn), points)
    others = random_fields(found, points, 7, RNG)
    assert moving.tolist() == [True]
    assert len(others.fields) == 7
    own, moved = (_velocities(claim, points).flatten(1) for claim in (found, others))
    torch.testing.assert_close(moved.norm(dim=1), torch.ones(7).double())
    assert (own @ moved.T).abs().max() < 1e-9
    assert float(points.first(100).weights.mean()) == pytest.approx(1)
    assert torch.cat([part.x for part in points.parts(300)]).equal(points.x)


def test_all_fields_with_the_matrices_that_belong_to_them() -> None:
    """x xᵀ moves by A T + T Aᵀ under any A: what is claimed is which matrix belongs to which."""
    y = torch.einsum("ni,nj->nij", X, X).flatten(1)
    y = y + 0.1 * torch.randn(y.shape, generator=RNG)
    fields = VectorFields(library("linear", 2), EVERY)
    generators = EVERY.mT.contiguous()
    one = torch.eye(2, dtype=torch.float64)
    matrices = torch.stack([torch.kron(a, one) + torch.kron(one, a) for a in generators])
    claim, rows = _claim(y, fields, matrices), Pairs(X, y, PLANE)
    assert verify_fields(claim, rows, seed=0, options=DefectOptions()).overall.word == "confirmed"
    mixed = replace(claim, matrices=matrices.roll(1, 0))
    assert not verify_fields(mixed, rows, seed=0, options=DefectOptions()).holds
