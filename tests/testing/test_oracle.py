"""The conformance suite of oracles finds what it is meant to find."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import Oracle
from symdisc.options import Options
from symdisc.testing import ConformanceError, check_oracle


class Good(Oracle):
    """F(x) = |x|² and its first coordinate."""

    def __init__(self, options: Options) -> None:
        pass

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        return ""

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        pass

    def value(self, x: Tensor) -> Tensor:
        return torch.stack([x.square().sum(1), x[:, 0]], dim=1)

    def jacobian(self, x: Tensor) -> Tensor:
        first = torch.zeros_like(x)
        first[:, 0] = 1
        return torch.stack([2 * x, first], dim=1)


def _broken(**methods: Any) -> type[Oracle]:
    return type("Broken", (Good,), methods)


def _mean_removed(self: Any, x: Tensor) -> Tensor:
    return Good.value(self, x - x.mean(0))


def _global(self: Any, x: Tensor, y: Tensor, rng: torch.Generator) -> None:
    torch.rand(1)


def _in_place(self: Any, x: Tensor, y: Tensor, rng: torch.Generator) -> None:
    x += 1


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        ({"jacobian": lambda self, x: Good.jacobian(self, x) * 2}, "against differences of value"),
        ({"jacobian": lambda self, x: Good.jacobian(self, x).mT}, "must have shape"),
        ({"value": lambda self, x: Good.value(self, x).float()}, "must be float64"),
        ({"value": lambda self, x: Good.value(self, x)[:, 0]}, r"must give \(N, c\)"),
        ({"value": _mean_removed}, "value of some points"),
        ({"fit": _global}, "uses the global random state"),
        ({"fit": _in_place}, "changes the data"),
        ({"derivatives": ""}, "derivatives must say what they are"),
    ],
)
def test_broken_promises_are_found(methods: dict[str, Any], message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_oracle(_broken(**methods))


def test_a_good_one_passes() -> None:
    check_oracle(Good)
    check_oracle(_broken(jacobian=lambda self, x: 0 * Good.jacobian(self, x), derivatives="none"))
