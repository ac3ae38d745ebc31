"""The structure of a Lie algebra from its structure constants: series, radical, Levi factor.

Sub-spaces are given by orthonormal rows of coefficients, ``(d, k)``. A direction counts if its
singular value exceeds a tolerance times the largest one of all brackets, so constants should
come from an orthonormal basis. Algorithms: de Graaf, Lie Algebras: Theory and Algorithms (2000),
chapters 1 to 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symdisc.algebra.forms import Matrix


@dataclass(frozen=True)
class Invariants:
    """Numbers that do not depend on a basis; isomorphic algebras have the same.

    Attributes:
        dimension: Dimension.
        killing: Positive, negative and zero directions of the Killing form.
        derived: Dimensions of the derived series, without repetition.
        central: Dimensions of the lower central series, without repetition.
        centre: Dimension of the centre.
        radical: Dimension of the radical.
        is_unimodular: Whether the trace of every ad vanishes.
    """

    dimension: int
    killing: tuple[int, int, int]
    derived: tuple[int, ...]
    central: tuple[int, ...]
    centre: int
    radical: int
    is_unimodular: bool


@dataclass(frozen=True, eq=False)
class Structure:
    """What a Lie algebra is made of.

    Attributes:
        constants: c with [e_i, e_j] = Σ_l c[i, j, l] e_l, ``(k, k, k)``.
        killing: Killing form K(e_i, e_j) = tr(ad e_i ad e_j), ``(k, k)``.
        killing_signature: Numbers of positive, negative and zero eigenvalues of K.
        centre: Elements whose brackets all vanish, ``(d, k)``.
        derived_series: g, [g, g], [[g, g], [g, g]], … until it stays the same, ``(d, k)`` each.
        lower_central_series: g, [g, g], [g, [g, g]], … until it stays the same.
        radical: The largest solvable ideal, ``(d, k)``.
        levi: A semisimple sub-algebra that complements the radical, ``(d, k)``.
        is_unimodular: Whether the trace of every ad vanishes.
    """

    constants: Matrix
    killing: Matrix
    killing_signature: tuple[int, int, int]
    centre: Matrix
    derived_series: tuple[Matrix, ...]
    lower_central_series: tuple[Matrix, ...]
    radical: Matrix
    levi: Matrix
    is_unimodular: bool

    @property
    def is_abelian(self) -> bool:
        """Whether all brackets vanish."""
        return len(self.centre) == len(self.killing)

    @property
    def is_solvable(self) -> bool:
        """Whether the derived series ends at zero."""
        return len(self.derived_series[-1]) == 0

    @property
    def is_nilpotent(self) -> bool:
        """Whether the lower central series ends at zero."""
        return len(self.lower_central_series[-1]) == 0

    @property
    def is_semisimple(self) -> bool:
        """Whether the radical is zero, and the algebra is not."""
        return len(self.radical) == 0 and len(self.killing) > 0

    @property
    def invariants(self) -> Invariants:
        """All of it in numbers."""
        return Invariants(
            dimension=len(self.killing),
            killing=self.killing_signature,
            derived=tuple(len(rows) for rows in self.derived_series),
            central=tuple(len(rows) for rows in self.lower_central_series),
            centre=len(self.centre),
            radical=len(self.radical),
            is_unimodular=self.is_unimodular,
        )


def abelian_invariants(dimension: int) -> Invariants:
    """Those of R^k."""
    series = (dimension, 0) if dimension else (0,)
    return Invariants(dimension, (0, 0, dimension), series, series, dimension, dimension, True)


def sum_of(first: Sequence[Invariants], last: Invariants) -> Invariants:
    """Invariants of the direct sum of algebras."""
    parts = [*first, last]
    return Invariants(
        dimension=sum(part.dimension for part in parts),
        killing=_totals([part.killing for part in parts]),
        derived=_total_series([part.derived for part in parts]),
        central=_total_series([part.central for part in parts]),
        centre=sum(part.centre for part in parts),
        radical=sum(part.radical for part in parts),
        is_unimodular=all(part.is_unimodular for part in parts),
    )


def _totals(signatures: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    positive, negative, zero = (sum(counts) for counts in zip(*signatures, strict=True))
    return positive, negative, zero


def _total_series(series: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Term by term; the last dimension of each goes on for ever."""
    length = max(len(one) for one in series)
    return tuple(sum(one[min(i, len(one) - 1)] for one in series) for i in range(length))


