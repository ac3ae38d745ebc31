from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc.testing import ConformanceError, check_problem

TURN = np.array([[[0.0, -1.0], [1.0, 0.0]]])
MIRROR = np.stack([np.eye(2), np.diag([1.0, -1.0])])
FEW = {"n_samples": 50}


class Good(Problem):
    """Everything else in this file differs from it in one place."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "o2-regression"
    known: ClassVar[TrueSymmetry] = TrueSymmetry.linear(TURN, "2*V2", MIRROR)

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        return self.known


class OtherFamily(Good):
    family: ClassVar[Any] = "odd"


class NoData(Good):
    dataset: ClassVar[str] = "nowhere"


class OtherSettings(Good):
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {"liegan": {"method.wings": 2}}


class WrongForAll(Good):
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {"*": {"run.wings": 2}}


class NoFields(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry(1)


class OtherShape(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry(1, lambda x: x)


class NotFinite(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry(1, lambda x: np.full((len(x), 1, 4), np.nan))


class Twice(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry.linear(np.concatenate([TURN, TURN]), "2*V2")


class WrongSize(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry(0, elements=np.eye(3)[None])


class NoIdentity(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry.linear(TURN, "2*V2", MIRROR[::-1].copy())


class NotFiniteElement(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry(
        0, elements=np.stack([np.eye(2), np.full((2, 2), np.nan)])
    )


class Singular(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry(
        0, elements=np.stack([np.eye(2), np.diag([1.0, 0.0])])
    )


class SameComponent(Good):
    known: ClassVar[TrueSymmetry] = TrueSymmetry.linear(
        TURN, "2*V2", np.stack([np.eye(2), TURN[0]])
    )


def test_a_good_one_passes() -> None:
    check_problem(Good, FEW)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (OtherFamily, "family must be one of continuous, discrete"),
        (NoData, "making its data.*nowhere"),
        (OtherSettings, "settings for liegan.*wings"),
        (WrongForAll, "settings for atlasd.*wings"),
        (NoFields, "1 generators, but no fields"),
        (OtherShape, r"fields have shape \(50, 4\), not \(50, 1, 4\)"),
        (NotFinite, "true fields must be finite"),
        (Twice, "true fields depend on each other"),
        (WrongSize, r"elements have shape \(1, 3, 3\), not \(1, 2, 2\)"),
        (NoIdentity, "the identity comes first"),
        (NotFiniteElement, "true elements must be finite"),
        (Singular, "an element is singular"),
        (SameComponent, "element 1 lies in the component of one before it"),
    ],
)
def test_broken_promises(component: type[Problem], message: str) -> None:
    with pytest.raises(ConformanceError, match=f"(?s){component.__name__}: {message}"):
        check_problem(component, FEW)
