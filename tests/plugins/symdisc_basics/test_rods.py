"""Pictures of rods."""

from __future__ import annotations

import numpy as np
import pytest

from symdisc_basics.datasets.rods import segments


def test_brightness_falls_with_the_distance_from_the_rod() -> None:
    picture = segments(np.array([0.0, 1.0]), 50)
    assert picture.shape == (50, 50)
    # Columns lie 0.04 apart; the rod hangs down from the middle and is 0.8 long.
    distance = np.abs((2 * np.arange(50) + 1) / 50 - 1)
    assert picture[30] == pytest.approx(np.exp(-(distance**2) / (2 * 0.12**2)), abs=1e-5)
    assert picture[49, 25] == pytest.approx(np.exp(-(0.18**2 + 0.02**2) / (2 * 0.12**2)), abs=1e-5)
    assert picture[:15].max() < 0.01


def test_a_rod_points_where_it_is_told() -> None:
    directions = np.array([[[0.0, 1.0], [1.0, 0.0]], [[0.0, -1.0], [-1.0, 0.0]]])
    down, right, up, left = segments(directions, 21).reshape(4, 21, 21)
    assert np.allclose(right, down.T)
    assert np.allclose(up, down[::-1])
    assert np.allclose(left, right[:, ::-1])
    assert down[16, 10] > 0.99
    assert down[4, 10] < 0.01


def test_values_are_shares_of_full_brightness() -> None:
    angle = np.linspace(0, 7, 5000)
    pictures = segments(np.stack([np.sin(angle), np.cos(angle)], axis=1), 16)
    assert pictures.dtype == np.float32
    assert pictures.min() >= 0
    assert 0.95 < pictures.max() <= 1


def test_pictures_do_not_depend_on_how_many_are_drawn() -> None:
    angle = np.linspace(0, 7, 5000)
    directions = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    assert np.allclose(segments(directions[4999], 8), segments(directions, 8)[4999], atol=1e-6)
