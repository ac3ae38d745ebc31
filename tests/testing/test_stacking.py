from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn

from symdisc.testing import ConformanceError, check_ensemble, check_stacked
from symdisc_basics.perceptron import Perceptron


class Scale(nn.Module):
    """x times a learned number, with a stacked form that subclasses break."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))

    def forward(self, x: Tensor) -> Tensor:
        return self.factor.reshape(self.factor.shape + (1,) * (x.ndim - self.factor.ndim)) * x

    @classmethod
    def stack(cls, members: Sequence[Scale]) -> nn.Module:
        stacked = cls(0.0)
        stacked.factor = nn.Parameter(torch.stack([m.factor.detach() for m in members]))
        return stacked


class WrongValue(Scale):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + (0.01 if self.factor.ndim else 0.0)


class WrongGradient(Scale):
    def forward(self, x: Tensor) -> Tensor:
        y = super().forward(x)
        return 2 * y - y.detach() if self.factor.ndim else y


class NoEnsembleDimension(Scale):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x)[0] if self.factor.ndim else super().forward(x)


class Frozen(Scale):
    def forward(self, x: Tensor) -> Tensor:
        y = super().forward(x)
        return y.detach() if self.factor.ndim else y


class OtherName(Scale):
    @classmethod
    def stack(cls, members: Sequence[Scale]) -> nn.Module:
        stacked = super().stack(members)
        stacked.factors = stacked.factor
        del stacked.factor
        return stacked


class Fails(Scale):
    @classmethod
    def stack(cls, members: Sequence[Scale]) -> nn.Module:
        raise IndexError("too many")


class Expanded(Scale):
    @classmethod
    def stack(cls, members: Sequence[Scale]) -> nn.Module:
        stacked = super().stack(members)
        stacked.register_buffer("ones", torch.ones(1).expand(3))
        return stacked


def members(kind: type[Scale]) -> list[nn.Module]:
    return [kind(factor) for factor in (0.5, -1.0, 2.0)]


def test_good_modules_pass() -> None:
    x = torch.randn(3, 4, 2)
    check_stacked(members(Scale), x)
    check_ensemble(members(Scale), x)
    check_stacked([Perceptron([2, 5, 1]) for _ in range(3)], x)
    check_ensemble([nn.Linear(2, 2) for _ in range(3)], x)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (
            WrongValue,
            r"WrongValue.stack, forward against member 0 alone: they differ by 0\.\d+ "
            r"relative to the largest value; allowed is 1e-05",
        ),
        (WrongGradient, "against member 0 alone, gradient of parameter 'factor': they differ"),
        (NoEnsembleDimension, r"shape \(4, 2\) lacks the leading dimension 3 of the members"),
        (
            Frozen,
            r"forward: gradients for \[\] instead of \['argument 0', \"parameter 'factor'\"\]",
        ),
        (OtherName, r"parameters must be those of a member .* \{'factor': \(3,\)\}; got"),
        (Expanded, "Expanded.stack: ones repeat numbers without memory of their own; use repeat"),
        (Fails, "Fails.stack raised IndexError: too many"),
    ],
)
def test_broken_stacks_are_named(kind: type[Scale], message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_stacked(members(kind), torch.randn(3, 4, 2))


def test_a_module_without_stack_is_refused() -> None:
    with pytest.raises(ConformanceError, match="Linear offers no 'stack'"):
        check_stacked([nn.Linear(2, 2)], torch.randn(1, 4, 2))


def test_state_outside_parameters_and_buffers_is_noticed() -> None:
    class Hidden(nn.Module):
        def __init__(self, shift: float) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2))
            self.shift = shift

        def forward(self, x: Tensor) -> Tensor:
            return self.weight * x + self.shift

    message = r"Hidden.forward of an ensemble \(vmap\) against member 1 alone: they differ by"
    with pytest.raises(ConformanceError, match=message):
        check_ensemble([Hidden(0.0), Hidden(1.0)], torch.randn(2, 4, 2))


def test_a_failing_ensemble_is_named() -> None:
    with pytest.raises(
        ConformanceError, match=r"Linear.forward in an ensemble raised BrokenComponentError"
    ):
        check_ensemble([nn.Linear(2, 2)], torch.randn(1, 4, 3))
