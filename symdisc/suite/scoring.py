"""Whether a result is right: generators, other components, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from symdisc.cosets.component import TOLERANCE, coset_distance
from symdisc.errors import DataError
from symdisc.interfaces import TrueSymmetry
from symdisc.result import SymmetryResult
from symdisc.suite.tangents import (
    Values,
    direction_angle,
    outside_angle,
    span_angle,
    velocities,
)

LARGEST_ANGLE = 10.0
"""Up to which generators count as the true ones [deg]."""

BY_CONSTRUCTION = "by construction"
"""Words with which a result says that what it found is there whatever the data are like."""


@dataclass(frozen=True)
class Score:
    """How a result compares with the truth.

    Attributes:
        dimension: Number of generators found.
        angle: Largest principal angle between found and true fields on the data, the smaller span
            into the larger one [deg]; ``None`` where one of them has none.
        verdict: Word on the generators; ``""`` where there are none or nothing was tested.
        elements: Number of components found, that of the identity included.
        element_verdicts: Words on the other components.
        right: Whether just the true symmetry was found and none of it was refuted by the test on
            held-out rows; of data without one, whether nothing is reported as a symmetry.
        success: Whether it is right, and all of it was confirmed on held-out data.
        false_confirmation: Whether something was confirmed that is not there; more components than
            there are, all of them true elements, are wrong but not false.
        other_kind: Whether a symmetry is reported of a kind of which the truth says nothing, so
            that the result cannot be judged.
    """

    dimension: int
    angle: float | None
    verdict: str
    elements: int
    element_verdicts: tuple[str, ...]
    right: bool
    success: bool
    false_confirmation: bool
    other_kind: bool = False


def score(result: SymmetryResult, truth: TrueSymmetry, states: Values) -> Score:
    """Compare a result with the truth.

    Args:
        result: What was found.
        truth: What there is.
        states: At which fields are compared, ``(N, size)``.
    """
    dimension = 0 if result.order is not None else len(result.generators)
    angle, outside = _angles(result, truth, states) if dimension else (None, 90.0)
    word = _word(result) if dimension else ""
    elements, words = _elements(result)
    matches = _matches(elements, truth)
    admitted = truth.by_construction and any(BY_CONSTRUCTION in note for note in result.notes)
    generators = _Claim(dimension, word, angle, outside, truth, admitted)
    others = _Others(words, matches, truth)
    right = generators.right and others.right
    confirmed = (word == "confirmed" or not truth.dimension) and others.confirmed
    unknown = _is_of_another_kind(result, truth) and generators.elsewhere
    return Score(
        dimension=dimension,
        angle=angle,
        verdict=word,
        elements=len(elements) + 1,
        element_verdicts=words,
        right=right and not unknown,
        success=right and confirmed and not unknown,
        false_confirmation=(generators.false and not unknown) or others.false,
        other_kind=unknown,
    )


@dataclass(frozen=True)
class _Claim:
    """What is said of the component of the identity."""

    dimension: int
    word: str
    angle: float | None
    outside: float
    truth: TrueSymmetry
    admitted: bool

    @property
    def close(self) -> bool:
        return self.angle is not None and self.angle <= LARGEST_ANGLE

    @property
    def right(self) -> bool:
        if not self.truth.dimension:
            allowed = self.admitted or self.outside <= LARGEST_ANGLE
            return self.dimension == 0 or allowed or not _holds(self.word)
        return self.dimension == self.truth.dimension and self.close and _stands(self.word)

    @property
    def elsewhere(self) -> bool:
        """Whether something is reported that leaves the true span."""
        return self.dimension > 0 and _holds(self.word) and self.outside > LARGEST_ANGLE

    @property
    def false(self) -> bool:
        """Something else than there is was confirmed; part of it, or products, are no fault."""
        return self.word == "confirmed" and not self.admitted and self.outside > LARGEST_ANGLE


@dataclass(frozen=True)
class _Others:
    """What is said of the other components."""

    words: tuple[str, ...]
    matches: tuple[int | None, ...]
    truth: TrueSymmetry

    @property
    def confirmed(self) -> bool:
        """Whether each true component was."""
        if self.truth.elements is None:
            return True
        pairs = zip(self.matches, self.words, strict=True)
        return {m for m, word in pairs if word == "confirmed"} >= set(
            range(1, len(self.truth.elements))
        )

    @property
    def right(self) -> bool:
        if self.truth.elements is None:
            return True
        pairs = list(zip(self.matches, self.words, strict=True))
        found = {match for match, word in pairs if match and _stands(word)}
        wrong = any(not match and _holds(word) for match, word in pairs)
        return found == set(range(1, len(self.truth.elements))) and not wrong

    @property
    def false(self) -> bool:
        if self.truth.elements is None:
            return False
        pairs = zip(self.matches, self.words, strict=True)
        return any(match is None and word == "confirmed" for match, word in pairs)


def _is_of_another_kind(result: SymmetryResult, truth: TrueSymmetry) -> bool:
    """Whether targets move otherwise than they transform, or states by more than is known of."""
    if result.target_generators is not None:
        return True
    bent = result.fields is not None and result.fields.affine_matrices() is None
    return truth.only_matrices and (result.latent is not None or bent)


def _stands(word: str) -> bool:
    """Whether the test on held-out rows refuted nothing; it may not have been able to decide."""
    return word not in ("not supported", "trivial")


def _holds(word: str) -> bool:
    """Whether it is reported as a symmetry; what was not tested is."""
    return word in ("confirmed", "approximate", "")


def _word(result: SymmetryResult) -> str:
    return "" if result.verification is None else result.verification.overall.word


def _angles(
    result: SymmetryResult, truth: TrueSymmetry, states: Values
) -> tuple[float | None, float]:
    """Between the spans, and by how much what was found leaves the true span state by state."""
    if truth.fields is None and truth.dimension:
        raise DataError("a true symmetry with generators says how they move states")
    true = None if truth.fields is None else truth.fields(states)
    if true is None or true.shape[1] == 0:
        return None, 90.0
    found, spread = velocities(result, states), states.std(0)
    outside = outside_angle(found, true, spread)
    if not truth.dimension:
        return None, outside
    if truth.any_speed and found.shape[1] == true.shape[1] == 1:
        return direction_angle(found, true, spread), outside
    return span_angle(found, true, spread), outside


def _elements(result: SymmetryResult) -> tuple[list[Tensor], tuple[str, ...]]:
    """Matrices of the components but the identity's, and the word on each."""
    if result.order is not None:
        powers = [torch.matrix_exp(i * result.generators[0]) for i in range(1, result.order)]
        return powers, (_word(result),) * len(powers)
    part = result.discrete
    if part is None:
        return [], ()
    words = ("",) * (len(part) - 1)
    if part.tests is not None:
        words = tuple(verdict.word for verdict in part.tests.verdicts)
    return list(part.representatives[1:]), words


def _matches(elements: list[Tensor], truth: TrueSymmetry) -> tuple[int | None, ...]:
    """Number of the true component in which each element lies, 0 the identity's; ``None``: none."""
    if truth.elements is None:
        return (None,) * len(elements)
    true = list(torch.from_numpy(truth.elements))
    generators = torch.zeros(0, *true[0].shape, dtype=torch.float64)
    if truth.generators is not None:
        generators = torch.from_numpy(truth.generators)
    return tuple(_nearest(h.double(), true, generators) for h in elements)


def _nearest(h: Tensor, true: list[Tensor], generators: Tensor) -> int | None:
    distances = [coset_distance(h, other, generators) for other in true]
    best = int(np.argmin(distances))
    return best if distances[best] <= TOLERANCE else None