def structure(constants: Matrix, tolerance: float = 1e-6) -> Structure:
    """Analyse structure constants.

    Args:
        constants: c with [e_i, e_j] = Σ_l c[i, j, l] e_l, ``(k, k, k)``, of an orthonormal basis.
        tolerance: Share of the largest singular value of the brackets from which a direction
            counts [1]. Where k matrices of norm 1 bracket to less than it, they commute.
    """
    k = len(constants)
    scale = max(_largest(constants.reshape(k * k, k)), tolerance)
    cut = tolerance * scale
    if scale <= tolerance:
        constants = np.zeros_like(constants)
    killing = np.einsum("iab,jba->ij", constants, constants)
    derived = _series(constants, cut, both=True)
    # Cartan: the radical is what is orthogonal to [g, g] in the Killing form.
    radical = _null_space(derived[min(1, len(derived) - 1)] @ killing, cut * scale)
    return Structure(
        constants=constants,
        killing=killing,
        killing_signature=_signature(killing, cut * scale),
        centre=_null_space(constants.reshape(k, k * k).T, cut),
        derived_series=derived,
        lower_central_series=_series(constants, cut, both=False),
        radical=radical,
        levi=_levi(constants, radical, cut),
        is_unimodular=bool(np.abs(np.einsum("iaa->i", constants)).max(initial=0.0) <= k * cut),
    )


def span_of_brackets(constants: Matrix, first: Matrix, second: Matrix, cut: float) -> Matrix:
    """Orthonormal rows that span [A, B], ``(d, k)``.

    Args:
        constants: Structure constants, ``(k, k, k)``.
        first: Rows of A, ``(a, k)``.
        second: Rows of B, ``(b, k)``.
        cut: Singular values up to this do not count.
    """
    products = np.einsum("ai,bj,ijl->abl", first, second, constants, optimize=True)
    values, rows = _singular_rows(products.reshape(-1, constants.shape[-1]))
    return np.asarray(rows[values > cut])


def _singular_rows(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Singular values, descending, and right vectors as rows; for more rows than columns."""
    squares, vectors = np.linalg.eigh(matrix.T @ matrix)
    return np.sqrt(np.maximum(squares[::-1], 0.0)), vectors.T[::-1]


def _largest(matrix: Matrix) -> float:
    return float(_singular_rows(matrix)[0][0]) if matrix.size else 0.0


def _signature(form: Matrix, cut: float) -> tuple[int, int, int]:
    values = np.linalg.eigvalsh(form)
    positive, negative = int((values > cut).sum()), int((values < -cut).sum())
    return positive, negative, len(values) - positive - negative


def _null_space(matrix: Matrix, cut: float) -> Matrix:
    """Orthonormal rows that the matrix sends to (almost) zero."""
    values, rows = _singular_rows(matrix)
    return np.asarray(rows[values <= cut])


def _series(constants: Matrix, cut: float, *, both: bool) -> tuple[Matrix, ...]:
    """The derived series, or the lower central one."""
    whole = np.eye(len(constants))
    series = [whole]
    while len(series[-1]):
        following = span_of_brackets(constants, series[-1] if both else whole, series[-1], cut)
        if len(following) == len(series[-1]):
            break
        series.append(following)
    return tuple(series)


def _levi(constants: Matrix, radical: Matrix, cut: float) -> Matrix:
    """De Graaf's algorithm: a complement is corrected along the derived series of the radical."""
    levi = _null_space(radical, 0.5) if len(radical) else np.eye(len(constants))
    layer = radical
    while len(layer) and len(levi):
        following = span_of_brackets(constants, layer, layer, cut)
        if len(following) == len(layer):
            break
        levi = levi + _correction(constants, levi, layer, following, radical)
        layer = following
    return np.asarray(np.linalg.qr(levi.T)[0].T)


def _correction(
    constants: Matrix, levi: Matrix, layer: Matrix, following: Matrix, radical: Matrix
) -> Matrix:
    """y_i in the layer so that x_i + y_i close, up to what the following layer holds."""
    m, d, k = len(levi), len(layer), constants.shape[-1]
    products = np.einsum("ai,bj,ijl->abl", levi, levi, constants)
    whole = np.concatenate([levi, radical])
    inner = (products.reshape(m * m, k) @ np.linalg.pinv(whole))[:, :m].reshape(m, m, m)
    defect = products - np.einsum("abc,cl->abl", inner, levi)
    action = np.einsum("ai,yj,ijl->ayl", levi, layer, constants)
    keep = np.eye(k) - following.T @ following
    system = np.zeros((m, m, k, m, d))
    for a in range(m):
        for b in range(m):
            system[a, b, :, b] += (action[a] @ keep).T
            system[a, b, :, a] -= (action[b] @ keep).T
            for c in range(m):
                system[a, b, :, c] -= inner[a, b, c] * (layer @ keep).T
    target = -(defect @ keep).reshape(-1)
    solution = np.linalg.lstsq(system.reshape(len(target), m * d), target, rcond=None)[0]
    return np.asarray(solution.reshape(m, d) @ layer)
