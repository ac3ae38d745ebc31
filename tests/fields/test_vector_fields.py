from __future__ import annotations

import math

import pytest
import sympy
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.domain import largest_field_angle
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields


def test_values_and_derivatives(cusp: VectorFields, points: Tensor) -> None:
    values = cusp.values(points)
    assert values.shape == (300, 1, 2)
    assert values[:, 0, 0].allclose(2 * points[:, 1])
    assert values[:, 0, 1].allclose(3 * points[:, 0] ** 2)
    expected = torch.func.vmap(torch.func.jacrev(cusp.values))(points)
    torch.testing.assert_close(cusp.jacobian(points), expected)


def test_symbols_text_and_latex(cusp: VectorFields) -> None:
    (field,) = cusp.symbolic()
    x, y = cusp.symbols
    system = next(iter(field.atoms(sympy.diffgeom.BaseVectorField)))._coord_sys
    first, second = system.coord_functions()
    assert sympy.expand(field.rcall(first**3 - second**2)) == 0
    assert cusp.components() == [[2 * y, 3 * x**2]]
    assert cusp.text() == ["(2*y) ∂/∂x + (3*x**2) ∂/∂y"]
    assert cusp.latex()[0].startswith(r"\left(2 y\right) \partial_{x}")
    assert VectorFields(cusp.library, 0 * cusp.coefficients).text() == ["0"]


def test_small_coefficients_are_left_out(turn: VectorFields) -> None:
    noisy = VectorFields(turn.library, turn.coefficients + 0.004)
    assert noisy.text() == ["(-x2) ∂/∂x1 + (x1) ∂/∂x2"]
    assert "0.004" in noisy.text(digits=3)[0]


def test_a_sparse_basis_spans_the_same(
    turn: VectorFields, cusp: VectorFields, points: Tensor
) -> None:
    both = VectorFields(turn.library, torch.cat([turn.coefficients, cusp.coefficients]))
    mixed = both.along(torch.tensor([[0.6, 0.5], [-0.3, 0.7]]))
    sparse = mixed.sparse()
    assert largest_field_angle(both, sparse, points) < 1e-5
    assert torch.linalg.norm(sparse.coefficients.flatten(1), dim=1).tolist() == pytest.approx(
        [1, 1]
    )


def test_matrices_of_affine_fields(turn: VectorFields, cusp: VectorFields) -> None:
    shifted = turn.coefficients.clone()
    shifted[0, 0] = torch.tensor([5.0, 6.0])
    matrices = VectorFields(turn.library, shifted).affine_matrices()
    assert matrices is not None
    assert matrices.tolist() == [[[0, -1, 5], [1, 0, 6], [0, 0, 0]]]
    assert cusp.affine_matrices() is None
    waves = library("trigonometric(1)", 2)
    assert VectorFields(waves, torch.ones(1, 4, 2).double()).affine_matrices() is None


def test_what_does_not_fit_is_refused(turn: VectorFields) -> None:
    with pytest.raises(
        DataError, match=r"shape \(1, 5, 2\); fields in this library need \(k, 6, 2"
    ):
        VectorFields(turn.library, turn.coefficients[:, :5])
    with pytest.raises(DataError, match="1 names for 2 coordinates"):
        VectorFields(turn.library, turn.coefficients, ("x",))
    with pytest.raises(DataError, match="digits must be a whole number from 0 to 15; got 16"):
        turn.components(digits=16)


def test_fields_of_matrices_and_back() -> None:
    matrices = torch.tensor([[[1.0, 2, 3], [4, 5, 6], [0, 0, 0]]]).double()
    affine = VectorFields.of_matrices(matrices, homogeneous=True)
    back = affine.affine_matrices()
    assert back is not None
    assert torch.equal(back, matrices)
    linear = VectorFields.of_matrices(matrices[:, :2, :2])
    x = torch.randn(5, 2).double()
    torch.testing.assert_close(linear.values(x)[:, 0], x @ matrices[0, :2, :2].T)
    torch.testing.assert_close(
        affine.values(x)[:, 0], x @ matrices[0, :2, :2].T + matrices[0, :2, 2]
    )


def test_points_and_coefficients_that_do_not_fit(turn: VectorFields) -> None:
    with pytest.raises(DataError, match=r"points have shape \(4, 3\); fields on 2 coordinates"):
        turn.values(torch.zeros(4, 3))
    with pytest.raises(DataError, match=r"points have shape \(4, 3\); fields on 2 coordinates"):
        turn.jacobian(torch.zeros(4, 3))
    with pytest.raises(DataError, match="coefficients of fields must be finite"):
        VectorFields(turn.library, turn.coefficients * math.nan)
