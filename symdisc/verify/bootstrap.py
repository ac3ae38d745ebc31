"""Intervals of relative defects, by resampling clusters of rows and references."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.interfaces import Gains
from symdisc.verify.defect_options import DefectOptions

_CHUNK = 100


@dataclass(frozen=True)
class Interval:
    """An estimate and its percentile interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """ρ of one generator.

    Attributes:
        ratio: ρ and its interval [1].
        p_value: Share of the draws in which the bound of ρ reaches the limit [1].
    """

    ratio: Interval
    p_value: float


def relative_intervals(
    gains: Gains,
    n_found: int,
    cluster: Tensor,
    options: DefectOptions,
    rng: torch.Generator,
) -> tuple[list[Estimate], Interval]:
    """ρ of the found generators and T_ref of the references, with their intervals.

    Each draw takes C clusters of C with replacement, the same for all generators, and as many
    references as there are with replacement; T_ref is the median of these. The upper end of ρ
    takes, in each draw, the largest T of ``gains.by_share``.

    Args:
        gains: T of N rows and S generators: found ones first, then references.
        n_found: How many are found ones.
        cluster: Cluster of each row, ``(N,)``, the numbers 0 to C − 1.
        options: Number of draws, confidence, and the limit for the p-values.
        rng: Source of randomness.

    Returns:
        ρ = √(max(T, 0) / T_ref) of each found generator [1], meaningful only where T_ref is
        above zero, and T_ref [nat].
    """
    n_all, resamples = gains.rows.shape[1], options.resamples
    shares = gains.by_share[..., :n_found].movedim(0, -1)
    columns = torch.cat([gains.rows, shares.flatten(1)], dim=1).double()
    means = _resampled_means(columns, cluster, resamples, rng)
    found, others = means[:, :n_found], means[:, n_found:n_all]
    largest = means[:, n_all:].reshape(resamples, n_found, -1).amax(-1)
    pick = torch.randint(others.shape[1], others.shape, generator=rng)
    reference = others.gather(1, pick).quantile(0.5, dim=1)
    overall = gains.rows.double().mean(0)
    overall_reference = overall[n_found:].quantile(0.5)
    values = _root_ratio(overall[:n_found], overall_reference)
    ratios = _root_ratio(found, reference[:, None])
    bounds = _root_ratio(torch.maximum(found, largest), reference[:, None])
    estimates = [
        Estimate(
            Interval(
                float(value),
                _interval(value, ratio, options.alpha).low,
                _interval(value, bound, options.alpha).high,
            ),
            (1 + int((bound >= options.confirmed).sum())) / (1 + resamples),
        )
        for value, ratio, bound in zip(values, ratios.T, bounds.T, strict=True)
    ]
    return estimates, _interval(overall_reference, reference, options.alpha)


def _root_ratio(statistic: Tensor, reference: Tensor) -> Tensor:
    return (statistic.clamp_min(0) / reference.clamp_min(1e-12)).sqrt()


def _interval(value: Tensor, draws: Tensor, alpha: float) -> Interval:
    levels = torch.tensor([alpha / 2, 1 - alpha / 2], dtype=draws.dtype)
    low, high = draws.quantile(levels).tolist()
    return Interval(float(value), low, high)


def _resampled_means(
    gains: Tensor, cluster: Tensor, resamples: int, rng: torch.Generator
) -> Tensor:
    """Means over rows of resampled clusters, ``(resamples, S)``."""
    count = int(cluster.max()) + 1
    sums = torch.zeros(count, gains.shape[1], dtype=gains.dtype).index_add_(0, cluster, gains)
    sizes = torch.bincount(cluster, minlength=count).to(gains.dtype)
    means = []
    for start in range(0, resamples, _CHUNK):
        draws = min(_CHUNK, resamples - start)
        pick = torch.randint(count, (draws, count), generator=rng)
        pick += count * torch.arange(draws)[:, None]
        times = torch.bincount(pick.flatten(), minlength=draws * count).to(gains.dtype)
        times = times.reshape(draws, count)
        means.append((times @ sums) / (times @ sizes)[:, None])
    return torch.cat(means)
