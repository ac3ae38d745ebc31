"""The forms of the game against values worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import Batch
from symdisc_liegan.objectives import OBJECTIVES, Name, gradient_penalty

HALF = math.log(2)


def values(name: Name, logits: Sequence[float]) -> tuple[float, float, float]:
    game, given = OBJECTIVES[name], torch.tensor([logits], dtype=torch.float64)
    return float(game.real(given)), float(game.fake(given)), float(game.generator(given))


def test_every_name_has_a_game() -> None:
    assert set(OBJECTIVES) == set(get_args(Name))


@pytest.mark.parametrize(
    ("logits", "real", "fake"),
    [
        ([0.0, 0.0], HALF, HALF),
        ([math.log(3.0)] * 2, math.log(4 / 3), math.log(4)),
        ([math.log(3.0), 0.0], (math.log(4 / 3) + HALF) / 2, (math.log(4) + HALF) / 2),
        ([200.0, 200.0], 0.0, 200.0),
        ([-200.0, -200.0], 200.0, 0.0),
    ],
)
def test_cross_entropies(logits: list[float], real: float, fake: float) -> None:
    found = values("cross-entropy", logits)
    assert found == pytest.approx((real, fake, real), abs=1e-12)
    assert OBJECTIVES["cross-entropy"].unit == "nat"


def test_the_hinge_stops_at_one() -> None:
    assert values("hinge", [0.5, 3.0]) == pytest.approx((0.25, 2.75, -1.75))
    assert values("hinge", [-3.0, -3.0]) == pytest.approx((4, 0, 3))


def test_least_squares_aim_at_one_and_zero() -> None:
    assert values("least-squares", [1.0, 0.0]) == pytest.approx((0.5, 0.5, 0.5))
    assert values("least-squares", [3.0, 3.0]) == pytest.approx((4, 9, 4))


def test_wasserstein_is_linear_and_penalised() -> None:
    assert values("wasserstein", [2.0, 4.0]) == pytest.approx((-3, 3, -3))
    assert [name for name, game in OBJECTIVES.items() if game.penalised] == ["wasserstein"]


def test_every_seed_has_its_own_value() -> None:
    logits = torch.tensor([[0.0, 0.0], [200.0, 200.0]])
    assert OBJECTIVES["cross-entropy"].real(logits).tolist() == pytest.approx([HALF, 0.0])


class Linear(nn.Module):
    """D(x, y) = a·x (+ b·y), whose gradient is known."""

    def __init__(self, a: list[float], b: float) -> None:
        super().__init__()
        self.a, self.b = nn.Parameter(torch.tensor(a)), nn.Parameter(torch.tensor(b))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        states = (x.flatten(1) * self.a).sum(-1)
        if y is None or not y.is_floating_point():
            return states
        return states + self.b * y.squeeze(-1)


def batches(targets: Tensor | None) -> tuple[Batch, Batch]:
    real = torch.randn(2, 5, 1, 2, generator=torch.Generator().manual_seed(1))
    return Batch(real, targets), Batch(real + 1, targets)


@pytest.mark.parametrize(
    ("targets", "norms"),
    [
        (None, (5.0, 0.5)),
        (torch.zeros(2, 5, dtype=torch.long), (5.0, 0.5)),
        (torch.zeros(2, 5, 1), (13.0, 0.5)),
    ],
)
def test_the_penalty_sees_the_gradient_in_states_and_numbers(
    targets: Tensor | None, norms: tuple[float, float]
) -> None:
    discriminator = Ensemble([Linear([3.0, 4.0], 12.0), Linear([0.3, 0.4], 0.0)])
    rng = torch.Generator().manual_seed(0)
    found = gradient_penalty(discriminator, *batches(targets), rng)
    assert found.tolist() == pytest.approx([(norm - 1) ** 2 for norm in norms])


def test_the_penalty_moves_the_discriminator_towards_norm_one() -> None:
    discriminator = Ensemble([Linear([3.0, 4.0], 0.0)])
    rng = torch.Generator().manual_seed(0)
    real, fake = (Batch(b.states[:1]) for b in batches(None))
    torch.autograd.backward(gradient_penalty(discriminator, real, fake, rng).sum())
    gradient = dict(discriminator.named_parameters())["body.a"].grad
    assert gradient is not None
    torch.testing.assert_close(gradient, torch.tensor([[4.8, 6.4]]))


def test_a_flat_discriminator_has_a_finite_gradient() -> None:
    discriminator = Ensemble([Linear([0.0, 0.0], 0.0)])
    real, fake = (Batch(b.states[:1]) for b in batches(None))
    found = gradient_penalty(discriminator, real, fake, torch.Generator().manual_seed(0))
    torch.autograd.backward(found.sum())
    assert found.tolist() == pytest.approx([1.0], abs=1e-5)
    assert all(p.grad is None or p.grad.isfinite().all() for p in discriminator.parameters())
