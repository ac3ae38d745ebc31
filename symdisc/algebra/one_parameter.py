"""Names of one-parameter groups exp(tL), from the eigenvalues of L."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.algebra.forms import Matrix, kept_form
from symdisc.algebra.tolerances import TOLERANCES, GroupName, Setting, percent

Vector = NDArray[Any]
UNIDENTIFIED = "unidentified, dimension 1"


@dataclass(frozen=True)
class Speeds:
    """Imaginary eigenvalues ±iω_j of a generator.

    Attributes:
        relative: ω_j over the largest, descending; zeros are left out [1].
        whole: The smallest whole numbers in the same ratios, empty if there are none.
        fixed: Number of zero eigenvalues.
        error: Largest |Re λ|, and distance of a ratio from its whole numbers [1].
    """

    relative: tuple[float, ...]
    whole: tuple[int, ...]
    fixed: int
    error: float


def name_one_parameter(generator: Matrix, setting: Setting) -> GroupName:
    """Name exp(tL); the rules are those of :func:`symdisc.algebra.naming.name_group`.

    Args:
        generator: L, ``(n, n)``, finite and not zero.
        setting: What it acts on.
    """
    moving = _without_still(generator, setting)
    parts = [generator[np.ix_(group, group)] for group in moving.groups]
    norm = math.sqrt(sum(float(np.linalg.norm(part)) ** 2 for part in parts))
    eigenvalues = np.concatenate([np.linalg.eigvals(part) for part in parts])
    largest = float(np.abs(eigenvalues).max())
    if largest <= TOLERANCES.nilpotent * norm:
        return GroupName(
            UNIDENTIFIED,
            f"no eigenvalue can be told from zero: the largest has modulus {largest / norm:.3f} "
            "of the generator's norm, as for a shear",
        )
    where = _where(moving, setting)
    eigenvalues = eigenvalues / largest
    return (
        _scaling(generator, moving, where)
        or _boost(parts, eigenvalues, where)
        or _rotation(parts, eigenvalues, moving, where)
        or GroupName(UNIDENTIFIED, _neither(eigenvalues))
    )


def rotation_speeds(generator: Matrix) -> Speeds | None:
    """The angular speeds of a generator whose eigenvalues are imaginary, else ``None``.

    Args:
        generator: ``(n, n)``, finite.
    """
    eigenvalues = np.linalg.eigvals(generator)
    largest = np.abs(eigenvalues).max(initial=0.0)
    if largest <= TOLERANCES.nilpotent * np.linalg.norm(generator):
        return None
    return _speeds(eigenvalues / largest)


def kept_form_count(part: Matrix) -> int:
    """How many forms a generator with these (imaginary) eigenvalues keeps in some basis.

    As many as there are pairs of eigenvalues i ≤ j whose sum is zero.

    Args:
        part: ``(m, m)``, finite.
    """
    eigenvalues = np.linalg.eigvals(part)
    scale = np.abs(eigenvalues).max()
    sums = np.abs(eigenvalues[:, None] + eigenvalues[None, :])
    pairs = np.triu(sums <= 2 * TOLERANCES.real_part * scale)
    return max(int(pairs.sum()), 1)


def _without_still(generator: Matrix, setting: Setting) -> Setting:
    norms = [float(np.linalg.norm(generator[np.ix_(g, g)])) for g in setting.groups]
    moving = [
        group
        for group, norm in zip(setting.groups, norms, strict=True)
        if norm > TOLERANCES.still * max(norms)
    ]
    return Setting(moving, setting.n_vectors)


def _where(moving: Setting, setting: Setting) -> str:
    if moving.count == setting.count:
        return setting.where
    return f"{moving.count} of {setting.where}"


def _scaling(generator: Matrix, moving: Setting, where: str) -> GroupName | None:
    index = [i for group in moving.groups for i in group]
    part = generator[np.ix_(index, index)]
    rate = float(np.trace(part)) / len(index)
    error = float(np.linalg.norm(part - rate * np.eye(len(index))) / np.linalg.norm(part))
    if error > TOLERANCES.scaling:
        return None
    return GroupName(
        f"scaling on {where}",
        f"the generator is a multiple of the identity within {percent(error)}",
    )


def _boost(parts: list[Matrix], eigenvalues: Vector, where: str) -> GroupName | None:
    """Eigenvalues ±a in every vector of dimension 2."""
    if any(len(part) != 2 for part in parts):
        return None
    error = float(np.abs(eigenvalues.imag).max())
    pairs = np.sort(eigenvalues.real.reshape(-1, 2), axis=1)
    error = max(error, float(np.abs(pairs.sum(axis=1)).max()))
    if error > TOLERANCES.real_part or pairs[:, 1].min() < 1 - TOLERANCES.equal_speeds:
        return None
    condition = max(float(np.linalg.cond(np.linalg.eig(part)[1])) for part in parts)
    if condition > TOLERANCES.condition:
        return GroupName(UNIDENTIFIED, _ill_conditioned("eigenvectors", condition))
    return GroupName(
        f"SO(1,1) on {where}",
        f"eigenvalues ±1.00 (real) within {percent(error)}, condition of the eigenvectors "
        f"{condition:.2f}",
    )


def _rotation(
    parts: list[Matrix], eigenvalues: Vector, moving: Setting, where: str
) -> GroupName | None:
    speeds = _speeds(eigenvalues)
    if speeds is None:
        return None
    if not speeds.whole:
        listed = ", ".join(f"{s:.2f}" for s in speeds.relative)
        return GroupName(
            UNIDENTIFIED,
            f"eigenvalues are imaginary, but their angular speeds {listed} stand in no ratio of "
            f"small whole numbers (up to {TOLERANCES.denominator}, within {TOLERANCES.ratio})",
        )
    forms = [kept_form(part[None], kept_form_count(part)) for part in parts]
    residual = max(form.residual for form in forms)
    condition = max(form.condition for form in forms)
    if residual > TOLERANCES.kept or any(form.signature[1] for form in forms):
        return GroupName(
            UNIDENTIFIED,
            "eigenvalues are imaginary, but no positive definite quadratic form is kept: the "
            f"best one changes by {residual:.3f}, above {TOLERANCES.kept}",
        )
    if condition > TOLERANCES.condition:
        return GroupName(UNIDENTIFIED, _ill_conditioned("kept quadratic form", condition))
    values = ", ".join(f"±{s:.2f}i" for s in dict.fromkeys(_rounded(speeds.relative)))
    zeros = f" and {speeds.fixed} near 0" if speeds.fixed else ""
    evidence = (
        f"eigenvalues {values}{zeros} within {percent(speeds.error)}, kept quadratic form "
        f"positive definite, condition {condition:.2f}{_senses(parts)}"
    )
    return GroupName(_rotation_name(parts, speeds, moving, where), evidence)


def _rotation_name(parts: list[Matrix], speeds: Speeds, moving: Setting, where: str) -> str:
    distinct = sorted(set(speeds.whole))
    ratio = f" with angular speeds {':'.join(map(str, distinct))}" if len(distinct) > 1 else ""
    detail = ""
    if moving.dimension == 3 and len(parts) == 1:
        detail = f" (axis {_axis(parts[0])})"
    elif moving.dimension != 2:
        planes, fixed = len(speeds.whole), speeds.fixed
        still = f", {_counted(fixed, 'direction')} fixed" if fixed else ""
        detail = f" ({_counted(planes, 'plane')} turned{still})"
    return f"SO(2){ratio} on {where}{detail}"


def _speeds(eigenvalues: Vector) -> Speeds | None:
    error = float(np.abs(eigenvalues.real).max())
    if error > TOLERANCES.real_part:
        return None
    speeds = np.sort(eigenvalues.imag[eigenvalues.imag > TOLERANCES.real_part])[::-1]
    if len(speeds) == 0:
        return None
    relative = speeds / speeds[0]
    fixed = len(eigenvalues) - 2 * len(speeds)
    whole, miss = _whole_numbers(relative)
    return Speeds(tuple(relative.tolist()), whole, fixed, max(error, miss))


def _whole_numbers(relative: Vector) -> tuple[tuple[int, ...], float]:
    if relative.min() >= 1 - TOLERANCES.equal_speeds:
        return (1,) * len(relative), float(1 - relative.min())
    near = [Fraction(float(r)).limit_denominator(TOLERANCES.denominator) for r in relative]
    equal = relative >= 1 - TOLERANCES.ratio
    near = [Fraction(1) if same else part for same, part in zip(equal, near, strict=True)]
    misses = [abs(float(part) - r) for part, r in zip(near, relative, strict=True)]
    common = math.lcm(*(part.denominator for part in near))
    if max(misses) > TOLERANCES.ratio or min(near) <= 0 or common > TOLERANCES.denominator:
        return (), 0.0
    return tuple(int(part * common) for part in near), float(max(misses))


def _senses(parts: list[Matrix]) -> str:
    """Which blocks turn against the first one, for several blocks of dimension 2."""
    if len(parts) == 1 or any(len(part) != 2 for part in parts):
        return ""
    signs = [math.copysign(1, part[1, 0] - part[0, 1]) for part in parts]
    against = [str(i + 1) for i, sign in enumerate(signs) if sign != signs[0]]
    if not against:
        return ", all turn in the same sense"
    return (
        f", {'vectors' if len(against) > 1 else 'vector'} {', '.join(against)} in the other sense"
    )


def _axis(part: Matrix) -> str:
    axis = np.linalg.svd(part)[2][-1]
    axis = axis * math.copysign(1, axis[np.abs(axis).argmax()])
    return "(" + ", ".join(f"{value + 0.0:.2f}" for value in np.round(axis, 2)) + ")"


def _rounded(values: tuple[float, ...]) -> list[float]:
    return [round(value, 2) for value in values]


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _ill_conditioned(what: str, condition: float) -> str:
    return (
        f"{what} nearly degenerate: condition {condition:.3g}, above {TOLERANCES.condition:g}; "
        "if coordinates have very different sizes, rescale them"
    )


def _neither(eigenvalues: Vector) -> str:
    listed = ", ".join(f"{v.real:+.2f}{v.imag:+.2f}i" for v in eigenvalues[:8])
    more = ", …" if len(eigenvalues) > 8 else ""
    return (
        f"eigenvalues {listed}{more} (largest modulus 1) are neither all imaginary nor those "
        "of a boost or a scaling"
    )
