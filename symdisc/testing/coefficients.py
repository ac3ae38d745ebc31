"""The conformance suite of coefficient distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor

from symdisc.interfaces import CoefficientDistribution
from symdisc.testing.conformance import (
    attempting,
    checked_options,
    require,
    require_finite,
)
from symdisc.testing.tolerances import STANDARD_ERRORS

N_SAMPLES = 40_000
BOXES = ((0.1, 0.5), (0.5, 0.9))
"""Quantiles of each coefficient between which the density is compared with the samples."""


def check_coefficients(
    component: type[Any],
    options: Mapping[str, Any] | None = None,
    *,
    n_generators: Sequence[int] = (1, 3),
) -> None:
    """Does a law keep the promises of :class:`symdisc.interfaces.CoefficientDistribution`?

    Samples ``(*shape, k)`` inside the support that depend on the given random stream alone, and
    a density that belongs to the samples: the mean of 1/p over those in a box A is the volume
    of A, since ∫_A p(z)/p(z) dz = |A|. It is minus infinity outside the support. A discrete law
    gives whole numbers, and probabilities that are the frequencies among the samples.

    Args:
        component: The class.
        options: Its options, as a user would give them.
        n_generators: Numbers k of coefficients to check.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.

    Example::

        def test_my_law() -> None:
            check_coefficients(MyLaw, {"width": 2.0})
    """
    checked = checked_options("coefficients", component, options)
    for k in n_generators:
        what = f"{component.__name__} of {k} coefficient(s)"
        with attempting(f"building {what}"):
            law = cast("CoefficientDistribution", component(checked, k))
        require(law.n_generators == k, f"{what}: n_generators is {law.n_generators}")
        for shape in ((), (5,), (2, 3), (0,)):
            sample = _sample(law, shape, 0, what)
            require_finite(sample, (*shape, k), f"{what}: sample({shape})")
        _check_randomness(law, what)
        _check_support(law, what)
        (_check_probabilities if law.discrete else _check_density)(law, what)


def _check_randomness(law: CoefficientDistribution, what: str) -> None:
    before = torch.get_rng_state()
    first, again, other = (_sample(law, (50,), seed, what) for seed in (1, 1, 2))
    require(
        torch.equal(torch.get_rng_state(), before),
        f"{what}: sample must draw from the given rng, not from torch's global one",
    )
    require(torch.equal(first, again), f"{what}: the same state of rng must give the same sample")
    require(not torch.equal(first, other), f"{what}: sample does not depend on rng")


def _check_support(law: CoefficientDistribution, what: str) -> None:
    low, high = law.support
    require(low < high, f"{what}: support must be an interval; got ({low}, {high})")
    sample = _sample(law, (N_SAMPLES,), 3, what)
    outside = int(((sample < low) | (sample > high)).sum())
    require(outside == 0, f"{what}: {outside} of {sample.numel()} samples lie outside {low}…{high}")
    for end, beyond in ((low, low - 1.0), (high, high + 1.0)):
        if math.isfinite(end):
            density = _log_prob(law, torch.full((1, law.n_generators), beyond), what)
            require(
                bool((density == -math.inf).all()),
                f"{what}: log_prob at {beyond} must be -inf, outside the support; got "
                f"{density.item():.3g}",
            )


def _check_density(law: CoefficientDistribution, what: str) -> None:
    sample = _sample(law, (N_SAMPLES,), 4, what)
    density = _log_prob(law, sample, what)
    require_finite(density, (N_SAMPLES,), f"{what}: log_prob of samples {tuple(sample.shape)}")
    both = _log_prob(law, sample[:6].reshape(2, 3, -1), what)
    require(both.shape == (2, 3), f"{what}: log_prob of (2, 3, k) has shape {tuple(both.shape)}")
    for ends in BOXES:
        _check_box(sample, density, ends, what)


def _check_probabilities(law: CoefficientDistribution, what: str) -> None:
    """Frequencies of the first coefficient's values against their probabilities."""
    sample = _sample(law, (N_SAMPLES,), 4, what)
    broken = sample != sample.round()
    require(not bool(broken.any()), f"{what}: a discrete law must give whole numbers")
    seen, count = torch.unique(sample, dim=0, return_counts=True)
    log_prob = _log_prob(law, seen, what)
    require_finite(log_prob, (len(seen),), f"{what}: log_prob of samples {tuple(seen.shape)}")
    expected = N_SAMPLES * log_prob.double().exp()
    total = float(expected.sum()) / N_SAMPLES
    require(total <= 1 + 1e-6, f"{what}: the probabilities of its samples add up to {total:.3g}")
    largest = float(((count - expected).abs() / expected.sqrt()).max())
    require(
        largest <= 2 * STANDARD_ERRORS,
        f"{what}: log_prob is not the probability of the samples: a value is off by "
        f"{largest:.1f} standard errors",
    )
    between = float(_log_prob(law, seen[:1] + 0.5, what))
    require(between == -math.inf, f"{what}: log_prob between whole numbers must be -inf")


def _check_box(sample: Tensor, density: Tensor, ends: tuple[float, float], what: str) -> None:
    low, high = (sample.quantile(end, dim=0) for end in ends)
    inside = ((sample >= low) & (sample <= high)).all(-1)
    weights = torch.where(inside, torch.exp(-density.double()), 0.0)
    volume = float((high - low).double().prod())
    error = float(weights.std()) / math.sqrt(N_SAMPLES)
    found = float(weights.mean())
    # The box itself comes from the sample, which the second share allows for.
    allowed = STANDARD_ERRORS * error + 0.02 * volume
    require(
        abs(found - volume) <= allowed,
        f"{what}: log_prob is not the density of the samples: the mean of 1/p over a box of "
        f"volume {volume:.4g} is {found:.4g} ± {error:.1g}",
    )


def _sample(law: CoefficientDistribution, shape: tuple[int, ...], seed: int, what: str) -> Tensor:
    with attempting(f"{what}: sample({shape})"):
        return law.sample(shape, torch.Generator().manual_seed(seed))


def _log_prob(law: CoefficientDistribution, z: Tensor, what: str) -> Tensor:
    with attempting(f"{what}: log_prob of {tuple(z.shape)}"):
        return law.log_prob(z)
