"""The conformance suite of methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from symdisc.interfaces import (
    Artifacts,
    ClosedFormStage,
    Discovery,
    Method,
    Stage,
    StageContext,
)
from symdisc.options import Options
from symdisc.testing import ConformanceError, check_method, method_cases
from symdisc_liegan.method import LieGAN

CASES = method_cases()
QUICK = {"verify.steps": 60, "verify.n_references": 8, "verify.draws": 1, "verify.resamples": 400}


class Fixed(ClosedFormStage):
    name: ClassVar[str] = "fixed"

    def __init__(self, generator: torch.Tensor) -> None:
        self._generator = generator

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        return {"generators": self._generator[None, None]}


class Always(Method):
    """A rotation, whatever the data."""

    uses: ClassVar[Mapping[str, str]] = {}
    generator: ClassVar[list[list[float]]] = [[0, -1], [1, 0]]

    def __init__(self, options: Options) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        return [Fixed(torch.tensor(self.generator, dtype=torch.float64))]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        return Discovery(artifacts["generators"], torch.ones(2, 2))


class Never(Always):
    generator: ClassVar[list[list[float]]] = [[0, 0], [0, 0]]


class Stopped(Always):
    def stages(self) -> Sequence[Stage]:
        raise RuntimeError("not today")


class Unfinished(Method):
    uses: ClassVar[Mapping[str, str]] = {}


@pytest.mark.slow
def test_liegan_passes() -> None:
    found = check_method(LieGAN, {"method.steps": 300}, seeds=2)
    assert list(found) == [case.name for case in CASES]
    words = [result.verification.overall.word for result in found.values() if result.verification]
    assert len(words) == len(CASES)
    assert words[-1] == "untestable here"


def test_a_method_that_always_finds_the_same_fails() -> None:
    with pytest.raises(
        ConformanceError,
        match=r"^Always misses the symmetry of a difference of squares: no symmetry found; ",
    ):
        check_method(Always, QUICK, cases=CASES[1:2])


def test_a_method_that_never_finds_anything_fails() -> None:
    with pytest.raises(ConformanceError, match=r"^Never (on|misses the symmetry of) a distance"):
        check_method(Never, QUICK)


def test_a_claim_without_a_symmetry_fails() -> None:
    """A rotation confirmed where the case says that there is none."""
    wrong = replace(CASES[0], truth=None)
    with pytest.raises(ConformanceError, match=r"^Always finds a symmetry in a distance from the "):
        check_method(Always, QUICK, cases=(wrong,))


def test_another_generator_than_the_true_one_fails() -> None:
    other = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    case = replace(CASES[0], truth=other)
    with pytest.raises(ConformanceError, match=r"they are 90 degrees apart, at most 15 are allow"):
        check_method(Always, QUICK, cases=(case,))


def test_errors_are_told() -> None:
    with pytest.raises(ConformanceError, match=r"^Stopped on a distance from the origin raised Ru"):
        check_method(Stopped)
    unfinished: Any = Unfinished
    with pytest.raises(ConformanceError, match=r"^Unfinished is no method: it does not implement"):
        check_method(unfinished)


def test_cases_depend_on_the_seed_and_nothing_else() -> None:
    again = method_cases()
    assert all((a.states == b.states).all() for a, b in zip(CASES, again, strict=True))
    assert not (method_cases(1)[0].states == CASES[0].states).any()
    assert sum(case.truth is None for case in CASES) == 3
