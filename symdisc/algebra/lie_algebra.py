"""Everything that is known about the Lie algebra of a set of generators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.algebra.brackets import closure_residual, structure_constants
from symdisc.algebra.conjugation import conjugated
from symdisc.algebra.forms import Matrix
from symdisc.algebra.identify import CLOSED, Candidate, Identification, identify
from symdisc.algebra.nearest import nearest_algebra
from symdisc.algebra.spans import RANK_TOLERANCE, largest_angle, orthonormal_basis
from symdisc.algebra.sparse import sparse_basis
from symdisc.algebra.structure import Structure, structure
from symdisc.algebra.table import abelian
from symdisc.errors import DataError

RANK_RULE = (
    f"singular values of the generators, each scaled to norm 1, above {RANK_TOLERANCE:g} of the "
    "largest"
)
"""How the dimension of a span is counted."""

NEAR = 15.0
"""Largest principal angle to a closed algebra up to which it says something [degrees]."""


@dataclass(frozen=True, eq=False)
class LieAlgebra:
    """The algebra spanned by generators, as found and as the nearest closed one.

    Attributes:
        basis: Orthonormal basis of the span found, ``(k, n, n)`` float64.
        closure: Largest share of a bracket [B_i, B_j] that lies outside the span found [1].
        closed: Orthonormal basis of the closed algebra nearest to it: the one identified, else
            the nearest of any kind, ``(k, n, n)``; ``None`` if none within ``NEAR`` was found.
        distance: Largest principal angle between ``basis`` and ``closed``, NaN without the
            latter [degrees].
        canonical: A readable basis, ``(k, n, n)``: of an algebra that has standard matrices M,
            S M S⁻¹, whose brackets are those of M; else one with many small entries, of
            ``closed`` where there is one.
        structure: Series, radical and so on of ``closed``, with coefficients in that basis;
            ``None`` without it.
        identification: The name, the reason for it, and the candidates.
    """

    basis: Tensor
    closure: float
    closed: Tensor | None
    distance: float
    canonical: Tensor
    structure: Structure | None
    identification: Identification

    @property
    def dimension(self) -> int:
        """Dimension k of the span, counted by :data:`RANK_RULE`."""
        return len(self.basis)

    @property
    def name(self) -> str:
        """For instance "so(3)" or "so(1,3) ⊕ R", else "unidentified, dimension k"."""
        algebra = self.identification.algebra
        return f"unidentified, dimension {self.dimension}" if algebra is None else algebra.name

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other names of the same algebra, for instance "su(2)"."""
        algebra = self.identification.algebra
        return () if algebra is None else algebra.synonyms

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Known actions that were compared, best first."""
        return self.identification.candidates

    @property
    def change(self) -> Tensor | None:
        """S, ``(n, n)``, with which S M S⁻¹ spans ``closed`` for the standard matrices M."""
        change = self.identification.change
        return None if change is None else torch.from_numpy(change)

    @property
    def structure_constants(self) -> Tensor:
        """Numbers c with [C_i, C_j] ≈ Σ_l c[i, j, l] C_l for the canonical basis, ``(k, k, k)``."""
        return torch.from_numpy(structure_constants(self.canonical.numpy()))

    @property
    def killing_form(self) -> Tensor:
        """tr(ad C_i ad C_j) for the canonical basis, ``(k, k)``."""
        constants = self.structure_constants
        return torch.einsum("iab,jba->ij", constants, constants)

    @property
    def centre(self) -> Tensor:
        """Basis of what commutes with everything, ``(d, n, n)``.

        Raises:
            DataError: No closed algebra is near.
        """
        return self._part(lambda found: found.centre)

    @property
    def radical(self) -> Tensor:
        """Basis of the largest solvable ideal, ``(d, n, n)``.

        Raises:
            DataError: No closed algebra is near.
        """
        return self._part(lambda found: found.radical)

    @property
    def levi_factor(self) -> Tensor:
        """Basis of a semisimple sub-algebra that complements the radical, ``(d, n, n)``.

        Raises:
            DataError: No closed algebra is near.
        """
        return self._part(lambda found: found.levi)

    def __str__(self) -> str:
        return " ≅ ".join((self.name, *self.synonyms))

    def _part(self, rows: Callable[[Structure], Matrix]) -> Tensor:
        """Matrices of a part of the closed algebra from their coefficients."""
        if self.structure is None or self.closed is None:
            raise DataError(
                "the generators are near no closed algebra, so its parts are not defined: "
                f"{self.identification.reason}"
            )
        coefficients = torch.from_numpy(rows(self.structure).copy())
        return torch.einsum("dk,kij->dij", coefficients, self.closed)


def lie_algebra(
    generators: Tensor, blocks: Sequence[Sequence[int]] | None = None, spread: float = 0.0
) -> LieAlgebra:
    """Analyse the span of generators.

    Args:
        generators: ``(k, n, n)``, finite.
        blocks: Index groups between which the generators vanish.
        spread: How far seeds differ, as noise of a generator of norm 1; 0 if unknown [1].

    Raises:
        DataError: All generators are zero.
    """
    basis = orthonormal_basis(generators.cpu())
    if len(basis) == 0:
        raise DataError("all generators are zero: there is no algebra to analyse")
    matrices = basis.numpy()
    groups = [list(b) for b in blocks] if blocks else [list(range(basis.shape[-1]))]
    found = identify(matrices, groups, spread) if len(basis) > 1 else _line(matrices)
    closed = found.closed if found.algebra is not None else nearest_algebra(matrices)
    distance = largest_angle(basis, torch.from_numpy(closed))
    is_closed = closure_residual(closed) <= CLOSED and distance <= NEAR
    kept = torch.from_numpy(closed) if is_closed else None
    return LieAlgebra(
        basis=basis,
        closure=closure_residual(matrices),
        closed=kept,
        distance=distance if is_closed else float("nan"),
        canonical=torch.from_numpy(_canonical(found, closed if is_closed else matrices)),
        structure=structure(structure_constants(closed)) if is_closed else None,
        identification=found,
    )


def _line(basis: Matrix) -> Identification:
    reason = "so(2), so(1,1), scalings and shears are all R; their eigenvalues tell them apart"
    return Identification(abelian(1), "", reason, (), basis)


def _canonical(found: Identification, closed: Matrix) -> Matrix:
    if found.matrices is None or found.change is None:
        return sparse_basis(closed)
    return conjugated(found.matrices, found.change)
