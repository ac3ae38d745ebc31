"""Generators as they act: size, thresholds, whole numbers."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.engine.ensemble import Ensemble
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc_basics.cosets import Cosets, CosetsOptions
from symdisc_basics.direct_sum import DirectSum, DirectSumOptions
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from symdisc_laligan.generators import SIZE, ActingGenerators

SHAPES = DataShapes(2, Representation.vector(2))


def group(*values: Tensor) -> Ensemble:
    """One member a value ``(k, 2, 2)``."""
    members = [LieAlgebra(LieAlgebraOptions(n_generators=len(v)), SHAPES) for v in values]
    for member, value in zip(members, values, strict=True):
        member.weight.data.copy_(value)
    return Ensemble(members)


def test_every_generator_has_the_size_of_a_turn() -> None:
    acting = ActingGenerators(group(torch.randn(2, 2, 2), 1e-3 * torch.randn(2, 2, 2)), True, False)
    norms = torch.linalg.vector_norm(acting(), dim=(-2, -1))
    torch.testing.assert_close(norms, torch.full((2, 2), SIZE))
    turn = ActingGenerators(group(torch.tensor([[[0.0, -3.0], [3.0, 0.0]]])), True, False)()
    full = torch.linalg.matrix_exp(2 * math.pi * turn[0, 0])
    torch.testing.assert_close(full, torch.eye(2), atol=1e-5, rtol=0)


@pytest.mark.parametrize("n_generators", [0, 1])
def test_a_group_with_representatives_is_refused(n_generators: int) -> None:
    discrete = Ensemble([Cosets(CosetsOptions(n_generators=n_generators), SHAPES)])
    with pytest.raises(
        OptionError,
        match=r"this group has representatives of cosets beside them; use --group lie-algebra, or "
        r"--method atlasd for discrete elements",
    ):
        ActingGenerators(discrete, True, False)


def test_sizes_can_be_left_as_they_are() -> None:
    values = torch.randn(1, 2, 2)
    torch.testing.assert_close(ActingGenerators(group(values), False, False)()[0], values)


def test_known_generators_get_the_same_size_in_every_seed() -> None:
    members = [DirectSum(DirectSumOptions(parts="so(3)"), DataShapes(1, Representation.vector(3)))]
    acting = ActingGenerators(Ensemble(members * 2), True, False)
    torch.testing.assert_close(acting()[0], members[0].generators())


def test_small_entries_are_taken_away_for_good_and_remembered() -> None:
    values = torch.tensor([[[0.2, -1.0], [1.0, -0.4]]]), torch.tensor([[[0.1, 0.1], [0.1, 0.1]]])
    ensemble = group(*values)
    acting = ActingGenerators(ensemble, False, False)
    acting.apply_threshold(0.3)
    torch.testing.assert_close(acting()[0, 0], torch.tensor([[0.0, -1.0], [1.0, -0.4]]))
    torch.testing.assert_close(acting()[1], values[1])
    assert acting.n_removed.tolist() == [1, 0]
    torch.testing.assert_close(acting.unthresholded()[0], values[0])
    with torch.no_grad():
        next(ensemble.parameters())[0, 0, 1, 0] = 5.0  # now −1 and −0.4 are small
    acting.apply_threshold(0.3)
    torch.testing.assert_close(acting()[0, 0], torch.tensor([[0.0, 0.0], [5.0, 0.0]]))


def test_entries_taken_away_are_part_of_the_module_and_of_one_member_each() -> None:
    ensemble = group(torch.tensor([[[0.2, -1.0], [1.0, 0.0]]]), torch.ones(1, 2, 2))
    ActingGenerators(ensemble, False, False).apply_threshold(0.3)
    kept = dict(ensemble.named_buffers())["kept_entries"]
    assert kept.shape == (2, 1, 2, 2)
    # A run that goes on builds the modules anew and gives the buffer back.
    again = group(torch.tensor([[[0.2, -1.0], [1.0, 0.0]]]), torch.ones(1, 2, 2))
    acting = ActingGenerators(again, False, False)
    dict(again.named_buffers())["kept_entries"].copy_(kept)
    assert acting()[0, 0, 0, 0] == 0


def test_whole_entries_get_the_gradients_of_what_was_rounded() -> None:
    ensemble = group(torch.tensor([[[0.2, -1.4], [0.6, 2.5]]]))
    acting = ActingGenerators(ensemble, True, True)
    found = acting()
    assert found[0, 0].tolist() == [[0.0, -1.0], [1.0, 2.0]]
    weights = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    (gradient,) = torch.autograd.grad((found * weights).sum(), next(ensemble.parameters()))
    torch.testing.assert_close(gradient[0, 0], weights)
