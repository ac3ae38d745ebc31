"""Points drawn evenly from a region."""

from __future__ import annotations

import numpy as np

from symdisc_basics.datasets.phase_space import uniform_where


def test_points_are_uniform_in_a_disc() -> None:
    bounds = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    points = uniform_where(
        lambda drawn: (drawn**2).sum(1) < 1, bounds, 40_000, np.random.default_rng(0)
    )
    assert points.shape == (40_000, 2)
    # The square of the radius is uniform, and so is the angle.
    for values, low, high in (
        ((points**2).sum(1), 0, 1),
        (np.arctan2(points[:, 1], points[:, 0]), -np.pi, np.pi),
    ):
        counts, _ = np.histogram(values, bins=16, range=(low, high))
        assert counts.sum() == 40_000
        assert np.abs(counts - 2500).max() < 5 * np.sqrt(2500)


def test_the_box_has_its_own_ends_in_each_coordinate() -> None:
    bounds = np.array([[2.0, 3.0], [-8.0, -4.0]])
    points = uniform_where(
        lambda drawn: np.full(len(drawn), fill_value=True), bounds, 2000, np.random.default_rng(1)
    )
    assert np.allclose(points.min(0), bounds[:, 0], atol=0.01)
    assert np.allclose(points.max(0), bounds[:, 1], atol=0.01)
