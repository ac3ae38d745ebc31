"""From logits to nats."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.verify.calibration import added, on_support, recognised
from symdisc.verify.classifier import Judged, Logits

N = 4000
FOLD = torch.arange(N) % 2


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logits(real: Tensor, moved: Tensor) -> Logits:
    return Logits(real[None], moved[None], FOLD)


def judged(real: Tensor, moved: Tensor) -> Judged:
    """Both kinds of classifiers say the same."""
    return Judged(logits(real, moved), logits(real, moved))


def noise(seed: int) -> Tensor:
    return torch.randn(N, 1, generator=rng(seed))


def test_certain_and_right_is_worth_log_two() -> None:
    gain = recognised(judged(torch.full((N, 1), -30.0), torch.full((N, 1), 30.0))).rows
    torch.testing.assert_close(gain, torch.full((N, 1), math.log(2)))


def test_knowing_nothing_costs_nothing_however_sure_the_classifier_is() -> None:
    gain = recognised(judged(10 * noise(1), 10 * noise(2))).rows
    assert abs(gain.mean().item()) < 1e-3


def test_overconfidence_is_taken_back() -> None:
    """Unit normal data shifted by 1: the right logit is x − 1/2, worth 0.113 nat."""
    x = noise(1)
    right = recognised(judged(x - 0.5, x + 0.5)).rows.mean().item()
    loud = recognised(judged(5 * (x - 0.5), 5 * (x + 0.5))).rows.mean().item()
    assert abs(right - 0.113) < 0.02
    assert abs(loud - right) < 1e-3


def test_factors_are_chosen_on_the_other_fold() -> None:
    """Right on fold 0, wrong on fold 1: the factor of each comes from the other."""
    sign = torch.where(FOLD == 0, 1.0, -1.0)[:, None]
    gain = recognised(judged(-3 * sign, 3 * sign)).rows
    assert torch.equal(gain[FOLD == 0], torch.zeros_like(gain[FOLD == 0]))
    assert gain[FOLD == 1].max() < -1


def test_targets_add_only_what_the_states_did_not_say() -> None:
    x, y = noise(1), noise(2)
    known = judged(x - 0.5, x + 0.5)
    useful = judged(x + y - 1, x + y + 1)
    assert abs(added(known, known, 0.95).rows.mean().item()) < 1e-6
    both, first = recognised(useful).rows.mean(), recognised(known).rows.mean()
    torch.testing.assert_close(
        added(known, useful, 0.95).rows.mean(), both - first, rtol=0.02, atol=0
    )


def test_useless_targets_are_not_held_against_a_generator() -> None:
    x = noise(1)
    known = judged(x - 0.5, x + 0.5)
    worse = judged(x - 0.5 + 4 * noise(3), x + 0.5 + 4 * noise(4))
    assert abs(added(known, worse, 0.95).rows.mean().item()) < 1e-3


def test_rows_off_the_support() -> None:
    """Three quarters of the moved rows have logits that no real row has."""
    far = torch.where(torch.arange(N) % 8 < 6, 8.0, 0.0)[:, None]
    known = logits(torch.zeros(N, 1), far)
    torch.testing.assert_close(on_support(known, 0.95), torch.tensor([0.25]))


def test_support_depends_on_the_order_of_logits_alone() -> None:
    always = logits(torch.full((N, 1), 0.1), torch.full((N, 1), 0.2))
    assert on_support(always, 0.95).item() == 0
    x, y = torch.stack([noise(1), noise(2)]), torch.stack([noise(3), noise(4)]) + 1
    parts = [on_support(Logits(x, y, FOLD), c).item() for c in (0.6, 0.8, 0.95, 0.999)]
    assert parts == sorted(parts)
    assert parts[0] == pytest.approx(0.46, abs=0.04)
    assert parts[2] > 0.97
    shrunk = on_support(Logits(x / 64, y / 64, FOLD), 0.8)
    torch.testing.assert_close(shrunk, torch.tensor([parts[1]]))


def test_support_where_moved_and_real_rows_are_alike() -> None:
    assert on_support(logits(noise(3), noise(4)), 0.95).item() > 0.99


def test_gains_at_every_share() -> None:
    """Share 0 gains nothing; the right logit at half its size is best at the largest share."""
    x = noise(1)
    half = recognised(judged((x - 0.5) / 2, (x + 0.5) / 2))
    gains, corrected = half.by_share.mean(1)[:, 0].chunk(2)
    assert gains[0].abs() < 1e-6
    assert int(gains.argmax()) == len(gains) - 1
    torch.testing.assert_close(gains[-1], half.rows.mean(), rtol=1e-5, atol=0)
    torch.testing.assert_close(gains, corrected)


def test_half_of_what_is_known_of_own_rows_alone_counts_for_the_bound() -> None:
    x = noise(1)
    nothing, right = logits(0 * x, 0 * x), logits(x - 0.5, x + 0.5)
    gain = recognised(Judged(nothing, right))
    assert (gain.rows == 0).all()
    best = recognised(Judged(right, right)).by_share.mean(1).amax(0)
    torch.testing.assert_close(gain.by_share.mean(1).amax(0), best / 2)
    empty = Judged(nothing, nothing)
    conditional = added(empty, Judged(nothing, right), 0.95)
    torch.testing.assert_close(conditional.by_share.mean(1).amax(0), best / 2)
