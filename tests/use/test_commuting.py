from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.fields.library import Library
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.use.commuting import commuting

POINTS = torch.randn(500, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)


def linear(*matrices: torch.Tensor) -> VectorFields:
    size = len(matrices[0])
    coefficients = torch.stack([matrix.T for matrix in matrices])
    return VectorFields(Polynomials(size, 1, lowest=1), coefficients)


def span_has(
    fields: VectorFields, points: torch.Tensor, values: torch.Tensor, within: float = 1e-8
) -> bool:
    columns = fields.values(points).permute(0, 2, 1).reshape(-1, len(fields))
    told = torch.linalg.lstsq(columns, values.reshape(-1, 1), driver="gelsd").solution
    return bool((columns @ told - values.reshape(-1, 1)).abs().max() < within)


@pytest.mark.parametrize(("degree", "count"), [(1, 2), (2, 2), (3, 4), (5, 6)])
def test_a_turn_leaves_growth_and_turns_that_depend_on_the_radius(degree: int, count: int) -> None:
    found = commuting(linear(TURN), Polynomials(2, degree), POINTS)
    assert len(found) == count
    square = POINTS.square().sum(1, keepdim=True)
    for power in range(count // 2):
        assert span_has(found, POINTS, square**power * POINTS)
        assert span_has(found, POINTS, square**power * POINTS @ TURN.T)


def test_in_a_frame_in_which_circles_are_turned_the_basis_is_sparse() -> None:
    frame = torch.tensor([[1.0, 0.6], [0.0, 1.7]], dtype=torch.float64)
    tilted = torch.linalg.inv(frame) @ TURN @ frame
    found = commuting(linear(tilted), Polynomials(2, 3), POINTS, frame)
    plane = POINTS @ frame.T
    seen = torch.linalg.lstsq(
        library("polynomial(3)", 2).values(plane),
        (found.values(POINTS) @ frame.T).flatten(1),
        driver="gelsd",
    ).solution.reshape(-1, 4, 2)
    # z, r² z and their turns have two and four terms; mixed ones have four and eight.
    assert sorted((seen.abs() > 1e-6).sum((0, 2)).tolist()) == [2, 2, 4, 4]


@pytest.mark.parametrize("functions", ["polynomial(1) + trigonometric(1)", "linear + exponential"])
def test_functions_that_are_not_closed_leave_no_solution(functions: str) -> None:
    found = commuting(linear(TURN), library(functions, 2), POINTS)
    assert len(found) == 2
    assert span_has(found, POINTS, POINTS)


def test_an_invariant_coordinate_lets_functions_of_it_in() -> None:
    turn = torch.zeros(3, 3).double()
    turn[:2, :2] = TURN
    points = torch.randn(500, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    functions: Library = library("linear + exponential", 3)
    found = commuting(linear(turn), functions, points)
    only_last = torch.stack([0 * points[:, 2], 0 * points[:, 2], points[:, 2].exp()], dim=1)
    # z, its turn, and in the third component the third coordinate and its exponential
    assert len(found) == 4
    assert span_has(found, points, only_last)


def test_a_generator_that_is_wrong_by_a_few_percent_still_allows_what_it_should() -> None:
    """Momenta that nearly follow from positions, as on orbits that are nearly circles."""
    rng = torch.Generator().manual_seed(4)
    position = torch.randn(500, 2, generator=rng, dtype=torch.float64)
    own = 0.04 * torch.randn(500, 2, generator=rng, dtype=torch.float64)
    points = torch.cat([position, 0.14 * position @ TURN.T + own], dim=1)
    uneven = torch.zeros(4, 4, dtype=torch.float64)
    uneven[:2, :2], uneven[2:, 2:] = TURN, 0.96 * TURN
    found = commuting(linear(uneven), Polynomials(4, 1), points)
    assert len(found) == 8
    assert span_has(found, points, torch.cat([points[:, 2:], 0 * position], dim=1), 0.005)


def test_two_generators_leave_less() -> None:
    scaling = torch.eye(2).double()
    assert len(commuting(linear(TURN, scaling), Polynomials(2, 3), POINTS)) == 2


def test_a_nonlinear_field() -> None:
    # x ∂/∂x + ∂/∂y commutes with itself and with ∂/∂y and x ∂/∂x.
    shift = VectorFields(
        Polynomials(2, 1), torch.tensor([[[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]]).double()
    )
    found = commuting(shift, Polynomials(2, 1), POINTS)
    assert len(found) == 2
    assert span_has(found, POINTS, torch.stack([POINTS[:, 0], 1 + 0 * POINTS[:, 0]], dim=1))


def test_of_many_fields_any_basis_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdisc.use.commuting.MOST_TURNED", 3)
    found = commuting(linear(TURN), Polynomials(2, 3), POINTS)
    assert len(found) == 4
    assert span_has(found, POINTS, POINTS)


def test_too_many_unknowns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdisc.use.commuting.MOST_UNKNOWNS", 200)
    group, points = linear(torch.eye(5).double()), torch.zeros(3, 5).double()
    with pytest.raises(OptionError, match="56 functions of 5 coordinates make 280 unknown"):
        commuting(group, Polynomials(5, 3), points)
