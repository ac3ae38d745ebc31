"""Matrices of Lie algebras that are known by name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symdisc.errors import OptionError
from symdisc.suggest import did_you_mean

Matrices = NDArray[np.float64]

_CALL = re.compile(r"([a-z]+)\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")


def known_algebra(text: str) -> Matrices:
    """A basis of a matrix Lie algebra.

    Args:
        text: Its name and size: ``so(n)``, ``so(p,q)`` (the form diag(1, …, −1, …) with p times
            1), ``gl(n)``, ``sl(n)``, ``sp(2n)`` (the form [[0, 1], [−1, 0]] of n×n blocks),
            ``se(n)`` and ``se(p,q)`` (so(n) or so(p,q) and translations in homogeneous
            coordinates, so matrices of n + 1 rows with last row zero), ``aff(n)`` (all affine
            maps, in the same coordinates), ``heisenberg(n)`` (n odd: strictly upper triangular
            matrices that differ from zero in the first row and the last column only) or
            ``scaling(n)`` (multiples of the identity).

    Returns:
        ``(k, m, m)`` linearly independent matrices that span it.

    Raises:
        OptionError: The text names no algebra, or one of dimension 0.
    """
    call = parse_call(text)
    if call is None or call.name not in ALGEBRAS:
        raise OptionError(
            f"{text!r} is no known Lie algebra; known: {KNOWN}."
            + did_you_mean(text.partition("(")[0].strip(), ALGEBRAS)
        )
    try:
        basis = ALGEBRAS[call.name](*call.arguments)
    except (TypeError, ValueError) as error:
        reason = "it takes another number of sizes" if isinstance(error, TypeError) else str(error)
        raise OptionError(f"{text!r} is no Lie algebra: {reason}; known: {KNOWN}") from None
    if len(basis) == 0:
        raise OptionError(f"{text!r} has dimension 0: it moves nothing")
    return basis


@dataclass(frozen=True)
class Call:
    """A name with whole numbers, such as ``so(1,3)``."""

    name: str
    arguments: tuple[int, ...]


def parse_call(text: str) -> Call | None:
    """Read ``name(m)`` or ``name(m, n)``; ``None`` for anything else."""
    match = _CALL.fullmatch(text.strip().lower())
    if match is None:
        return None
    return Call(match[1], tuple(int(number) for number in match.groups()[1:] if number))


def pseudo_orthogonal(p: int, q: int = 0) -> Matrices:
    """so(p,q): Lᵀη + ηL = 0 with η = diag(1, …, −1, …), ``(n(n−1)/2, n, n)``."""
    n = p + q
    metric = np.array([1.0] * p + [-1.0] * q)
    basis = []
    for i, j in itertools.combinations(range(n), 2):
        generator = np.zeros((n, n))
        generator[i, j], generator[j, i] = -metric[i] * metric[j], 1.0
        basis.append(generator)
    return _stacked(basis, n)


def general_linear(n: int) -> Matrices:
    """gl(n): all matrices, ``(n², n, n)``."""
    return np.eye(n * n).reshape(n * n, n, n)


def special_linear(n: int) -> Matrices:
    """sl(n): matrices without trace, ``(n² − 1, n, n)``."""
    off = [unit for unit in general_linear(n) if np.trace(unit) == 0]
    diagonal = [np.diag(np.eye(n)[i] - np.eye(n)[i + 1]) for i in range(n - 1)]
    return _stacked([*off, *diagonal], n)


def symplectic(size: int) -> Matrices:
    """sp(2n): LᵀΩ + ΩL = 0 with Ω = [[0, 1], [−1, 0]], ``(n(2n+1), 2n, 2n)``.

    Raises:
        ValueError: The size is odd.
    """
    if size % 2:
        raise ValueError(f"the size of sp must be even; got {size}")
    half = size // 2
    omega = np.kron([[0.0, 1.0], [-1.0, 0.0]], np.eye(half))
    # Ω⁻¹S is in the algebra exactly where S is symmetric.
    basis = []
    for i, j in itertools.combinations_with_replacement(range(size), 2):
        symmetric = np.zeros((size, size))
        symmetric[i, j] = symmetric[j, i] = 1.0
        basis.append(-omega @ symmetric)
    return _stacked(basis, size)


def special_euclidean(p: int, q: int = 0) -> Matrices:
    """se(p,q) on (x, 1): so(p,q), then translations, ``(n(n+1)/2, n+1, n+1)``."""
    n = p + q
    rotations = np.pad(pseudo_orthogonal(p, q), ((0, 0), (0, 1), (0, 1)))
    shifts = np.zeros((n, n + 1, n + 1))
    shifts[np.arange(n), np.arange(n), n] = 1.0
    return np.concatenate([rotations, shifts])


def affine(n: int) -> Matrices:
    """aff(n) on (x, 1): all matrices with last row zero, ``(n(n+1), n+1, n+1)``."""
    units = general_linear(n + 1)
    return units[: n * (n + 1)]


def heisenberg(dimension: int) -> Matrices:
    """The Heisenberg algebra of dimension 2m + 1, ``(2m+1, m+2, m+2)``.

    Raises:
        ValueError: The dimension is even or below 3.
    """
    if dimension < 3 or dimension % 2 == 0:
        raise ValueError(f"the dimension of heisenberg must be odd, at least 3; got {dimension}")
    n = (dimension - 1) // 2 + 2
    places = [(0, j) for j in range(1, n - 1)] + [(i, n - 1) for i in range(n - 1)]
    basis = np.zeros((len(places), n, n))
    for generator, place in zip(basis, places, strict=True):
        generator[place] = 1.0
    return basis


def scaling(n: int) -> Matrices:
    """Multiples of the identity, ``(1, n, n)``."""
    return np.eye(n)[None]


ALGEBRAS: dict[str, Callable[..., Matrices]] = {
    "so": pseudo_orthogonal,
    "gl": general_linear,
    "sl": special_linear,
    "sp": symplectic,
    "se": special_euclidean,
    "aff": affine,
    "heisenberg": heisenberg,
    "scaling": scaling,
}
KNOWN = "so(n), so(p,q), gl(n), sl(n), sp(2n), se(n), se(p,q), aff(n), heisenberg(n), scaling(n)"


def _stacked(basis: list[Matrices], n: int) -> Matrices:
    return np.array(basis).reshape(-1, n, n)
