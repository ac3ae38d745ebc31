"""Which matrices differ only by an element of the identity component, exp of a span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg
import torch
from numpy.typing import NDArray
from scipy.optimize import least_squares
from torch import Tensor

from symdisc.algebra.spans import orthonormal_basis

Matrix = NDArray[np.float64]

TOLERANCE = 0.15
"""Distance up to which two matrices lie in one coset [1]: learned ones are off by some percent."""

_RANDOM_STARTS = 5
_EXACT = 1e-6
_EVALUATIONS = 40
"""Evaluations after which a start is given up; where the distance is small, ten are enough."""

_LARGEST = 20.0
"""Norm of coefficients, for generators of norm 1, beyond which no solution is looked for [1]."""

_DEFECTIVE = 1e8
"""Condition of eigenvectors from which no logarithm is taken [1]."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """The element g h of a coset that is nearest to a matrix.

    Attributes:
        element: g h, ``(n, n)``.
        distance: Its distance from the matrix in Frobenius norm, over the matrix's norm [1];
            infinite where determinants differ in sign, which no g changes.
    """

    element: Matrix
    distance: float


class IdentityComponent:
    """The group G₀ of products of exp(Σ z_i L_i), as far as distances to its cosets need it.

    Args:
        generators: ``(k, n, n)``; none, or all zero, where the group is discrete.
    """

    def __init__(self, generators: Tensor) -> None:
        self.generators: Matrix = orthonormal_basis(generators.double()).numpy()

    @property
    def dimension(self) -> int:
        """Dimension of G₀."""
        return len(self.generators)

    def nearest(self, h: Matrix, other: Matrix, enough: float = _EXACT) -> Nearest:
        """Minimise ‖g h − h'‖ over G₀.

        Nonlinear least squares (Levenberg and Marquardt, MINPACK) over z in g = exp(z·L) s with
        exact derivatives, for several fixed s: first the exponential of the part of
        log(h' h⁻¹) in the span, which is near the solution if there is one, then the identity and
        random ones. A single exponential does not reach every element of a connected group, but a
        product of two does (Wüstner, J. Lie Theory 13 (2003) 307).

        Args:
            h: ``(n, n)``, not singular.
            other: h', ``(n, n)``, not singular.
            enough: Distance at which the minimum of one start is taken for that of all [1].
        """
        size = float(np.linalg.norm(other))
        best = Nearest(h, float(np.linalg.norm(h - other)) / size)
        if np.linalg.det(h) * np.linalg.det(other) < 0:
            return Nearest(h, np.inf)
        if self.dimension == 0:
            return best
        for start in self._starts(other @ np.linalg.inv(h)):
            found = self._solve(start @ h, other, size)
            best = min(best, found, key=lambda nearest: nearest.distance)
            if best.distance <= enough:
                break
        return best

    def distance(self, h: Matrix, other: Matrix, enough: float = _EXACT) -> float:
        """Distance of h' from the coset G₀ h, see :meth:`nearest` [1]."""
        return self.nearest(h, other, enough).distance

    def moved_out(self, h: Matrix) -> float:
        """How far h L h⁻¹ leaves the span, at most, over its norm [1]: 0 where h normalises G₀."""
        if self.dimension == 0:
            return 0.0
        turned = h @ self.generators @ np.linalg.inv(h)
        flat = turned.reshape(self.dimension, -1)
        basis = self.generators.reshape(self.dimension, -1)
        rest = flat - (flat @ basis.T) @ basis
        return float((np.linalg.norm(rest, axis=1) / np.linalg.norm(flat, axis=1)).max())

    def _starts(self, wanted: Matrix) -> Iterator[Matrix]:
        values, vectors = np.linalg.eig(wanted)
        if np.linalg.cond(vectors) < _DEFECTIVE:
            logarithm = (vectors * np.log(values.astype(complex))) @ np.linalg.inv(vectors)
            z = np.tensordot(self.generators, logarithm.real, 2)
            if np.linalg.norm(z) < _LARGEST:
                yield scipy.linalg.expm(self._sum(z))
        yield np.eye(self.generators.shape[-1])
        yield from self._random_elements

    @cached_property
    def _random_elements(self) -> list[Matrix]:
        """The same at every call; turns of up to half a circle."""
        rng = np.random.default_rng(0)
        found = []
        for _ in range(_RANDOM_STARTS):
            direction = np.tensordot(rng.standard_normal(self.dimension), self.generators, 1)
            fastest = max(float(np.abs(np.linalg.eigvals(direction)).max()), 0.1)
            found.append(scipy.linalg.expm(direction / fastest * rng.uniform(0.5, np.pi)))
        return found

    def _solve(self, h: Matrix, other: Matrix, size: float) -> Nearest:
        n = len(h)

        def residual(z: Matrix) -> Matrix:
            if np.linalg.norm(z) > _LARGEST:
                return np.full(max(n * n, len(z)), 1e6)
            return self._padded((scipy.linalg.expm(self._sum(z)) @ h - other) / size)

        def jacobian(z: Matrix) -> Matrix:
            if np.linalg.norm(z) > _LARGEST:
                return np.zeros((max(n * n, len(z)), len(z)))
            columns = [self._padded(d @ h / size) for d in self._derivatives(z)]
            return np.stack(columns, axis=1)

        start = np.zeros(self.dimension)
        solution = least_squares(residual, start, jacobian, method="lm", max_nfev=_EVALUATIONS)
        element = scipy.linalg.expm(self._sum(solution.x)) @ h
        return Nearest(element, float(np.linalg.norm(element - other)) / size)

    def _sum(self, z: Matrix) -> Matrix:
        total: Matrix = np.tensordot(z, self.generators, 1)
        return total

    def _padded(self, matrix: Matrix) -> Matrix:
        """As many numbers as unknowns at least, which MINPACK asks for."""
        flat = matrix.ravel()
        return np.pad(flat, (0, max(0, self.dimension - len(flat))))

    def _derivatives(self, z: Matrix) -> Iterator[Matrix]:
        """∂ exp(z·L) / ∂ z_i, from one exponential of a block matrix.

        Van Loan: Computing integrals involving the matrix exponential, IEEE Trans. Autom.
        Control 23 (1978) 395.
        """
        n, k = self.generators.shape[-1], self.dimension
        block = np.kron(np.eye(k + 1), self._sum(z))
        block[:n, n:] = self.generators.transpose(1, 0, 2).reshape(n, k * n)
        top = scipy.linalg.expm(block)[:n, n:]
        return iter(top.reshape(n, k, n).transpose(1, 0, 2))


def coset_distance(h: Tensor, other: Tensor, generators: Tensor) -> float:
    """min_g ‖g h − h'‖ / ‖h'‖ over products g of exp(Σ z_i L_i) [1].

    Args:
        h: ``(n, n)``, not singular.
        other: h', ``(n, n)``, not singular.
        generators: ``(k, n, n)``.
    """
    component = IdentityComponent(generators)
    return component.distance(h.double().numpy(), other.double().numpy())


def distinct(candidates: Tensor, generators: Tensor, tolerance: float = TOLERANCE) -> Tensor:
    """One matrix of each coset that candidates lie in, in the order of the candidates.

    Args:
        candidates: ``(m, n, n)``, not singular.
        generators: Of the identity component, ``(k, n, n)``.
        tolerance: Distance within a coset, see :func:`coset_distance` [1].

    Returns:
        ``(m', n, n)`` float64: of each coset, the mean of its members after they were moved as
        near as possible to the first one.
    """
    component = IdentityComponent(generators)
    found = gathered([h.double().numpy() for h in candidates], component, tolerance)
    n = candidates.shape[-1]
    means = [torch.from_numpy(coset.mean) for coset in found]
    return torch.stack(means) if means else torch.zeros(0, n, n, dtype=torch.float64)


@dataclass(frozen=True, eq=False)
class Coset:
    """Candidates that differ only by elements of the identity component.

    Attributes:
        members: Their numbers.
        mean: Their mean once each was moved next to the first one.
    """

    members: tuple[int, ...]
    mean: Matrix


def gathered(
    candidates: list[Matrix], component: IdentityComponent, tolerance: float
) -> list[Coset]:
    """Put candidates of one coset together; each joins the first coset that it lies in."""
    heads: list[Matrix] = []
    groups: list[list[tuple[int, Matrix]]] = []
    for number, candidate in enumerate(candidates):
        for head, group in zip(heads, groups, strict=True):
            near = component.nearest(candidate, head, tolerance)
            if near.distance <= tolerance:
                group.append((number, near.element))
                break
        else:
            heads.append(candidate)
            groups.append([(number, candidate)])
    return [_coset(group) for group in groups]


def _coset(group: list[tuple[int, Matrix]]) -> Coset:
    mean = np.mean([element for _, element in group], axis=0)
    return Coset(tuple(number for number, _ in group), mean)
