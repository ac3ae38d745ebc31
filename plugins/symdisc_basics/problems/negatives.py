"""Data without the symmetry that a method might report, or with all but a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc_basics.datasets import dihedral, lorentz_parity, o2_regression, permutation_s3
from symdisc_basics.problems.discrete import Choices, Whole


class Nothing(Problem):
    """There is no symmetry; other components are judged where it is sure that there are none."""

    family: ClassVar[Family] = "negative"
    elements: ClassVar[NDArray[np.float64] | None] = None

    @final
    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return TrueSymmetry(0, elements=self.elements)


@final
class NoSymmetry(Nothing):
    """A generic injective function."""

    dataset: ClassVar[str] = "no-symmetry"
    elements: ClassVar[NDArray[np.float64] | None] = np.eye(3)[None]


@final
class Lorenz(Nothing):
    """A chaotic motion in time."""

    dataset: ClassVar[str] = "chaotic-control"


@final
class Henon(Nothing):
    """A chaotic map."""

    dataset: ClassVar[str] = "chaotic-control"
    options: ClassVar[Choices] = {"system": "henon"}


@final
class CuspByMatrices(Problem):
    """A published example that no matrix and no affine field leaves alone."""

    family: ClassVar[Family] = "negative"
    dataset: ClassVar[str] = "invariant-function"
    options: ClassVar[Choices] = {"which": "cusp"}
    settings: ClassVar[Mapping[str, Choices]] = {
        "vector-field": {"method.library": "affine"},
        "shaw": {"method.library": "affine"},
    }

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return TrueSymmetry(0, only_matrices=True)


class ByConstruction(Problem):
    """A random polynomial F has no matrices, but fields that are there by construction.

    In the plane (∂F/∂x₂, −∂F/∂x₁) is one, in space ∇F × v with any v. To find those says nothing
    about the data; a result must say so.
    """

    family: ClassVar[Family] = "negative"
    dataset: ClassVar[str] = "invariant-function"

    @final
    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return TrueSymmetry(0, by_construction=True)


@final
class Cubic(ByConstruction):
    """A random polynomial of degree 3 in space."""

    options: ClassVar[Choices] = {"which": "cubic"}


@final
class PlaneCubic(ByConstruction):
    """A published test that holds by construction: a random polynomial in the plane."""

    options: ClassVar[Choices] = {"which": "plane-cubic"}
    settings: ClassVar[Mapping[str, Choices]] = {
        "vector-field": {"method.library": "polynomial(2)"},
    }


@final
class OddTerm(Whole):
    """SO(2) is left of O(2): a term that reflections change."""

    family: ClassVar[Family] = "negative"
    module: ClassVar[ModuleType] = o2_regression
    dataset: ClassVar[str] = "o2-regression"
    options: ClassVar[Choices] = {"odd": 0.4}


@final
class Handed(Whole):
    """SO(1,3) is left: a term that parity changes."""

    family: ClassVar[Family] = "negative"
    module: ClassVar[ModuleType] = lorentz_parity
    dataset: ClassVar[str] = "lorentz-parity"
    options: ClassVar[Choices] = {"odd": 0.5}


@final
class TiltedSquare(Whole):
    """Nothing is left of D_4."""

    family: ClassVar[Family] = "negative"
    module: ClassVar[ModuleType] = dihedral
    dataset: ClassVar[str] = "dihedral"
    options: ClassVar[Choices] = {"tilt": 0.4}


@final
class Handicap(Whole):
    """Nothing is left of S_3."""

    family: ClassVar[Family] = "negative"
    module: ClassVar[ModuleType] = permutation_s3
    dataset: ClassVar[str] = "permutation-s3"
    options: ClassVar[Choices] = {"handicap": 0.4}
