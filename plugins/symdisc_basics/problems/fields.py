"""Functions that stay the same along known vector fields."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, final

import numpy as np

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc_basics.datasets.invariant_function import fields_of

ABOUT_MEAN = {"*": {"data.standardise": "centre"}, "shaw": {"data.standardise": "none"}}
"""Matrices act about the mean of the points; ``shaw`` has all affine fields."""

Settings = Mapping[str, Mapping[str, Any]]


class Along(Problem):
    """Fields of the data set ``invariant-function``; other components are not judged."""

    family: ClassVar[Family] = "field"
    dataset: ClassVar[str] = "invariant-function"

    @final
    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        dimension = fields_of(np.asarray(raw.states)[:1], options).shape[1]
        return TrueSymmetry(dimension, partial(fields_of, options=options))


@final
class Ellipse(Along):
    """A rotation along ellipses about (1, 1)."""

    options: ClassVar[Mapping[str, Any]] = {"which": "ellipse"}
    settings: ClassVar[Settings] = ABOUT_MEAN


@final
class Hyperbola(Along):
    """A boost about (1, 1)."""

    options: ClassVar[Mapping[str, Any]] = {"which": "hyperbola"}
    settings: ClassVar[Settings] = ABOUT_MEAN


@final
class Cusp(Along):
    """A field of degree 2, which is no matrix."""

    options: ClassVar[Mapping[str, Any]] = {"which": "cusp"}
    settings: ClassVar[Settings] = {"vector-field": {"method.library": "polynomial(2)"}}


@final
class Quadric(Along):
    """so(3) along ellipsoids, three matrices."""

    options: ClassVar[Mapping[str, Any]] = {"which": "quadric"}
