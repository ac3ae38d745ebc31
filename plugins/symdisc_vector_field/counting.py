"""How many symmetries there are: by the gap of the spectrum, without copies h·X."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.algebra.sparse import sparse_basis
from symdisc.fields.library import Library
from symdisc.fields.module_copies import copies
from symdisc.fields.vector_fields import VectorFields
from symdisc.fields.whitening import whitened
from symdisc_vector_field.moments import Moments
from symdisc_vector_field.spectrum import FLOOR, Spectrum, spectrum


@dataclass(frozen=True)
class GapRule:
    """When a gap of the spectrum tells symmetries from the rest.

    Attributes:
        ratio: Least ratio of the value after the gap to that before it [1].
        largest: Largest relative defect before the gap [1].
        floor: Below it values are alike [1]: a fitted F keeps some exactly by accident, as the
            part of so(3) about the direction of its small linear terms.
    """

    ratio: float
    largest: float
    floor: float = FLOOR

    def count(self, found: Spectrum) -> int:
        """Values before the gap; 0 where there is none."""
        small = int((found.values <= self.largest).sum())
        if small == len(found.values):
            return small
        values = found.values.clamp_min(self.floor)
        ratios = values[1 : small + 1] / values[:small]
        if small == 0 or float(ratios.max()) < self.ratio:
            return 0
        return int(ratios.argmax()) + 1


@dataclass(frozen=True)
class ShareRule:
    """The published rule: singular values up to a share of their sum.

    Attributes:
        share: That share [1].
    """

    share: float

    def count(self, found: Spectrum) -> int:
        """Values up to the share."""
        return int((found.values <= self.share * found.values.sum()).sum())


def without_copies(
    moments: Moments, every: Spectrum, count: int, library: Library, points: Tensor
) -> Tensor:
    """Solutions from which all others of the library come by products with functions.

    Degree by degree, solutions are looked for among fields of this degree that are orthogonal to
    those found before and to their products. A direction counts as a solution where its defect
    lies below the middle of the gap of the whole spectrum.

    Args:
        moments: Sums over the rows, of a field alone.
        every: Spectrum of the whole library.
        count: How many of its directions are solutions, at least one.
        library: Functions on R^n.
        points: ``(P, n)`` float64, more than functions.

    Returns:
        ``(P, k)`` unknowns, k at most ``count``.
    """
    above = float(every.values[count]) if count < len(every.values) else 1.0
    limit = max((float(every.values[count - 1]) * above) ** 0.5, 2 * FLOOR)
    found = moments.square.new_zeros(len(moments.square), 0)
    for degree in sorted(set(library.degrees)):
        known = torch.cat([found, _products(found, library, degree, points)], dim=1)
        within = _complement(_of_degree(library, degree), known, moments.size)
        if within.shape[1] == 0:
            continue
        part = spectrum(moments, within)
        found = torch.cat([found, part.vectors[:, part.values <= limit]], dim=1)
    return found


def sparse_unknowns(unknowns: Tensor) -> Tensor:
    """Unknowns ``(P, k)`` of the same span that are large or small, each with largest entry 1."""
    orthonormal = torch.linalg.qr(unknowns)[0].T
    sparse = torch.from_numpy(sparse_basis(orthonormal[..., None].numpy()))[..., 0]
    return (sparse / sparse.abs().max(1, keepdim=True).values).T


def _of_degree(library: Library, degree: int) -> Tensor:
    """Columns that span the fields whose functions have at most this degree."""
    usable = torch.tensor([power <= degree for power in library.degrees])
    return torch.eye(len(library) * library.size, dtype=torch.float64)[
        :, usable.repeat_interleave(library.size)
    ]


def _products(found: Tensor, library: Library, degree: int, points: Tensor) -> Tensor:
    coefficients = found.T.reshape(-1, len(library), library.size)
    return copies(VectorFields(library, coefficients), degree, points).flatten(1).T


def _complement(span: Tensor, known: Tensor, form: Tensor) -> Tensor:
    """Columns that span what of ``span`` is orthogonal to ``known``."""
    if known.shape[1] == 0:
        return span
    # In directions of one size, so that high powers do not decide about low ones.
    span = span @ whitened(span.T @ form @ span)
    inner = known.T @ form @ span
    inner = inner / inner.norm(dim=1, keepdim=True).clamp_min(1e-300)
    _, values, rows = torch.linalg.svd(inner, full_matrices=True)
    rank = int((values > 1e-6 * values.max()).sum())
    rest: Tensor = span @ rows[rank:].T
    return rest
