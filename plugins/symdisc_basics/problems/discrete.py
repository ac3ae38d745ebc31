"""Groups of which not only the component of the identity is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any, ClassVar, final

import numpy as np
from scipy.spatial.transform import Rotation

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc_basics.datasets import dihedral, lorentz_parity, o2_regression, permutation_s3

Choices = Mapping[str, Any]


class Whole(Problem):
    """The module of the data set states generators and one matrix of each component.

    Where there are no generators, the target, one function of several coordinates, still stays the
    same along vector fields, as any does.
    """

    family: ClassVar[Family] = "discrete"
    module: ClassVar[ModuleType]

    @final
    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        generators = self.module.generators(options)
        elements = self.module.representatives(options)
        truth = TrueSymmetry.linear(generators, raw.representation, elements)
        return replace(truth, by_construction=not truth.dimension)


@final
class O2Regression(Whole):
    """O(2): rotations and reflections."""

    module: ClassVar[ModuleType] = o2_regression
    dataset: ClassVar[str] = "o2-regression"


@final
class LorentzParity(Whole):
    """SO(1,3) and parity, on positive energies."""

    module: ClassVar[ModuleType] = lorentz_parity
    dataset: ClassVar[str] = "lorentz-parity"


@final
class LorentzAll(Whole):
    """O(1,3), all four components."""

    module: ClassVar[ModuleType] = lorentz_parity
    dataset: ClassVar[str] = "lorentz-parity"
    options: ClassVar[Choices] = {"energies": "both"}


@final
class SquareGroup(Whole):
    """D_4, nothing continuous."""

    module: ClassVar[ModuleType] = dihedral
    dataset: ClassVar[str] = "dihedral"


@final
class Fifths(Whole):
    """C_5 with scaling."""

    module: ClassVar[ModuleType] = dihedral
    dataset: ClassVar[str] = "dihedral"
    options: ClassVar[Choices] = {"which": "C5"}


@final
class Permutations(Whole):
    """S_3, nothing continuous."""

    module: ClassVar[ModuleType] = permutation_s3
    dataset: ClassVar[str] = "permutation-s3"


@final
class Sevenths(Problem):
    """C_7, nothing continuous.

    Stretching the first two numbers leaves the target, but not the law of the states: a method that
    asks for the first alone may report it.
    """

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "discrete-rotation"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        angles = 2 * np.pi / options.order * np.arange(options.order)
        elements = Rotation.from_euler("z", angles[:, None]).as_matrix()
        stretch = TrueSymmetry.linear(np.diag([1.0, 1.0, 0.0])[None], raw.representation)
        return replace(stretch, dimension=0, elements=elements, by_construction=True)
