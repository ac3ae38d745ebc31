"""The checked form that every method sees."""

from __future__ import annotations

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.representations import Representation

V2 = Representation.vector(2)


def samples(targets: torch.Tensor | None = None, form: Representation | None = None) -> Samples:
    states = torch.arange(12.0).reshape(3, 2, 2)
    return Samples(states, torch.tensor([4, 4, 7]), V2, targets, form, names=("a", "b"))


def test_shapes() -> None:
    made = samples()
    assert (len(made), made.steps, made.size, made.n_classes) == (3, 2, 2, 0)
    assert made.float_targets is None
    assert made.labels is None


def test_float_targets() -> None:
    targets = torch.ones(3, 2)
    made = samples(targets, Representation.scalars(2))
    assert made.float_targets is targets
    assert made.labels is None
    assert made.n_classes == 0


def test_labels() -> None:
    labels = torch.tensor([0, 2, 1])
    made = samples(labels)
    assert made.labels is labels
    assert made.float_targets is None
    assert made.n_classes == 3


def test_state_size_must_fit_the_representation() -> None:
    with pytest.raises(DataError, match=r"^a state has 2 coordinates but the representation 'V3'"):
        Samples(torch.zeros(3, 1, 2), torch.arange(3), Representation.vector(3))


def test_float_targets_need_a_representation_that_fits() -> None:
    with pytest.raises(DataError, match=r"^float targets need a target representation.*'S'$"):
        samples(torch.ones(3, 2))
    with pytest.raises(DataError, match=r"^a target has 2 coordinates but .* '3\*S'"):
        samples(torch.ones(3, 2), Representation.scalars(3))


@pytest.mark.parametrize("index", [torch.tensor([2, 0]), torch.tensor([True, False, True])])
def test_rows_keep_everything_together(index: torch.Tensor) -> None:
    made = samples(torch.tensor([[0.0], [1.0], [2.0]]), Representation.scalars(1))
    part = made.rows(index)
    assert torch.equal(part.states, made.states[index])
    assert torch.equal(part.trajectory, made.trajectory[index])
    assert part.targets is not None
    assert made.targets is not None
    assert torch.equal(part.targets, made.targets[index])
    assert part.names == ("a", "b")
    assert samples().rows(index).targets is None


def test_to_moves_every_tensor() -> None:
    moved = samples(torch.tensor([0, 1, 0])).to("meta")
    assert moved.targets is not None
    assert {t.device.type for t in (moved.states, moved.trajectory, moved.targets)} == {"meta"}
    assert samples().to("cpu").targets is None
