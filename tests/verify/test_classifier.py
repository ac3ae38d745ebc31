"""Cross-fitted classifiers."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.verify.classifier import Judged, Logits, cross_fitted_logits
from symdisc.verify.defect_options import DefectOptions

N = 1200
OPTIONS = DefectOptions(draws=2)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Shifted:
    """Normal data; moving adds 0, 2 or −2 to the first coordinate. Counts which rows are asked."""

    members = 3

    def __init__(self) -> None:
        self.base = torch.randn(N, 4, generator=rng(9))
        self.shift = torch.tensor([0.0, 2.0, -2.0])[:, None]

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        real = self.base[rows].expand(3, -1, -1)
        moved = real.clone()
        moved[..., 0] += self.shift
        return real, moved


class RowNumbers:
    """Moving a row of the first half adds what moving one of the second takes away."""

    members = 1

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        real = torch.randn(1, len(rows), 1, generator=rng)
        sign = torch.where(rows < N // 2, 1.0, -1.0)
        return real, real + 4 * sign[None, :, None]


def test_each_member_learns_its_own_task() -> None:
    fold = torch.arange(N) % 2
    logits = cross_fitted_logits(Shifted(), fold, OPTIONS, rng()).left_out
    assert logits.real.shape == logits.moved.shape == (2, N, 3)
    right = ((logits.moved > 0).float() + (logits.real < 0).float()).mean((0, 1)) / 2
    assert abs(float(right[0]) - 0.5) < 0.03
    assert right[1:].min() > 0.8
    # The optimum of the second task is the logit 2 x − 2.
    x = Shifted().base[:, 0]
    assert torch.corrcoef(torch.stack([logits.real[0, :, 1], x]))[0, 1] > 0.9


def test_rows_are_judged_by_classifiers_that_did_not_see_their_fold() -> None:
    """Folds of opposite meaning: what one half teaches is wrong on the other."""
    fold = (torch.arange(N) >= N // 2).long()
    judged = cross_fitted_logits(RowNumbers(), fold, OPTIONS, rng())
    logits, own = judged.left_out, judged.trained_on
    right = ((logits.moved > 0).float().mean() + (logits.real < 0).float().mean()) / 2
    assert right.item() < 0.5
    assert (logits.moved < 0).float().mean() > 0.9
    assert (own.moved > 0).float().mean() > 0.9
    assert own.moved.shape == (1, N, 1)


def test_same_seed_same_logits_and_no_global_randomness() -> None:
    fold = torch.arange(N) % 2
    options = DefectOptions(steps=10, draws=1)
    state = torch.get_rng_state()
    first = cross_fitted_logits(Shifted(), fold, options, rng())
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(5)
    again = cross_fitted_logits(Shifted(), fold, options, rng())
    assert torch.equal(first.left_out.moved, again.left_out.moved)
    assert torch.equal(first.trained_on.moved, again.trained_on.moved)
    other = cross_fitted_logits(Shifted(), fold, options, rng(1))
    assert not torch.equal(first.left_out.moved, other.left_out.moved)


def test_part_of_the_members() -> None:
    logits = Logits(torch.zeros(2, 5, 3), torch.ones(2, 5, 3), torch.zeros(5))
    part = Judged(logits, logits).part(slice(1, None))
    for some in (part.left_out, part.trained_on):
        assert some.real.shape == some.moved.shape == (2, 5, 2)
