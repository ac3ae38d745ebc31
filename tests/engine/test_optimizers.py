from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from symdisc.engine.optimizers import ParameterGroup, update
from symdisc.interfaces import OptimizerSettings

STEPS = 10


class Point(nn.Module):
    """E points; the loss of each is its distance from a target."""

    def __init__(self, start: Tensor) -> None:
        super().__init__()
        self.place = nn.Parameter(start.clone())

    def loss(self, target: float = 1.0) -> Tensor:
        return (self.place - target).square().sum(-1)


def start() -> Tensor:
    return torch.linspace(-1, 3, 6, dtype=torch.float64).reshape(3, 2)


def train(settings: OptimizerSettings, n_steps: int = STEPS) -> tuple[Point, list[Tensor]]:
    point = Point(start())
    group = ParameterGroup(point, settings, n_steps)
    path = []
    for _ in range(n_steps):
        update({"point": group}, {"point": {"distance": point.loss()}})
        path.append(point.place.detach().clone())
    group.finish()
    return point, path


@pytest.mark.parametrize(
    "settings",
    [
        OptimizerSettings(0.1),
        OptimizerSettings(0.05, betas=(0.5, 0.9)),
        OptimizerSettings(0.1, weight_decay=0.3),
    ],
)
def test_every_step_is_that_of_adamw(settings: OptimizerSettings) -> None:
    _, path = train(settings)
    other = Point(start())
    adam = torch.optim.AdamW(
        other.parameters(),
        lr=settings.learning_rate,
        betas=settings.betas,
        weight_decay=settings.weight_decay,
    )
    for place in path:
        adam.zero_grad()
        other.loss().sum().backward()  # type: ignore[no-untyped-call]
        adam.step()
        assert torch.allclose(place, other.place, rtol=1e-12)


def test_members_do_not_feel_each_other() -> None:
    together, _ = train(OptimizerSettings(0.1))
    alone = Point(start()[1:2])
    group = ParameterGroup(alone, OptimizerSettings(0.1), STEPS)
    for _ in range(STEPS):
        update({"point": group}, {"point": {"distance": alone.loss()}})
    assert torch.equal(together.place[1:2], alone.place)


def test_step_size_falls_linearly_to_zero() -> None:
    group = ParameterGroup(Point(start()), OptimizerSettings(0.1, decay=0.4), STEPS)
    rates = []
    for _ in range(STEPS):
        rates.append(group._learning_rate())
        group.step((torch.ones(3, 2, dtype=torch.float64),))
    assert rates == pytest.approx([0.1] * 7 + [0.075, 0.05, 0.025])
    assert group._learning_rate() == pytest.approx(0.0)


def test_decay_reaches_the_parameters() -> None:
    _, steady = train(OptimizerSettings(0.1))
    _, decayed = train(OptimizerSettings(0.1, decay=1.0), 100)
    last = (decayed[-1] - decayed[-2]).abs().max()
    assert last < 0.1 * (steady[-1] - steady[-2]).abs().max()


@pytest.mark.parametrize(("share", "averaged"), [(0.0, 1), (0.3, 3), (0.5, 5), (1.0, 10)])
def test_the_end_is_the_mean_over_the_tail(share: float, averaged: int) -> None:
    point, path = train(OptimizerSettings(0.1, tail_average=share))
    mean = torch.stack(path[-averaged:]).mean(0)
    assert torch.allclose(point.place, mean, rtol=1e-12)


def test_averaging_does_not_disturb_training() -> None:
    _, path = train(OptimizerSettings(0.1, tail_average=1.0))
    _, plain = train(OptimizerSettings(0.1))
    assert all(torch.equal(a, b) for a, b in zip(path, plain, strict=True))


def test_terms_of_a_group_reach_its_own_parameters_only() -> None:
    """Both players' terms depend on both players' parameters, as in an adversarial game."""
    left, right = Point(start()), Point(start() + 1)
    groups = {
        name: ParameterGroup(point, OptimizerSettings(0.1), STEPS)
        for name, point in (("left", left), ("right", right))
    }
    product = (left.place * right.place).sum(-1)
    expected = right.place.detach().clone(), -left.place.detach().clone()
    update(groups, {"left": {"product": product}, "right": {"negative": -product}})
    assert left.place.grad is not None
    assert right.place.grad is not None
    assert torch.equal(left.place.grad, expected[0])
    assert torch.equal(right.place.grad, expected[1])


def test_terms_of_a_group_are_added_up() -> None:
    point = Point(start())
    group = ParameterGroup(point, OptimizerSettings(0.1), STEPS)
    update({"point": group}, {"point": {"first": point.loss(), "second": 3 * point.loss(0.0)}})
    assert point.place.grad is not None
    assert torch.allclose(point.place.grad, 2 * (start() - 1) + 6 * start())


def test_a_parameter_that_no_term_reaches_stays() -> None:
    point = Point(start())
    point.spare = nn.Parameter(torch.ones(2))
    group = ParameterGroup(point, OptimizerSettings(0.1, weight_decay=0.1), STEPS)
    update({"point": group}, {"point": {"distance": point.loss()}})
    assert torch.equal(point.spare, torch.ones(2))


def test_frozen_parameters_stay() -> None:
    point = Point(start())
    point.fixed = nn.Parameter(torch.ones(2), requires_grad=False)
    group = ParameterGroup(point, OptimizerSettings(0.1), STEPS)
    assert len(group.parameters) == 1
    update({"point": group}, {"point": {"distance": point.loss()}})
    assert torch.equal(point.fixed, torch.ones(2))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 3, 1), (3, 2, 1, 0)])
def test_gradients_may_lie_in_memory_in_any_order(order: tuple[int, ...]) -> None:
    values = torch.randn(4, 3, 2, 5, generator=torch.Generator().manual_seed(0))
    gradient = torch.empty([values.shape[i] for i in order]).permute(*map(order.index, range(4)))
    module = nn.Module()
    module.weight = nn.Parameter(torch.zeros(4, 3, 2, 5))
    group = ParameterGroup(module, OptimizerSettings(learning_rate=0.1), 10)
    group.step((gradient.copy_(values),))
    # The first step of Adam is the step size against the sign of each entry.
    torch.testing.assert_close(module.weight.detach(), -0.1 * values.sign(), rtol=1e-4, atol=0)
