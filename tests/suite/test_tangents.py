from __future__ import annotations

import numpy as np
import pytest
import torch
from made_results import BOOST, TURN, make

from symdisc.suite.tangents import direction_angle, outside_angle, span_angle, velocities

RNG = np.random.default_rng(0)
STATES = RNG.standard_normal((200, 2))
ONE = np.ones(2)


def _fields(*matrices: torch.Tensor) -> np.ndarray:
    return np.stack([STATES @ m.numpy().T for m in matrices], axis=1)


def test_velocities_of_matrices() -> None:
    found = velocities(make(torch.stack([TURN, BOOST])), STATES)
    assert np.abs(found - _fields(TURN, BOOST)).max() < 1e-3


def test_velocities_about_a_centre() -> None:
    result = make(centre=torch.tensor([1.0, 2.0], dtype=torch.float64))
    assert np.abs(velocities(result, np.array([[1.0, 2.0]]))).max() < 1e-9


def test_no_generators_have_no_velocities() -> None:
    assert velocities(make(torch.zeros(0, 2, 2).double()), STATES).shape == (200, 0, 2)


def test_angles_between_spans() -> None:
    turn, boost = _fields(TURN), _fields(BOOST)
    assert span_angle(turn, 3 * turn, ONE) == pytest.approx(0, abs=1e-5)
    assert span_angle(turn, boost, ONE) == pytest.approx(90, abs=10)
    both = _fields(TURN, BOOST)
    assert span_angle(turn, both, ONE) == pytest.approx(0, abs=1e-5)
    assert span_angle(both, turn, ONE) == pytest.approx(0, abs=1e-5)
    tilted = np.cos(0.2) * turn / np.linalg.norm(turn)
    tilted = tilted + np.sin(0.2) * boost / np.linalg.norm(boost)
    assert span_angle(turn, tilted, ONE) == pytest.approx(np.rad2deg(0.2), abs=2)


def test_fields_that_depend_on_each_other_span_no_angle() -> None:
    turn = _fields(TURN)
    assert span_angle(np.concatenate([turn, turn], axis=1), turn, ONE) == 90
    assert span_angle(0 * turn, turn, ONE) == 90


def test_fields_that_are_not_finite_are_as_far_as_can_be() -> None:
    turn = _fields(TURN)
    broken = turn.copy()
    broken[3, 0, 1] = np.nan
    for angle in (span_angle, direction_angle, outside_angle):
        assert angle(broken, turn, ONE) == 90
        assert angle(turn, broken, ONE) == 90


def test_coordinates_that_do_not_vary_are_left_out() -> None:
    turn = np.concatenate([_fields(TURN), np.full((200, 1, 1), 5.0)], axis=2)
    other = np.concatenate([_fields(TURN), np.full((200, 1, 1), -7.0)], axis=2)
    spread = np.array([1.0, 1.0, 0.0])
    assert span_angle(turn, other, spread) == pytest.approx(0, abs=1e-5)
    assert direction_angle(turn, other, spread) == pytest.approx(0, abs=1e-5)
    assert outside_angle(turn, other, spread) == pytest.approx(0, abs=1e-5)


def test_speeds_do_not_matter_to_directions() -> None:
    turn = _fields(TURN)
    faster = turn * (1 + np.linalg.norm(STATES, axis=1))[:, None, None]
    assert direction_angle(-faster, turn, ONE) == pytest.approx(0, abs=1e-5)
    assert span_angle(faster, turn, ONE) > 5
    assert direction_angle(_fields(torch.eye(2).double()), turn, ONE) == pytest.approx(90, abs=1e-5)
    assert direction_angle(0 * turn, turn, ONE) == 90


def test_sums_with_weights_that_vary_lie_inside() -> None:
    turn, stretch = _fields(TURN), _fields(torch.eye(2).double())
    varied = turn * STATES[:, :1, None]
    assert outside_angle(varied, turn, ONE) == pytest.approx(0, abs=1e-5)
    assert outside_angle(stretch, turn, ONE) == pytest.approx(90, abs=1e-5)
    worst = outside_angle(np.concatenate([turn, turn + stretch], axis=1), turn, ONE)
    assert worst == pytest.approx(45, abs=1)
