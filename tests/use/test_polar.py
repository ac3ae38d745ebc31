from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy
import torch

from symdisc.errors import DataError
from symdisc.use.polar import (
    Polar,
    fit_polar,
    measured_rates,
    polar_error,
    polar_steps,
    turned_plane,
)
from symdisc.use.recordings import Recordings

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
FRAME = torch.tensor([[1.25, 0.6], [0.0, 0.8]], dtype=torch.float64)
TILTED = torch.linalg.inv(FRAME) @ TURN @ FRAME
NOWHERE = torch.zeros(2, dtype=torch.float64)


def fitted(found: Recordings, generator: torch.Tensor, centre: float = 0.0) -> Polar:
    frame = turned_plane(generator)
    middle = torch.full((2,), centre, dtype=torch.float64)
    steps = polar_steps(found.train, frame, middle, found.time_step)
    return fit_polar(steps, frame, middle, 2, 0.05)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_frame_turns_the_generator_upright(sign: int) -> None:
    frame = turned_plane(sign * TILTED + 0.001 * torch.eye(2).double())
    assert abs(float(torch.linalg.det(frame))) == pytest.approx(1)
    assert (frame @ (sign * TILTED) @ torch.linalg.inv(frame)).allclose(TURN, atol=1e-4)


@pytest.mark.parametrize("sign", [1, -1])
def test_frequency_and_radius_are_the_true_ones(
    spirals: Callable[..., Recordings], sign: int
) -> None:
    found = fitted(spirals(0.0, FRAME, 2.0), sign * TILTED, 2.0)
    assert (sign * found.omega).tolist() == pytest.approx([1, -0.2, 0], abs=1e-6)
    assert not found.rho.any()
    plane = torch.tensor([[0.3, 0.4], [1.0, 0.0]], dtype=torch.float64)
    points = torch.linalg.solve(FRAME, plane[..., None])[..., 0] + 2
    assert found.radius(points).tolist() == pytest.approx([0.5, 1])
    assert (sign * found.frequency(torch.tensor([0.5, 1.0]))).tolist() == pytest.approx([0.95, 0.8])
    speed = torch.tensor([[0.95], [0.8]], dtype=torch.float64) * plane @ TURN.T
    assert (found.velocity(points) @ FRAME.T).allclose(speed, atol=1e-6)
    assert found.radii[0] < 0.7 < 1.4 < found.radii[1]


def test_growth_is_told_where_it_is_there(spirals: Callable[..., Recordings]) -> None:
    found = fitted(spirals(-0.2), TURN)
    assert found.rho.tolist() == pytest.approx([-0.2, 0, 0], abs=1e-6)
    assert found.lines(2)[0] == "dr/dt = -0.2*r"
    # Below the threshold it is none.
    assert fitted(spirals(-0.01), TURN).lines(2)[0] == "dr/dt = 0"


def test_error_on_other_trajectories(spirals: Callable[..., Recordings]) -> None:
    recordings = spirals(0.0)
    found = fitted(recordings, TURN)
    steps = polar_steps(recordings.held_out, found.frame, NOWHERE, recordings.time_step)
    assert polar_error(found, steps) < 1e-6
    still = Polar(found.frame, NOWHERE, 0 * found.omega, found.rho, found.radii)
    assert polar_error(still, steps) == pytest.approx(1)


def test_rates_of_steps_with_like_radii(spirals: Callable[..., Recordings]) -> None:
    recordings = spirals(0.0)
    steps = polar_steps(recordings.held_out, torch.eye(2).double(), NOWHERE, recordings.time_step)
    rates = measured_rates(steps, 4)
    assert rates.shape == (4, 2)
    assert rates[:, 0].diff().min() > 0
    assert rates[:, 1].tolist() == pytest.approx((1 - 0.2 * rates[:, 0] ** 2).tolist(), abs=1e-6)


def test_in_words_and_as_sympy(spirals: Callable[..., Recordings]) -> None:
    found = fitted(spirals(0.0), TURN)
    omega = torch.tensor([1.0, -0.25, 0.0])
    clean = Polar(found.frame, NOWHERE, omega, found.rho, (0.5, 1.5))
    assert clean.lines() == ["dr/dt = 0", "dtheta/dt = 1 - 0.25*r**2"]
    assert clean.definitions()[0] == (
        "r² = (z - c)ᵀ Q (z - c) with Q = [1, 0; 0, 1] and c = (0, 0)"
    )
    assert clean.definitions()[1].endswith("learned from r = 0.5 to 1.5")
    growth, turn = clean.equations()
    assert growth.rhs == 0
    assert sympy.latex(turn).startswith(r"\frac{d}{d t} \theta{\left(t \right)} = ")


@pytest.mark.parametrize("generator", [TURN.abs(), torch.eye(2), torch.zeros(3, 3)])
def test_no_plane_is_turned(generator: torch.Tensor) -> None:
    with pytest.raises(DataError, match=r"one generator that turns a plane.*--form cartesian"):
        turned_plane(generator)
