"""Groups of which not only the component of the identity is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar, final

import numpy as np
from scipy.spatial.transform import Rotation

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc_basics.datasets import dihedral, lorentz_parity, o2_regression, permutation_s3


def whole(dataset: ModuleType, options: Any, raw: RawData) -> TrueSymmetry:
    """Generators and representatives as the module of the data set states them."""
    elements = dataset.representatives(options)
    return TrueSymmetry.linear(dataset.generators(options), raw.representation, elements)


@final
class O2Regression(Problem):
    """O(2): rotations and reflections."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "o2-regression"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return whole(o2_regression, options, raw)


@final
class LorentzParity(Problem):
    """SO(1,3) and parity, on positive energies."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "lorentz-parity"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return whole(lorentz_parity, options, raw)


@final
class LorentzAll(Problem):
    """O(1,3), all four components."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "lorentz-parity"
    options: ClassVar[Mapping[str, Any]] = {"energies": "both"}

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return whole(lorentz_parity, options, raw)


@final
class SquareGroup(Problem):
    """D_4, nothing continuous."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "dihedral"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return whole(dihedral, options, raw)


@final
class Fifths(Problem):
    """C_5 with scaling."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "dihedral"
    options: ClassVar[Mapping[str, Any]] = {"which": "C5"}

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return whole(dihedral, options, raw)


@final
class Permutations(Problem):
    """S_3, nothing continuous."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "permutation-s3"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return whole(permutation_s3, options, raw)


@final
class Sevenths(Problem):
    """C_7, nothing continuous."""

    family: ClassVar[Family] = "discrete"
    dataset: ClassVar[str] = "discrete-rotation"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        angles = 2 * np.pi / options.order * np.arange(options.order)
        elements = Rotation.from_euler("z", angles[:, None]).as_matrix()
        return TrueSymmetry.linear(np.zeros((0, 3, 3)), raw.representation, elements)
