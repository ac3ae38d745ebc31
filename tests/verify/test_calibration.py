"""From logits to nats."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from symdisc.verify.calibration import added, on_support, recognised
from symdisc.verify.classifier import Logits

N = 4000
FOLD = torch.arange(N) % 2


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logits(real: Tensor, moved: Tensor) -> Logits:
    return Logits(real[None], moved[None], FOLD)


def noise(seed: int) -> Tensor:
    return torch.randn(N, 1, generator=rng(seed))


def test_certain_and_right_is_worth_log_two() -> None:
    gain = recognised(logits(torch.full((N, 1), -30.0), torch.full((N, 1), 30.0))).rows
    torch.testing.assert_close(gain, torch.full((N, 1), math.log(2)))


def test_knowing_nothing_costs_nothing_however_sure_the_classifier_is() -> None:
    gain = recognised(logits(10 * noise(1), 10 * noise(2))).rows
    assert abs(gain.mean().item()) < 1e-3


def test_overconfidence_is_taken_back() -> None:
    """Unit normal data shifted by 1: the right logit is x − 1/2, worth 0.113 nat."""
    x = noise(1)
    right = recognised(logits(x - 0.5, x + 0.5)).rows.mean().item()
    loud = recognised(logits(5 * (x - 0.5), 5 * (x + 0.5))).rows.mean().item()
    assert abs(right - 0.113) < 0.02
    assert abs(loud - right) < 1e-3


def test_factors_are_chosen_on_the_other_fold() -> None:
    """Right on fold 0, wrong on fold 1: the factor of each comes from the other."""
    sign = torch.where(FOLD == 0, 1.0, -1.0)[:, None]
    gain = recognised(logits(-3 * sign, 3 * sign)).rows
    assert torch.equal(gain[FOLD == 0], torch.zeros_like(gain[FOLD == 0]))
    assert gain[FOLD == 1].max() < -1


def test_targets_add_only_what_the_states_did_not_say() -> None:
    x, y = noise(1), noise(2)
    known = logits(x - 0.5, x + 0.5)
    useful = logits(x + y - 1, x + y + 1)
    assert abs(added(known, known).rows.mean().item()) < 1e-6
    both, first = recognised(useful).rows.mean(), recognised(known).rows.mean()
    torch.testing.assert_close(added(known, useful).rows.mean(), both - first, rtol=0.02, atol=0)


def test_useless_targets_are_not_held_against_a_generator() -> None:
    x = noise(1)
    known = logits(x - 0.5, x + 0.5)
    worse = logits(x - 0.5 + 4 * noise(3), x + 0.5 + 4 * noise(4))
    assert abs(added(known, worse).rows.mean().item()) < 1e-3


def test_rows_off_the_support() -> None:
    far = torch.where(torch.arange(N) % 4 < 3, 8.0, 0.0)[:, None]
    known = logits(torch.full((N, 1), -8.0), far)
    torch.testing.assert_close(on_support(known, 0.95), torch.tensor([0.25]))
    assert on_support(known, 0.9999).item() == 1


def test_gains_at_every_share() -> None:
    """Share 0 gains nothing; the right logit at half its size is best at the largest share."""
    x = noise(1)
    half = recognised(logits((x - 0.5) / 2, (x + 0.5) / 2))
    gains = half.by_share.mean(1)[:, 0]
    assert gains[0].abs() < 1e-6
    assert int(gains.argmax()) == len(gains) - 1
    torch.testing.assert_close(gains[-1], half.rows.mean(), rtol=1e-5, atol=0)
