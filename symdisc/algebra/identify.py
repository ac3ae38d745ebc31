"""The name of a Lie algebra of matrices and of its action, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symdisc.algebra.brackets import closure_noise, closure_residual, structure_constants
from symdisc.algebra.fits import Fit, fits
from symdisc.algebra.forms import Matrix
from symdisc.algebra.nearest import nearest_algebra
from symdisc.algebra.structure import Invariants, structure
from symdisc.algebra.table import Abstract, algebras_of_dimension, sum_invariants
from symdisc.algebra.tolerances import TOLERANCES, percent

CLOSED = 1e-6
"""Closure residual of a span that counts as closed after it was made so [1]."""

CONFIRMED = 2.0
"""So many times the noise is allowed for standard matrices of the algebra that invariants tell."""

STRICT, LOOSE = 1.0, 4.0
"""Directions count above so many times the noise; both must tell the same."""

LEAST_NOISE = 1e-3
"""Noise that is allowed for at least [1]."""


@dataclass(frozen=True)
class Candidate:
    """A known action that was compared.

    Attributes:
        algebra: Name of its algebra.
        action: Name of the group as it acts.
        noise: Noise of each generator of norm 1 that would explain the difference [1].
        condition: Condition number of the change of basis to the standard matrices [1].
    """

    algebra: str
    action: str
    noise: float
    condition: float


@dataclass(frozen=True, eq=False)
class Identification:
    """What a span of matrices is called.

    Attributes:
        algebra: The algebra, ``None`` if unidentified.
        action: Name of the group as it acts, e.g. "SO(1,3) × scaling"; ``""`` where no standard
            matrices fit.
        reason: The numbers behind the name, or why there is none; no full stop.
        candidates: Known actions that were compared, best first.
        closed: Orthonormal basis of the closed algebra that was identified, ``(k, n, n)``; of
            the span itself if none was.
        matrices: Standard matrices M, ``(k, n, n)``, or ``None``.
        change: S, ``(n, n)``, where the S M S⁻¹ span ``closed``, or ``None``.
    """

    algebra: Abstract | None
    action: str
    reason: str
    candidates: tuple[Candidate, ...]
    closed: Matrix
    matrices: Matrix | None = None
    change: Matrix | None = None


def identify(basis: Matrix, groups: Sequence[Sequence[int]], spread: float = 0.0) -> Identification:
    """Compare a span with every known action of its dimension.

    First with standard matrices, each in the basis that fits best. A name needs noise of at most
    ``TOLERANCES.noise`` of a generator's norm, a change of basis of condition up to
    ``TOLERANCES.named_condition``, and no other algebra nearly as likely (Schwarz' criterion).
    Where no standard matrices come near, the invariants of the nearest closed algebra are
    compared with the table; they must not depend on what counts as zero. Standard matrices of the
    algebra that they tell may then be twice as far.

    Args:
        basis: Orthonormal basis of the span, ``(k, n, n)``, k at least 2.
        groups: Coordinates of the parts that the generators do not mix.
        spread: How far seeds differ, as noise of a generator of norm 1, 0 if unknown [1]. It may
            raise the noise that is allowed, at most to twice as much.
    """
    allowed = float(np.clip(TOLERANCES.seeds * spread, TOLERANCES.noise, 2 * TOLERANCES.noise))
    found = sorted(fits(basis, groups), key=_likelihood)
    listed = _listed(found)
    # The noise estimated from few numbers scatters.
    near = [fit for fit in found if fit.noise <= allowed * (1 + 1 / np.sqrt(2 * fit.free + 1))]
    if not near:
        return _by_invariants(basis, allowed, found)
    best = next((fit for fit in near if not _is_skew(fit)), None)
    first = near[0]
    if best is None or (first.algebra != best.algebra and _is_skew(first)):
        return Identification(None, "", _too_skew(first), listed, basis)
    rival = _rival(best, near)
    if rival is not None:
        return Identification(None, "", _undecided(best, rival), listed, basis)
    best = _with_matrices(best, near)
    others = [fit.noise for fit in found if fit.algebra != best.algebra]
    reason = _named(best, len(basis), min(others, default=np.inf))
    if best.conjugation is None:
        return Identification(best.algebra, best.action, reason, listed, nearest_algebra(basis))
    closed, change = best.conjugation.basis, best.conjugation.change
    return Identification(best.algebra, best.action, reason, listed, closed, best.matrices, change)


def _likelihood(fit: Fit) -> float:
    """The score, with what it loses for a basis that is more skew than data usually are."""
    excess = max(fit.condition - TOLERANCES.condition, 0.0)
    return float(fit.score + min(TOLERANCES.skew * excess**1.5, TOLERANCES.most_skew))


def _is_skew(fit: Fit) -> bool:
    return fit.condition > TOLERANCES.named_condition


def _listed(found: list[Fit]) -> tuple[Candidate, ...]:
    """The best fit of each action."""
    best: dict[str, Fit] = {}
    for fit in found:
        best.setdefault(fit.action, fit)
    return tuple(
        Candidate(fit.algebra.name, fit.action, fit.noise, fit.condition) for fit in best.values()
    )


def _rival(best: Fit, near: list[Fit]) -> Fit | None:
    """The fit of another algebra that is nearly as likely."""
    limit = _likelihood(best) + TOLERANCES.evidence
    return next((f for f in near if f.algebra != best.algebra and _likelihood(f) < limit), None)


def _with_matrices(best: Fit, near: list[Fit]) -> Fit:
    """The best fit to standard matrices of the same algebra, where there is one."""
    same = [
        fit
        for fit in near
        if fit.algebra == best.algebra and fit.conjugation is not None and not _is_skew(fit)
    ]
    return same[0] if same else best


def _by_invariants(basis: Matrix, allowed: float, found: list[Fit]) -> Identification:
    listed = _listed(found)
    # This estimate is the smaller one: noise along the span is not seen by it.
    if closure_noise(basis) > allowed:
        return Identification(None, "", _open(basis, listed), listed, basis)
    closed = nearest_algebra(basis)
    rows, flat = closed.reshape(len(closed), -1), basis.reshape(len(basis), -1)
    noise = float(np.linalg.norm(flat - flat @ rows.T @ rows) / np.sqrt(len(basis)))
    if closure_residual(closed) > CLOSED or noise > allowed:
        return Identification(None, "", _open(basis, listed), listed, basis)
    constants = structure_constants(closed)
    size = max(noise, LEAST_NOISE)
    strict, loose = (structure(constants, factor * size).invariants for factor in (STRICT, LOOSE))
    same = [a for a in algebras_of_dimension(len(basis)) if sum_invariants(a) == strict]
    if strict == loose and len(same) == 1:
        reason = (
            f"the {len(basis)} independent generators are {percent(noise)} from a closed algebra "
            f"with the invariants of {same[0].name} ({_told(strict)})"
        )
        fit = _confirmed(same[0], found, CONFIRMED * allowed)
        if fit is None or fit.conjugation is None:
            return Identification(same[0], "", reason, listed, closed)
        reason = f"{reason}, and are those of {fit.action} up to noise of {percent(fit.noise)}"
        closed, change = fit.conjugation.basis, fit.conjugation.change
        return Identification(same[0], fit.action, reason, listed, closed, fit.matrices, change)
    return Identification(None, "", _no_entry(strict, loose, same), listed, closed)


def _confirmed(algebra: Abstract, found: list[Fit], allowed: float) -> Fit | None:
    """The best fit to standard matrices of an algebra that invariants have told already."""
    same = (fit for fit in found if fit.algebra == algebra and fit.conjugation is not None)
    return next((fit for fit in same if fit.noise <= allowed and not _is_skew(fit)), None)


def _named(best: Fit, k: int, following: float) -> str:
    behind = f"; another algebra would need {percent(following)}" if following < np.inf else ""
    if best.conjugation is None:
        return f"{k} independent generators commute up to noise of {percent(best.noise)}{behind}"
    return (
        f"{k} independent generators are those of {best.action} up to noise of "
        f"{percent(best.noise)}, in a basis of condition {best.condition:.2f}{behind}"
    )


def _too_skew(fit: Fit) -> str:
    return (
        f"the nearest known action, {fit.action}, needs a change of basis of condition "
        f"{fit.condition:.3g}, above {TOLERANCES.named_condition:g}; if coordinates have very "
        "different sizes, rescale them"
    )


def _undecided(best: Fit, rival: Fit) -> str:
    return (
        f"{best.action} fits up to noise of {percent(best.noise)}, but {rival.action} (noise "
        f"{percent(rival.noise)}, basis of condition {rival.condition:.3g}) is nearly as likely"
    )


def _open(basis: Matrix, listed: tuple[Candidate, ...]) -> str:
    nearest = ""
    if listed:
        first = min(listed, key=lambda candidate: candidate.noise)
        nearest = f"; the nearest known action, {first.action}, would need {percent(first.noise)}"
    return (
        f"brackets of the generators leave their span by {percent(closure_residual(basis))} of "
        f"their size, and no closed algebra is as near as noise would allow{nearest}"
    )


def _no_entry(strict: Invariants, loose: Invariants, same: list[Abstract]) -> str:
    if strict != loose:
        return (
            "what noise leaves open decides between algebras: one with "
            f"{_told(strict)}, or one with {_told(loose)}"
        )
    if same:
        names = ", ".join(algebra.name for algebra in same)
        return f"several algebras have its invariants ({_told(strict)}): {names}"
    return f"no algebra of the table has its invariants: {_told(strict)}"


def _told(numbers: Invariants) -> str:
    positive, negative, zero = numbers.killing
    series = ", ".join(map(str, numbers.derived))
    kind = "" if numbers.is_unimodular else ", not unimodular"
    return (
        f"Killing form +{positive} −{negative} 0·{zero}, derived series {series}, centre of "
        f"dimension {numbers.centre}, radical of dimension {numbers.radical}{kind}"
    )
