from __future__ import annotations

import torch

from symdisc.interfaces import DataShapes
from symdisc.options import Options
from symdisc_atlasd.goal import Goal
from symdisc_atlasd.judge import ROWS, GlobalJudge, evenly
from symdisc_atlasd.metric import Metric
from symdisc_atlasd.predictor import OraclePredictor
from tests.plugins.symdisc_atlasd.planes import TURN, Distance, plane


class Cubic(Distance):
    """x |x|²: a vector, equivariant under O(2)."""

    def value(self, x: torch.Tensor) -> torch.Tensor:
        return x * x.square().sum(-1, keepdim=True)


def judge(targets: str = "values") -> GlobalJudge:
    samples = plane(targets)
    assert samples.targets is not None
    goal = Goal.of_values(samples.targets, samples.target_representation)
    oracle = Cubic(Options()) if targets == "vectors" else Distance(Options())
    shapes, metric = DataShapes.of(samples), Metric.of(samples.states[:, 0], samples.representation)
    return GlobalJudge(OraclePredictor(oracle, goal), shapes, metric)


def test_symmetries_have_no_error_and_others_have() -> None:
    batch = evenly(plane(), 2)
    elements = torch.stack([torch.eye(2), TURN, torch.diag(torch.tensor([2.0, 0.5]))])
    errors = judge().errors(elements.expand(2, -1, -1, -1)[:, :, None], batch)
    assert errors.shape == (2, 3, ROWS)
    assert errors[:, :2].max() < 1e-5
    assert errors[:, 2].mean() > 0.5


def test_each_row_may_have_an_element_of_its_own() -> None:
    batch = evenly(plane(), 1)
    elements = torch.randn(1, 1, ROWS, 2, 2)
    errors = judge().errors(elements, batch)
    one = judge().errors(elements[:, :, 7:8], batch)
    torch.testing.assert_close(errors[..., 7], one[..., 7])


def test_vectors_that_are_predicted_have_to_move() -> None:
    batch = evenly(plane("vectors"), 1)
    errors = judge("vectors").errors(TURN[None, None, None], batch)
    assert errors.max() < 1e-4


def test_the_level_is_that_of_unrelated_rows() -> None:
    samples = plane()
    batch = evenly(samples, 2)
    assert samples.targets is not None
    values = batch.states[0, :, 0].square().sum(-1)
    shuffled = values.roll(ROWS // 2)
    expected = (values - shuffled).abs().mean() / samples.targets.std(correction=0)
    torch.testing.assert_close(judge().level(batch), expected.expand(2))
    far = torch.diag(torch.tensor([3.0, 1 / 3])).expand(2, 1, 2, 2)
    assert (judge().relative(far, batch) > 1).all()
    still = torch.eye(2).expand(2, 1, 2, 2)
    assert judge().relative(still, batch).abs().max() == 0


def test_elements_learn_by_their_errors() -> None:
    element = torch.diag(torch.tensor([1.2, 1 / 1.2])).requires_grad_()
    errors = judge().errors(element[None, None, None], evenly(plane(), 1))
    (gradient,) = torch.autograd.grad(errors.mean(), element)
    assert gradient[0, 0] > 0


def test_some_rows_are_the_same_for_every_seed() -> None:
    batch = evenly(plane("labels", rows=50), 3)
    assert batch.states.shape == (3, 50, 1, 2)
    assert batch.targets is not None
    assert batch.targets.shape == (3, 50)
    assert torch.equal(batch.states[0], batch.states[2])
