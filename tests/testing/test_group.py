from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from symdisc.interfaces import CosetParameterization, DataShapes, GroupParameterization
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc.testing import ConformanceError, check_group
from symdisc_basics.groups import LieAlgebra

V5 = DataShapes(1, Representation.vector(5))


class Good(GroupParameterization):
    """Everything else in this file differs from it in one place."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_generators, self.dimension = 2, shapes.representation.dimension
        self.weight = nn.Parameter(torch.randn(2, self.dimension, self.dimension))

    def generators(self) -> Tensor:
        return self.weight * self.mask()

    def mask(self) -> Tensor:
        return torch.ones(self.dimension, self.dimension).triu()

    def regularizers(self) -> Mapping[str, Tensor]:
        return {"size": self.weight.square().sum()}


class Rotation(Good):
    """A fixed algebra: nothing to learn."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        del self.weight
        upper = torch.ones(1, self.dimension, self.dimension).triu(1)
        self.n_generators = 1
        self.register_buffer("fixed", upper - upper.mT)

    def generators(self) -> Tensor:
        return self.get_buffer("fixed")

    def mask(self) -> Tensor:
        return torch.ones(self.dimension, self.dimension) - torch.eye(self.dimension)

    def regularizers(self) -> Mapping[str, Tensor]:
        return {}


class WholeState(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.dimension = shapes.steps * shapes.size


class NoGenerators(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_generators = 0


class OneMatrix(Good):
    def generators(self) -> Tensor:
        return super().generators()[0]


class OutsideMask(Good):
    def generators(self) -> Tensor:
        return self.weight


class SoftMask(Good):
    def mask(self) -> Tensor:
        return 0.5 * super().mask()


class OverlappingBlocks(Good):
    blocks = ((0, 1), (1, 2))


class OutsideBlocks(Good):
    blocks = ((0, 1),)


class Cut(Good):
    def generators(self) -> Tensor:
        return super().generators().detach()


class ListOfPenalties(Good):
    def regularizers(self) -> Mapping[str, Tensor]:
        return {"size": self.weight.square()}


class NoMask(Good):
    def mask(self) -> Tensor:
        raise OSError("not today")


@pytest.mark.parametrize("component", [Good, Rotation, LieAlgebra])
def test_good_groups_pass(component: type[Any]) -> None:
    check_group(component)


@pytest.mark.parametrize("blocks", [[2, 3], [2, 2], [[4, 0], [1, 3]], None])
def test_the_built_in_passes_with_blocks(blocks: Any) -> None:
    check_group(LieAlgebra, {"n_generators": 3, "blocks": blocks}, shapes=[V5])


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (WholeState, r"'2\*V2 \+ S': dimension must be that of the vectors, 2; got 10"),
        (NoGenerators, "n_generators must be a whole number of at least 1; got 0"),
        (OneMatrix, r"generators\(\) must have shape \(2, 4, 4\); got \(4, 4\)"),
        (OutsideMask, r"generators\(\) must vanish where mask\(\) is 0; found an entry of"),
        (SoftMask, r"mask\(\) must hold 0 and 1 only"),
        (OverlappingBlocks, "blocks raised ValueError: blocks .* name a coordinate more than once"),
        (OutsideBlocks, r"mask\(\) must be 0 outside the blocks \(\(0, 1\),\), whose action"),
        (Cut, r"generators\(\): the result is cut off from the gradients"),
        (ListOfPenalties, r"regularizer 'size' must have shape \(\); got \(2, 4, 4\)"),
        (NoMask, r"generators\(\) raised OSError: not today"),
        (nn.Linear, "Linear is no group: it must be a subclass of symdisc.interfaces.Group"),
    ],
)
def test_broken_promises_are_named(component: Any, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_group(component)


def test_a_kernel_that_differs_from_explicit_matrices_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from symdisc.testing import group

    monkeypatch.setattr(group, "group_action", lambda z, L, x, blocks: 1.01 * x)
    with pytest.raises(ConformanceError, match="action through the kernel against explicit"):
        check_group(Good)
    monkeypatch.undo()
    monkeypatch.setattr(group, "group_elements", lambda z, L, blocks: torch.zeros(5, 4, 4).double())
    with pytest.raises(ConformanceError, match="of zero coefficients against the identity"):
        check_group(Good)


class Mirrors(CosetParameterization):
    """A discrete group without generators; others differ from it in one place."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_generators, self.dimension = 0, shapes.representation.dimension
        self.n_representatives = 2
        self.weight = nn.Parameter(torch.randn(2, self.dimension))

    def generators(self) -> Tensor:
        return self.weight.new_zeros(0, self.dimension, self.dimension)

    def representatives(self) -> Tensor:
        axis = nn.functional.normalize(self.weight, dim=-1)
        return torch.eye(self.dimension) - 2 * axis[:, :, None] * axis[:, None, :]

    def mask(self) -> Tensor:
        return torch.ones(self.dimension, self.dimension)

    def regularizers(self) -> Mapping[str, Tensor]:
        return {}


class Twice(Mirrors):
    def representatives(self) -> Tensor:
        return 2 * super().representatives()


class CutOff(Mirrors):
    def representatives(self) -> Tensor:
        return super().representatives().detach()


class NoneAtAll(Mirrors):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_representatives = 0


class Fewer(Mirrors):
    def representatives(self) -> Tensor:
        return super().representatives()[:1]


def test_a_discrete_group_passes() -> None:
    check_group(Mirrors)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (Twice, r"Twice .*representatives\(\) must have \|det\| = 1; found "),
        (CutOff, r"generators\(\) and representatives\(\): the result is cut off"),
        (NoneAtAll, "n_representatives must be a whole number of at least 1; got 0"),
        (Fewer, r"representatives\(\).*shape"),
    ],
)
def test_broken_promises_of_discrete_groups_are_named(component: Any, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_group(component, shapes=[V5])
