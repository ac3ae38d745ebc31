"""Results with a discrete part that several tests share."""

from __future__ import annotations

from typing import Any, cast

import torch
from elements_toy import MIRROR, TURN, turn
from made_results import make

from symdisc.cosets.discrete_part import DiscretePart, discrete_part
from symdisc.result import SymmetryResult
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.verdict import Verdict, Word

DEFECT = RelativeDefect("conditional", 0.02, 0.0, 0.05, 0.0002, 0.31, 1.04, 0.98, 2900, 20)


def judged_as(*words: str) -> ElementTests:
    """One test for each word."""
    verdicts = tuple(Verdict(cast(Word, word), f"reason {n}") for n, word in enumerate(words, 1))
    return ElementTests((DEFECT,) * len(words), verdicts)


def square() -> DiscretePart:
    """Quarter turns and reflections, not tested."""
    return discrete_part(torch.stack([turn(torch.pi / 2), MIRROR]), torch.zeros(0, 2, 2))


def mirrored() -> DiscretePart:
    """The reflections of the plane beside its rotations, not tested."""
    return discrete_part(MIRROR[None], TURN[None])


def discrete_result(part: DiscretePart | None = None, **changes: Any) -> SymmetryResult:
    """A result without generators."""
    values: dict[str, Any] = {
        "seed_generators": torch.zeros(16, 0, 2, 2).double(),
        "group": "D_4 on vectors of dimension 2",
        "verification": None,
        "discrete": square() if part is None else part,
    }
    return make(torch.zeros(0, 2, 2).double(), **(values | changes))
