from __future__ import annotations

from typing import Any

import pytest
import torch

from symdisc.algebra.known import known_algebra
from symdisc.engine.ensemble import Ensemble
from symdisc.errors import OptionError
from symdisc.interfaces import CosetParameterization, DataShapes
from symdisc.representations import Representation
from symdisc.testing import check_group
from symdisc_basics.cosets import Cosets, CosetsOptions

V4 = DataShapes(1, Representation.vector(4))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"n_generators": 0, "n_representatives": 3},
        {"n_generators": 2, "blocks": [2]},
        {"parts": "so(2)"},
        {"parts": "learned(2)", "n_representatives": 1},
    ],
)
def test_it_passes_the_suite(options: dict[str, Any]) -> None:
    check_group(Cosets, options)


def test_it_passes_the_suite_on_images() -> None:
    image = DataShapes(1, Representation.image(8, 8))
    check_group(Cosets, {"parts": "se(2)"}, shapes=[image])
    check_group(Cosets, {"n_generators": 0}, shapes=[image])


def test_the_algebra_is_the_one_that_was_asked_for() -> None:
    known = Cosets(CosetsOptions(parts="so(1,3)"), V4)
    assert torch.equal(known.generators(), torch.tensor(known_algebra("so(1,3)")).float())
    assert (known.n_generators, known.has_surplus) == (6, False)
    auto = Cosets(CosetsOptions(n_generators="auto"), V4)
    assert auto.has_surplus
    blocks = Cosets(CosetsOptions(blocks=[2, 2]), V4)
    assert blocks.blocks == ((0, 1), (2, 3))
    assert bool(blocks.representatives()[:, :2, 2:].detach().any())


def test_without_generators_the_group_is_discrete() -> None:
    group = Cosets(CosetsOptions(n_generators=0), V4)
    assert group.generators().shape == (0, 4, 4)
    assert (group.n_generators, group.blocks) == (0, None)
    stacked = Ensemble([group, group])
    assert stacked.strategy == "stacked"
    assert stacked.call("generators").shape == (2, 0, 4, 4)
    assert stacked.call("representatives").shape == (2, 16, 4, 4)


def test_training_does_not_change_the_side() -> None:
    """Each representative finds the nearest element of {±1} × {±1} with its determinant."""
    torch.manual_seed(5)
    group = Cosets(CosetsOptions(n_generators=0, n_representatives=8), V4)
    target = torch.diag(torch.tensor([1.0, 1.0, 1.0, -1.0]))
    optimizer = torch.optim.Adam(group.parameters(), lr=0.02)
    for _ in range(400):
        optimizer.zero_grad()
        loss = (group.representatives() - target).square().sum((1, 2))
        torch.autograd.backward(loss.sum())
        optimizer.step()
    reached = loss.detach() < 1e-3
    assert reached.tolist() == [False, True] * 4


def test_an_algebra_that_does_not_fit_is_told() -> None:
    with pytest.raises(OptionError, match="they need 6 coordinates, but the vectors have 4"):
        Cosets(CosetsOptions(parts="so(6)"), V4)
    assert issubclass(Cosets, CosetParameterization)
