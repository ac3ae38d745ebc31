from __future__ import annotations

import pytest
import sympy
import torch

from symdisc.algebra.known import known_algebra
from symdisc.algebra.vector_field import vector_fields

TURN = torch.tensor(known_algebra("so(2)"))


def test_a_turn() -> None:
    (field,) = vector_fields(TURN, ["x", "y"], 2)
    assert str(field) == "x*e_y - y*e_x"
    assert sympy.latex(field) == r"\mathbf{x} \partial_{y} - \mathbf{y} \partial_{x}"


def test_fields_act_on_functions() -> None:
    (field,) = vector_fields(TURN, ["x", "y"], 2)
    x, y = (f for f in sorted(field.atoms(sympy.diffgeom.BaseScalarField), key=str))
    assert sympy.expand(field.rcall(x**2 + y**2)) == 0
    assert field.rcall(x) == -y


def test_coefficients_are_rounded() -> None:
    noisy = TURN + torch.tensor([[[0.004, 0.0], [0.017, 0.0]]])
    (field,) = vector_fields(noisy, ["x", "y"], 2)
    assert str(field) == "1.02*x*e_y - y*e_x"
    assert "0.004" in str(vector_fields(noisy, ["x", "y"], 3)[0])


def test_zero_is_the_zero_field() -> None:
    assert vector_fields(torch.zeros(1, 2, 2), ["x", "y"], 2) == [0]


def test_a_centre() -> None:
    (field,) = vector_fields(TURN, ["x", "y"], 2, centre=[1.0, 0.0])
    assert str(sympy.expand(field)) == "x*e_y - y*e_x - e_y"


def test_homogeneous_coordinates() -> None:
    generators = torch.tensor(known_algebra("se(2)"))
    fields = vector_fields(generators, ["x", "y", "1"], 2, homogeneous=True)
    assert [str(field) for field in fields] == ["x*e_y - y*e_x", "e_x", "e_y"]


@pytest.mark.parametrize("name", ["1", "p [kg]", "x_1"])
def test_any_name_of_a_coordinate_moves(name: str) -> None:
    (field,) = vector_fields(torch.eye(1)[None].double(), [name], 2)
    assert len(field.atoms(sympy.diffgeom.BaseVectorField)) == 1
