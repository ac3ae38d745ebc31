"""Standard actions on vectors, and where the search for their basis starts.

A model is a span of matrices up to a change of basis. Whatever the data fix of that basis (a
form that is kept, a direction that is never reached) gives the first guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import scipy.linalg

from symdisc.algebra.conjugation import orbit_dimension
from symdisc.algebra.forms import Matrix
from symdisc.algebra.known import known_algebra
from symdisc.algebra.table import SUMS, TABLE, Abstract, abelian

SMALLEST = 1e-3
"""Eigenvalues of a kept form count as at least this share of the largest one [1]."""

Starts = Callable[[Matrix], list[Matrix]]


@dataclass(frozen=True, eq=False)
class Model:
    """An action on one vector.

    Attributes:
        algebra: The abstract algebra.
        action: Name of the group as it acts, for instance "SO(1,3)".
        matrices: Standard matrices, ``(k, n, n)``.
        starts: From an orthonormal basis of the span found, ``(k, n, n)``, first guesses of S.
        orbit: Dimension of the family of conjugated spans.
    """

    algebra: Abstract
    action: str
    matrices: Matrix
    starts: Starts
    orbit: int


@cache
def models(dimension: int, n: int) -> tuple[Model, ...]:
    """All models of this dimension on vectors of length n; none where n is above ``LONGEST``.

    Args:
        dimension: k, at least 2.
        n: Rows of the matrices.
    """
    alone = [model for model in _models(n) if len(model.matrices) == dimension]
    scaled = [_with_scaling(m) for m in _models(n) if len(m.matrices) == dimension - 1]
    return (*alone, *scaled)


LONGEST = 8
"""Length of the longest vectors whose algebras are in the table."""


@cache
def _models(n: int) -> tuple[Model, ...]:
    if n > LONGEST:
        return ()
    return tuple(
        Model(algebra, action, matrices, starts, orbit_dimension(matrices))
        for algebra, action, matrices, starts in _described(n)
    )


def _described(n: int) -> Iterator[tuple[Abstract, str, Matrix, Starts]]:
    for q in range(n, (n - 1) // 2, -1) if n > 2 else ():
        p = n - q
        text = f"so({p},{q})" if p else f"so({q})"
        yield _abstract(text), text.upper(), known_algebra(text), _starts_of_form(p, q)
    if n > 1:
        yield _abstract(f"sl({n})"), f"SL({n},R)", known_algebra(f"sl({n})"), _anywhere
    if n > 2 and n % 2 == 0:
        yield _abstract(f"sp({n})"), f"Sp({n},R)", known_algebra(f"sp({n})"), _starts_symplectic
    for name, action, text, starts in _flags(n):
        matrices = known_algebra(text)
        yield name, action, matrices, starts
        # The transposed action: directions that are never left instead of forms that stay.
        yield name, f"{action} (dual)", -matrices.transpose(0, 2, 1), _dual(starts)


def _flags(n: int) -> Iterator[tuple[Abstract, str, str, Starts]]:
    """Actions that keep the last coordinate."""
    m = n - 1
    for p in range((m // 2 + 1) if m >= 2 else 0):
        text = f"({p},{m - p})" if p else f"({m})"
        name = f"ISO{text}" if p else f"SE{text}"
        yield _abstract(f"se{text}"), name, f"se{text}", _starts_euclidean(p, m - p)
    if m >= 1:
        yield _abstract(f"aff({m})"), f"Aff({m},R)", f"aff({m})", _starts_affine
    if m >= 2:
        text = f"heisenberg({2 * n - 3})"
        yield _abstract(text), f"Heisenberg({2 * n - 3})", text, _starts_heisenberg


def _abstract(text: str) -> Abstract:
    """The algebra of the table that has these matrices."""
    for entry in TABLE.values():
        if text in (entry.matrices, *entry.others):
            return Abstract((entry.name,))
    return next(algebra for algebra, name in SUMS.items() if name == text)


def _with_scaling(model: Model) -> Model:
    """The direct sum with the multiples of the identity."""
    n = model.matrices.shape[-1]
    matrices = np.concatenate([model.matrices, np.eye(n)[None]])
    action = model.action
    action = action.replace("SL", "GL") if action.startswith("SL") else f"{action} × scaling"
    starts = model.starts
    return replace(
        model,
        algebra=model.algebra + abelian(1),
        action=action,
        matrices=matrices,
        starts=lambda found: starts(without_scaling(found)),
    )


def without_scaling(found: Matrix) -> Matrix:
    """The part of a span of one dimension less that is nearest to having no trace."""
    traces = np.trace(found, axis1=1, axis2=2)
    _, _, rows = np.linalg.svd(traces[None], full_matrices=True)
    part = np.einsum("ab,bij->aij", rows[1:], found)
    n = found.shape[-1]
    return np.asarray(part - np.trace(part, axis1=1, axis2=2)[:, None, None] * np.eye(n) / n)


def _anywhere(found: Matrix) -> list[Matrix]:
    return [np.eye(found.shape[-1])]


def _dual(starts: Starts) -> Starts:
    def transposed(found: Matrix) -> list[Matrix]:
        turned = -np.asarray(found.transpose(0, 2, 1))
        return [np.asarray(np.linalg.inv(start).T) for start in starts(turned)]

    return transposed


def _starts_of_form(p: int, q: int) -> Starts:
    """S with Sᵀ J S = η for the kept form J, where at most one sign differs from those wanted."""

    def starts(found: Matrix) -> list[Matrix]:
        change = _diagonalising(_kept(found, 1), p, q)
        return [] if change is None else [change]

    return starts


def _diagonalising(form: Matrix, p: int, q: int) -> Matrix | None:
    """S with Sᵀ J S = diag(1, …, −1, …); ``None`` if more than one sign would be wrong."""
    values, vectors = np.linalg.eigh(form)
    sign = min((1, -1), key=lambda s: abs(int((s * values > 0).sum()) - (p or q)))
    if abs(int((sign * values > 0).sum()) - (p or q)) > 1:
        return None
    order = np.argsort(-sign * values)
    sizes = np.sqrt(np.maximum(np.abs(values[order]), SMALLEST * np.abs(values).max()))
    groups = (p, q) if p else (q,)
    return aligned(_balanced(vectors[:, order], sizes), groups)


def _balanced(vectors: Matrix, sizes: Matrix) -> Matrix:
    """Columns over their sizes, with determinant of modulus 1."""
    return np.asarray(vectors * np.exp(np.log(sizes).mean()) / sizes)


def aligned(change: Matrix, groups: tuple[int, ...]) -> Matrix:
    """The same change of basis, each group of columns turned within itself towards the axes.

    Where the columns of a group may be replaced by any orthogonal combination, this makes the
    answer depend on the span only, and the identity of the identity.

    Args:
        change: S, ``(n, n)``.
        groups: How many columns belong together, from the first.
    """
    columns, first = [], 0
    for size in groups:
        part = change[:, first : first + size]
        first += size
        if size:
            axes = np.sort(scipy.linalg.qr(part.T, pivoting=True)[2][:size])
            left, _, right = np.linalg.svd(part[axes])
            columns.append(part @ (left @ right).T)
    return np.asarray(np.concatenate([*columns, change[:, first:]], axis=1))


def _starts_symplectic(found: Matrix) -> list[Matrix]:
    """S with Sᵀ Ω' S = Ω for the antisymmetric form Ω' that is kept best."""
    n = found.shape[-1]
    form = _kept(found, -1)
    values, vectors = np.linalg.eigh(1j * form)
    pairs = vectors[:, values > 0][:, : n // 2]
    sizes = np.sqrt(values[values > 0][: n // 2])
    sizes = sizes / np.exp(np.log(sizes).mean())
    real, imaginary = np.sqrt(2) * pairs.real / sizes, np.sqrt(2) * pairs.imag / sizes
    return [np.concatenate([real, imaginary], axis=1), np.concatenate([imaginary, real], axis=1)]


def _kept(found: Matrix, sign: int) -> Matrix:
    """The (anti)symmetric form of norm 1 that changes least, ``(n, n)``; quick and rough.

    Unlike :func:`symdisc.algebra.forms.kept_form` it squares the system, which is good enough for
    a start.

    Args:
        found: ``(k, n, n)``.
        sign: 1 for symmetric forms, −1 for antisymmetric ones.
    """
    basis = _forms(found.shape[-1], sign)
    half = basis @ found[:, None]
    changes = half + sign * half.transpose(0, 1, 3, 2)
    flat = changes.transpose(1, 0, 2, 3).reshape(len(basis), -1)
    weights = np.linalg.eigh(flat @ flat.T)[1][:, 0]
    return np.asarray(np.einsum("s,sij->ij", weights, basis))


@cache
def _forms(n: int, sign: int) -> Matrix:
    """Orthonormal basis of the (anti)symmetric forms."""
    units = np.eye(n * n).reshape(n, n, n, n)
    forms = [units[i, j] + sign * units[j, i] for i in range(n) for j in range(i + (sign > 0))]
    return np.array([form / np.linalg.norm(form) for form in forms])


def _last_form(found: Matrix) -> Matrix:
    """An orthogonal basis whose last vector is the form w that wᵀL nearly vanishes for."""
    n = found.shape[-1]
    gram = np.einsum("kij,klj->il", found, found)
    vectors = np.linalg.eigh(gram.reshape(n, n))[1]
    return aligned(vectors[:, ::-1], (n - 1, 1))


def _starts_affine(found: Matrix) -> list[Matrix]:
    return [_last_form(found)]


def _starts_euclidean(p: int, q: int) -> Starts:
    """The last form, then the form kept by the linear part; any point serves as the centre."""

    def starts(found: Matrix) -> list[Matrix]:
        base = _last_form(found)
        linear = (base.T @ found @ base)[:, :-1, :-1]
        m = linear.shape[-1]
        weights = np.linalg.svd(linear.reshape(len(linear), -1), full_matrices=False)[0]
        rotations = np.einsum("ka,kij->aij", weights[:, : m * (m - 1) // 2], linear)
        change = _diagonalising(_kept(rotations, 1), p, q)
        if change is None:
            return []
        start = np.eye(m + 1)
        start[:m, :m] = change
        return [np.asarray(base @ start)]

    return starts


def _starts_heisenberg(found: Matrix) -> list[Matrix]:
    """First the direction that all reach or lose, last the form that all lose."""
    left = np.linalg.eigh(np.einsum("kij,klj->il", found, found))[1][:, 0]
    right = np.linalg.eigh(np.einsum("kji,kjl->il", found, found))[1][:, 0]
    right = right - (right @ left) * left
    if np.linalg.norm(right) < SMALLEST:
        return []
    right = right / np.linalg.norm(right)
    plane = np.stack([right, left], axis=1)
    rest = np.linalg.svd(plane, full_matrices=True)[0][:, 2:]
    start = np.concatenate([right[:, None], rest, left[:, None]], axis=1)
    return [aligned(start, (1, found.shape[-1] - 2, 1))]
