from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy
import torch

from symdisc.errors import DataError
from symdisc.fields.library import Library
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.use.cartesian import Cartesian, fit_cartesian
from symdisc.use.recordings import Recordings
from symdisc.use.velocities import velocities
from symdisc_basics.datasets.pendulum import motion

TURN = VectorFields(Polynomials(2, 1, lowest=1), torch.tensor([[[0.0, 1.0], [-1.0, 0.0]]]).double())
NOWHERE = torch.zeros(2, dtype=torch.float64)


def fitted(
    found: Recordings,
    functions: Library,
    centre: torch.Tensor = NOWHERE,
    group: VectorFields | None = None,
) -> Cartesian:
    points, speeds = velocities(found.train, found.time_step)
    return fit_cartesian(points, speeds, functions, 0.02, ("x", "y"), centre, group)


@pytest.mark.parametrize("group", [None, TURN])
def test_a_damped_oscillator(
    spirals: Callable[..., Recordings], group: VectorFields | None
) -> None:
    found = fitted(spirals(-0.1), Polynomials(2, 3), group=group)
    points = torch.tensor([[0.7, 0.0], [0.2, -0.9]], dtype=torch.float64)
    speed = 1 - 0.2 * points.square().sum(1, keepdim=True)
    truth = -0.1 * points + speed * torch.stack([-points[:, 1], points[:, 0]], dim=1)
    assert (found.velocity(points) - truth).abs().max() < 2e-3
    if group is not None:
        # What a turn allows is x, its turn, and both times r²: nothing of even degree.
        terms = found.field.coefficients[0][torch.tensor(found.field.library.degrees) % 2 == 0]
        assert not terms.any()


def test_the_exact_library_of_a_pendulum() -> None:
    starts = np.stack([[0.5, 1.2, 2.0, 2.6], np.zeros(4)], axis=1)
    paths = tuple(torch.from_numpy(motion(starts, 0.05 * np.arange(100))))
    functions = library("linear + trigonometric(1)", 2)
    found = fitted(Recordings(paths, paths, 0.05), functions)
    assert found.lines(2) == ["dx/dt = y", "dy/dt = -sin(x)"]


def test_coordinates_are_counted_from_the_centre(spirals: Callable[..., Recordings]) -> None:
    centre = torch.full((2,), 3.0, dtype=torch.float64)
    found = fitted(spirals(0.0, centre=3.0), Polynomials(2, 3), centre, TURN)
    assert found.velocity(centre).abs().max() < 1e-12
    assert found.velocity(centre + torch.tensor([1.0, 0.0])).tolist() == pytest.approx(
        [0, 0.8], abs=2e-3
    )
    assert found.definitions() == ["x, y are counted from the centre (3, 3)"]
    assert Cartesian(found.field, NOWHERE).definitions() == []


def test_as_sympy(spirals: Callable[..., Recordings]) -> None:
    first, second = fitted(spirals(0.0), Polynomials(2, 3), group=TURN).equations(2)
    time = sympy.Symbol("t", real=True)
    x, y = (sympy.Function(name, real=True)(time) for name in "xy")
    assert first.lhs == sympy.Derivative(x, time)
    assert float(first.rhs.expand().coeff(y, 1).subs(x, 0)) == pytest.approx(-1.0)
    assert float(second.rhs.subs({x: 1, y: 0})) == pytest.approx(0.8, abs=0.01)


def test_a_library_that_allows_nothing(spirals: Callable[..., Recordings]) -> None:
    with pytest.raises(DataError, match="no equation in this library is taken to itself"):
        fitted(spirals(0.0), library("exponential", 2), group=TURN)
