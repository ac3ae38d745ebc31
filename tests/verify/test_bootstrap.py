"""Intervals."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.verify.bootstrap import relative_intervals
from symdisc.verify.calibration import Gains


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gains(n: int, found: float, spread: float, seed: int = 1) -> Gains:
    """One found generator and 20 references with T = 0.4."""
    means = torch.tensor([found, *[0.4] * 20])
    return fixed(means + spread * torch.randn(n, 21, generator=rng(seed)))


def fixed(rows: Tensor) -> Gains:
    """Gains that do not depend on the share."""
    return Gains(rows, rows[None])


def test_values() -> None:
    (ratio,), reference = relative_intervals(gains(500, 0.1, 0.0), 1, torch.arange(500), 300, rng())
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((0.5, 0.5, 0.5))
    assert reference.value == reference.low == pytest.approx(0.4)


def test_negative_statistics_give_zero() -> None:
    (ratio,), _ = relative_intervals(gains(500, -0.1, 0.0), 1, torch.arange(500), 300, rng())
    assert (ratio.value, ratio.low, ratio.high) == (0, 0, 0)


def test_width_is_that_of_the_mean() -> None:
    rows = gains(2000, 0.1, 0.5)
    (ratio,), reference = relative_intervals(rows, 1, torch.arange(2000), 2000, rng())
    # Standard error of T: 0.5 / sqrt(2000); ρ = sqrt(T / 0.4).
    low, high = (((0.1 + s * 1.96 * 0.5 / 2000**0.5) / 0.4) ** 0.5 for s in (-1, 1))
    assert ratio.high - ratio.low == pytest.approx(high - low, rel=0.15)
    assert ratio.low < ratio.value < ratio.high
    assert reference.low < reference.value < reference.high


def test_rows_of_one_cluster_count_once() -> None:
    rows = fixed(gains(200, 0.1, 0.3).rows.repeat_interleave(20, dim=0))
    cluster = torch.arange(200).repeat_interleave(20)
    (alone,), _ = relative_intervals(rows, 1, torch.arange(4000), 1000, rng())
    (together,), _ = relative_intervals(rows, 1, cluster, 1000, rng())
    assert (together.high - together.low) / (alone.high - alone.low) == pytest.approx(
        20**0.5, rel=0.25
    )


def test_clusters_of_unequal_size_weigh_by_rows() -> None:
    cluster = torch.tensor([0] * 90 + [1] * 10)
    rows = torch.full((100, 6), 0.4)
    rows[:90, 0] = 0.4
    rows[90:, 0] = 0.0
    (ratio,), _ = relative_intervals(fixed(rows), 1, cluster, 400, rng())
    assert ratio.value == pytest.approx(0.9**0.5)
    assert (ratio.low, ratio.high) == pytest.approx((0, 1))


def test_references_are_resampled() -> None:
    rows = torch.full((100, 21), 0.1)
    rows[:, 1:] = torch.linspace(0.2, 0.6, 20)
    _, reference = relative_intervals(fixed(rows), 1, torch.arange(100), 1000, rng())
    assert reference.value == pytest.approx(0.4)
    assert reference.low < 0.35 < 0.45 < reference.high


def test_same_seed_same_interval() -> None:
    rows, each = gains(300, 0.1, 0.5), torch.arange(300)
    assert relative_intervals(rows, 1, each, 250, rng()) == relative_intervals(
        rows, 1, each, 250, rng()
    )
    assert relative_intervals(rows, 1, each, 250, rng()) != relative_intervals(
        rows, 1, each, 250, rng(1)
    )


def test_a_gain_of_zero_still_has_an_upper_bound() -> None:
    """The chosen share is 0; at share 1 the gain is 0 ± 0.5/√N, which T may well be."""
    rows = gains(2000, 0.0, 0.0).rows
    noise = 0.5 * torch.randn(2000, generator=rng(3))
    by_share = torch.stack([rows, rows])
    by_share[1, :, 0] = noise - noise.mean()
    (ratio,), _ = relative_intervals(Gains(rows, by_share), 1, torch.arange(2000), 2000, rng())
    assert (ratio.value, ratio.low) == (0, 0)
    assert ratio.high == pytest.approx((1.96 * 0.5 / 2000**0.5 / 0.4) ** 0.5, rel=0.15)
