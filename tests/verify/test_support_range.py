from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.support_range import (
    MAX_COORDINATES,
    MIN_ROWS,
    SupportRange,
    _rounded,
    support_range,
)
from symdisc_basics.datasets.digits_rotated import DigitsRotated, DigitsRotatedOptions

TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
PICTURE = torch.zeros(1, 3, 3, dtype=torch.float64)
PICTURE[0, :2, :2] = TURN


def points(half_width: float, n: int = 1000, parts: int = 1) -> Samples:
    """Points of random radius, their angles even in ±half_width [degree] about some middle."""
    rng = np.random.default_rng(0)
    angle = np.deg2rad(rng.uniform(-half_width, half_width, n) + 40)
    angle += 2 * np.pi / parts * rng.integers(parts, size=n)
    radius = rng.uniform(0.5, 1.5, n)
    states = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return samples(torch.tensor(states), Representation.vector(2))


def samples(states: Tensor, representation: Representation) -> Samples:
    return Samples(states[:, None].float(), torch.arange(len(states)), representation)


def found(data: Samples, generators: Tensor = TURN) -> SupportRange:
    support = support_range(data, generators, None, seed=0)
    assert support is not None
    return support


@pytest.mark.parametrize("half_width", [20, 45, 90, 135])
def test_the_width_of_one_range(half_width: float) -> None:
    support = found(points(half_width))
    assert math.degrees(support.half_width) == pytest.approx(half_width, abs=5)
    assert support.low <= support.half_width <= support.high
    assert math.degrees(support.high - support.low) < 15
    assert not support.is_whole
    assert support.period == pytest.approx(2 * math.pi)
    assert support.n_rows == 1000


def test_the_whole_orbit() -> None:
    support = found(points(180))
    assert support.is_whole
    assert str(support) == "the whole orbit"
    assert support.half_width == pytest.approx(math.pi)


@pytest.mark.parametrize("parts", [2, 3])
def test_several_ranges_are_not_taken_for_one(parts: int) -> None:
    support = found(points(20, parts=parts))
    assert math.isnan(support.half_width)
    assert not support.is_whole
    assert str(support) == (
        "not a single range (the data lie on several separate parts of the orbits)"
    )


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_repeat_each_other_are_no_more_evidence(seed: int) -> None:
    """60 short arcs with starts anywhere: taken for 1200 rows they would not look even."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, (60, 1)) + np.linspace(0, 0.5, 20)
    states = np.stack([np.cos(angle), np.sin(angle)], axis=-1).reshape(-1, 1, 2)
    trajectory = torch.arange(60).repeat_interleave(20)
    arcs = Samples(torch.tensor(states).float(), trajectory, Representation.vector(2))
    assert found(arcs).is_whole
    rows = Samples(torch.tensor(states).float(), torch.arange(1200), Representation.vector(2))
    assert not found(rows).is_whole


def test_blocks_that_turn_at_nearly_the_same_speed_do_not_betray_the_move() -> None:
    angle = 2 * np.pi * np.random.default_rng(0).random(1000)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    data = samples(torch.tensor(np.concatenate([ring, ring], axis=1)), Representation.vector(4))
    generator = torch.block_diag(TURN[0], 0.96 * TURN[0])[None]  # type: ignore[no-untyped-call]
    support = support_range(data, generator, ((0, 1), (2, 3)), seed=0)
    assert support is not None
    assert support.is_whole


def test_speeds_in_a_ratio_have_the_period_of_the_slower() -> None:
    angle = np.random.default_rng(0).uniform(-0.5, 0.5, (1000, 1))
    states = np.concatenate([f(k * angle) for k in (2, 1) for f in (np.cos, np.sin)], axis=1)
    data = samples(torch.tensor(states), Representation.vector(4))
    generator = torch.block_diag(TURN[0], 0.51 * TURN[0])[None]  # type: ignore[no-untyped-call]
    support = support_range(data, generator, ((0, 1), (2, 3)), seed=0)
    assert support is not None
    assert support.period == pytest.approx(4 * math.pi)
    assert support.half_width == pytest.approx(1.0, abs=0.1)


def test_a_generator_that_turns_faster_has_a_shorter_range() -> None:
    support = found(points(60), 3 * TURN)
    assert support.period == pytest.approx(2 * math.pi / 3)
    assert math.degrees(support.half_width) == pytest.approx(20, abs=2)


def turned_digits(half_width: float, seed: int = 0) -> Samples:
    """Real pictures, resampled: the pixels alone would tell how far a picture was turned."""
    options = DigitsRotatedOptions(max_angle=half_width, seed=seed, copies=2)
    states = torch.tensor(DigitsRotated(options).make().states)
    picked = torch.randperm(len(states), generator=torch.Generator().manual_seed(seed))[:1800]
    return samples(states[picked], Representation.image(8, 8))


@pytest.mark.parametrize("seed", range(3))
def test_digits_turned_by_up_to_45_degrees(seed: int) -> None:
    support = found(turned_digits(45, seed), PICTURE)
    assert math.degrees(support.half_width) == pytest.approx(45, abs=5)


def test_digits_turned_by_any_angle_have_no_preferred_one() -> None:
    assert found(turned_digits(180), PICTURE).is_whole


def test_where_there_is_nothing_to_estimate() -> None:
    data = points(45)
    boost = torch.tensor([[[0.0, 1.0], [1.0, 0.0]]], dtype=torch.float64)
    assert support_range(data, boost, None, seed=0) is None
    assert support_range(data, torch.cat([TURN, boost]), None, seed=0) is None
    assert support_range(points(45, MIN_ROWS - 1), TURN, None, seed=0) is None
    wide = Representation.parse(f"V2 + {MAX_COORDINATES}*S")
    assert support_range(samples(torch.zeros(200, wide.size), wide), TURN, None, seed=0) is None
    image = Representation.image(4, 4)
    outside = PICTURE.clone()
    outside[0, 0, 2] = 1.5
    for generators in (outside, torch.eye(3, dtype=torch.float64)[None]):
        assert support_range(samples(torch.zeros(200, 16), image), generators, None, seed=0) is None


def test_the_same_seed_gives_the_same_and_leaves_the_global_state_alone() -> None:
    before = torch.random.get_rng_state()
    assert found(points(45, 200)) == found(points(45, 200))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_in_words() -> None:
    support = SupportRange(math.pi / 4, math.radians(41.6), math.radians(48), 2 * math.pi, 900)
    assert str(support) == "±45° (95 %: 42° to 48°)"


def test_near_circles_of_images_are_taken_for_circles() -> None:
    centre = np.array([0.1, -0.05])
    stretch = np.diag([1.1, 1 / 1.1])
    exact = np.array([[0.0, -2.0], [2.0, 0.0]])
    near, far = np.zeros((3, 3)), np.zeros((3, 3))
    near[:2, :2] = stretch @ exact @ np.linalg.inv(stretch)
    near[:2, 2] = -near[:2, :2] @ centre
    far[:2, :2] = stretch @ near[:2, :2] @ np.linalg.inv(stretch)
    rounded = _rounded(near)
    np.testing.assert_allclose(rounded[:2, :2], exact * rounded[1, 0] / 2)
    np.testing.assert_allclose(rounded @ [*centre, 1], 0, atol=1e-12)
    assert rounded[1, 0] == pytest.approx(2, rel=0.03)
    assert _rounded(far) is far
