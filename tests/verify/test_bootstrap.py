"""Intervals."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.interfaces import Gains
from symdisc.verify.bootstrap import Estimate, Interval, relative_intervals
from symdisc.verify.defect_options import DefectOptions


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gains(n: int, found: float, spread: float, seed: int = 1) -> Gains:
    """One found generator and 20 references with T = 0.4."""
    means = torch.tensor([found, *[0.4] * 20])
    return fixed(means + spread * torch.randn(n, 21, generator=rng(seed)))


def fixed(rows: Tensor) -> Gains:
    """Gains that do not depend on the share."""
    return of(rows, rows[None])


def of(rows: Tensor, by_share: Tensor) -> Gains:
    return Gains(rows, by_share, torch.full((rows.shape[1],), torch.nan))


def intervals(
    found: Gains, cluster: Tensor, resamples: int, seed: int = 0, alpha: float = 0.05
) -> tuple[Estimate, Interval]:
    """Of the first generator, and of the references."""
    options = DefectOptions(resamples=resamples, alpha=alpha)
    (estimate,), reference = relative_intervals(found, 1, cluster, options, rng(seed))
    return estimate, reference


def test_values() -> None:
    ratio, reference = intervals(gains(500, 0.1, 0.0), torch.arange(500), 300)
    assert (ratio.ratio.value, ratio.ratio.low, ratio.ratio.high) == pytest.approx((0.5, 0.5, 0.5))
    assert reference.value == reference.low == pytest.approx(0.4)


def test_negative_statistics_give_zero() -> None:
    ratio, _ = intervals(gains(500, -0.1, 0.0), torch.arange(500), 300)
    assert (ratio.ratio.value, ratio.ratio.low, ratio.ratio.high) == (0, 0, 0)


def test_width_is_that_of_the_mean() -> None:
    rows = gains(2000, 0.1, 0.5)
    ratio, reference = intervals(rows, torch.arange(2000), 2000)
    # Standard error of T: 0.5 / sqrt(2000); ρ = sqrt(T / 0.4).
    low, high = (((0.1 + s * 1.96 * 0.5 / 2000**0.5) / 0.4) ** 0.5 for s in (-1, 1))
    assert ratio.ratio.high - ratio.ratio.low == pytest.approx(high - low, rel=0.15)
    assert ratio.ratio.low < ratio.ratio.value < ratio.ratio.high
    assert reference.low < reference.value < reference.high


def test_rows_of_one_cluster_count_once() -> None:
    rows = fixed(gains(200, 0.1, 0.3).rows.repeat_interleave(20, dim=0))
    cluster = torch.arange(200).repeat_interleave(20)
    alone, _ = intervals(rows, torch.arange(4000), 1000)
    together, _ = intervals(rows, cluster, 1000)
    assert (together.ratio.high - together.ratio.low) / (
        alone.ratio.high - alone.ratio.low
    ) == pytest.approx(20**0.5, rel=0.25)


def test_clusters_of_unequal_size_weigh_by_rows() -> None:
    cluster = torch.tensor([0] * 90 + [1] * 10)
    rows = torch.full((100, 6), 0.4)
    rows[:90, 0] = 0.4
    rows[90:, 0] = 0.0
    ratio, _ = intervals(fixed(rows), cluster, 400)
    assert ratio.ratio.value == pytest.approx(0.9**0.5)
    assert (ratio.ratio.low, ratio.ratio.high) == pytest.approx((0, 1))


def test_references_are_resampled() -> None:
    rows = torch.full((100, 21), 0.1)
    rows[:, 1:] = torch.linspace(0.2, 0.6, 20)
    _, reference = intervals(fixed(rows), torch.arange(100), 1000)
    assert reference.value == pytest.approx(0.4)
    assert reference.low < 0.35 < 0.45 < reference.high


def test_same_seed_same_interval() -> None:
    rows, each = gains(300, 0.1, 0.5), torch.arange(300)
    assert intervals(rows, each, 250) == intervals(rows, each, 250)
    assert intervals(rows, each, 250) != intervals(rows, each, 250, seed=1)


def test_a_gain_of_zero_still_has_an_upper_bound() -> None:
    """The chosen share is 0; at share 1 the gain is 0 ± 0.5/√N, which T may well be."""
    rows = gains(2000, 0.0, 0.0).rows
    noise = 0.5 * torch.randn(2000, generator=rng(3))
    by_share = torch.stack([rows, rows])
    by_share[1, :, 0] = noise - noise.mean()
    ratio, _ = intervals(of(rows, by_share), torch.arange(2000), 2000)
    assert (ratio.ratio.value, ratio.ratio.low) == (0, 0)
    assert ratio.ratio.high == pytest.approx((1.96 * 0.5 / 2000**0.5 / 0.4) ** 0.5, rel=0.15)


def test_confidence_is_an_option() -> None:
    rows, each = gains(2000, 0.1, 0.5), torch.arange(2000)
    wide, _ = intervals(rows, each, 2000, alpha=0.05)
    narrow, _ = intervals(rows, each, 2000, alpha=0.32)
    width = (wide.ratio.high - wide.ratio.low) / (narrow.ratio.high - narrow.ratio.low)
    assert width == pytest.approx(1.96 / 0.994, rel=0.1)


def test_p_value_is_the_share_of_bounds_beyond_the_limit() -> None:
    """ρ = 0.2 is the limit: T = 0.016."""
    each = torch.arange(2000)
    rows = gains(2000, 0.0, 0.2).rows
    rows = rows - rows.mean(0) + torch.tensor([0.016, *[0.4] * 20])
    at_limit, _ = intervals(fixed(rows), each, 2000)
    assert 0.2 < at_limit.p_value < 0.8
    far, _ = intervals(gains(2000, 0.1, 0.0), each, 400)
    none, _ = intervals(gains(2000, 0.0, 0.0), each, 400)
    assert far.p_value == 1
    assert none.p_value == pytest.approx(1 / 401)
