from __future__ import annotations

import math

import pytest
import torch

from symdisc.errors import DataError
from symdisc.interfaces import Batch
from symdisc.representations import Representation
from symdisc_atlasd.goal import Goal, changes, known
from tests.plugins.symdisc_atlasd.planes import TURN, plane, windows


def test_numbers_are_compared_in_units_of_their_spread() -> None:
    samples = plane()
    goal = Goal.of(samples)
    assert samples.targets is not None
    raw = (samples.targets - samples.targets.mean(0)) / samples.targets.std(0, correction=0)
    torch.testing.assert_close(goal.values(raw), samples.targets)
    off = samples.targets + 2 * samples.targets.std(0, correction=0)
    torch.testing.assert_close(goal.error(off, samples.targets), torch.full((600,), 2.0))
    assert goal.loss(off[None], samples.targets[None]).item() == pytest.approx(4, rel=1e-4)
    assert (goal.size, goal.unit, goal.form) == (1, "1", None)


def test_numbers_that_a_group_mixes_share_one_scale() -> None:
    values = torch.randn(400, 3) * torch.tensor([1.0, 5.0, 2.0])
    scale = Goal.of_values(values, Representation.parse("V2 + 1*S")).scale
    assert scale[0] == scale[1]
    torch.testing.assert_close(scale[2], values[:, 2].std(correction=0))


def test_what_does_not_vary_has_scale_one() -> None:
    assert Goal.of_values(torch.ones(5, 1)).scale.item() == 1


def test_labels_are_compared_by_their_probabilities() -> None:
    goal = Goal.of(plane("labels"))
    certain = goal.values(torch.tensor([[0.0, 30.0], [30.0, 0.0]]))
    assert (goal.size, goal.unit) == (2, "nat")
    assert goal.loss(certain[None], torch.tensor([[1, 0]])).item() == pytest.approx(0, abs=1e-6)
    even = goal.values(torch.zeros(2, 2))
    torch.testing.assert_close(goal.error(even, even), torch.zeros(2))
    # Half of the expected probability meets exp(−30).
    expected = torch.full((2,), 15 - math.log(2))
    torch.testing.assert_close(goal.error(certain, even), expected)


def test_vectors_move_with_the_inputs_and_others_stay() -> None:
    vectors, values = Goal.of(plane("vectors")), Goal.of(plane())
    elements = TURN.expand(1, 4, 2, 2)
    torch.testing.assert_close(
        vectors.moved(elements, torch.tensor([[[1.0, 0.0]] * 4])), torch.tensor([[[0.0, 1.0]] * 4])
    )
    given = torch.randn(1, 4, 1)
    assert values.moved(elements, given) is given


def test_of_windows_the_change_is_predicted_and_moves_as_a_state() -> None:
    samples = windows()
    pairs = changes(samples)
    assert pairs.y is not None
    torch.testing.assert_close(pairs.y, samples.states[:, 1] - samples.states[:, 0])
    assert Goal.of(samples).form == samples.representation
    torch.testing.assert_close(known(Batch(samples.states[None]))[0], pairs.y)


def test_without_targets_or_windows_there_is_nothing_to_predict() -> None:
    with pytest.raises(DataError, match="these data have neither; give targets, or use --method"):
        Goal.of(plane("none"))


def test_a_constant_leaves_all_unexplained() -> None:
    samples = plane()
    goal, values = Goal.of(samples), samples.targets
    assert values is not None
    told = values.expand(2, -1, -1)
    constant = values.mean(0).expand_as(told)
    torch.testing.assert_close(goal.unexplained(constant, told), torch.ones(2))
    torch.testing.assert_close(
        goal.unexplained((constant + told) / 2, told), torch.full((2,), 0.25)
    )
    assert goal.unexplained(told[:, :1], told[:, :1]).isfinite().all()


def test_the_shares_of_labels_leave_all_unexplained() -> None:
    samples = plane("labels")
    goal, labels = Goal.of(samples), samples.targets
    assert labels is not None
    share = labels.float().mean()
    known = labels.expand(2, -1)
    constant = torch.stack([1 - share, share]).log().expand(*known.shape, 2)
    torch.testing.assert_close(goal.unexplained(constant, known), torch.ones(2))
    right = torch.stack([1 - known, known], dim=-1).float().mul(30).log_softmax(-1)
    assert (goal.unexplained(right, known) < 1e-4).all()
