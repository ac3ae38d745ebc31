"""What a group keeps: the quadratic form of the generators found, whole or in part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from symdisc.algebra.forms import (
    KeptForm,
    Matrix,
    form_changes,
    form_residual,
    form_residuals,
    kept_form,
)
from symdisc.algebra.one_parameter import kept_form_count
from symdisc.algebra.spans import numerical_rank, orthonormal_basis
from symdisc.algebra.tolerances import TOLERANCES

_ROUNDS = 10


@dataclass(frozen=True, eq=False)
class InvariantForm:
    """The form J that minimises Σ‖LᵢᵀJ + JLᵢ‖² over ‖J‖ = 1, and for whom it is kept.

    Where generators vanish between blocks each block has its own form, of equal norms; J holds
    them on its diagonal. The numbers are those of the worst block.

    Attributes:
        matrix: J, ``(n, n)`` float64, symmetric, of Frobenius norm 1.
        signature: Numbers of positive and negative eigenvalues of J.
        residual: √(mean ‖LᵀJ + JL‖²) over those unit generators that keep J, over all if none
            does [1].
        next_residual: The same for the best other form, infinite if there is none [1].
        condition: √(largest over smallest |eigenvalue|) of J within a block [1].
        n_solutions: Dimension of the space of forms kept in a block; of several the one closest
            to the sum of squares is J.
        n_generators: Dimension of the span of the generators.
        n_keeping: Dimension of the part of the span that keeps J: all of it, a part of more
            than half, or 0.
        residual_of_all: The residual over all generators [1].
        blocks: Coordinates of each block that moves.
    """

    matrix: Tensor
    signature: tuple[int, int]
    residual: float
    next_residual: float
    condition: float
    n_solutions: int
    n_generators: int
    n_keeping: int
    residual_of_all: float
    blocks: tuple[tuple[int, ...], ...]

    @property
    def is_kept(self) -> bool:
        """Whether all generators keep the form."""
        return self.n_keeping == self.n_generators


@dataclass(frozen=True, eq=False)
class _Part:
    """The form of one block."""

    index: tuple[int, ...]
    form: KeptForm
    n_solutions: int
    n_keeping: int
    residual_of_all: float


def invariant_form(
    generators: Tensor, blocks: Sequence[Sequence[int]] | None = None
) -> InvariantForm | None:
    """The quadratic form that the generators keep best.

    It counts as kept by the rules of :class:`symdisc.algebra.tolerances.Tolerances`: one generator
    changes it by at most ``TOLERANCES.kept``, several by at most ``TOLERANCES.form`` of what they
    change the next best one; its condition is at most ``TOLERANCES.condition``. Where all
    generators together keep none, the elements of the span that keep the best form are looked
    for (those that change it by at most ``TOLERANCES.kept``), its fit is repeated with them, and
    so on until they stay the same; if they are more than half of the span, they are reported.

    Args:
        generators: ``(k, n, n)``, finite.
        blocks: Index groups between which the generators vanish.

    Returns:
        The form, kept or not; ``None`` if all generators are zero.
    """
    rank = numerical_rank(generators)
    matrices = generators.double().cpu().numpy()
    groups = [tuple(b) for b in blocks] if blocks else [tuple(range(matrices.shape[-1]))]
    parts = [part for group in groups if (part := _part(matrices, group, rank)) is not None]
    if rank == 0 or not parts:
        return None
    matrix = np.zeros(matrices.shape[1:])
    for part in parts:
        matrix[np.ix_(part.index, part.index)] = part.form.matrix / np.sqrt(len(parts))
    return InvariantForm(
        matrix=torch.from_numpy(matrix),
        signature=(
            sum(part.form.signature[0] for part in parts),
            sum(part.form.signature[1] for part in parts),
        ),
        residual=max(part.form.residual for part in parts),
        next_residual=min(part.form.next_residual for part in parts),
        condition=max(part.form.condition for part in parts),
        n_solutions=max(part.n_solutions for part in parts),
        n_generators=rank,
        n_keeping=min(part.n_keeping for part in parts),
        residual_of_all=max(part.residual_of_all for part in parts),
        blocks=tuple(part.index for part in parts),
    )


def _part(matrices: Matrix, index: tuple[int, ...], rank: int) -> _Part | None:
    """The form of one block; generators that vanish on it keep every form of it."""
    block = matrices[:, index][:, :, index]
    norms = np.linalg.norm(block, axis=(1, 2))
    largest = np.linalg.norm(matrices, axis=(1, 2))
    moving = block[norms > TOLERANCES.still * largest]
    if len(moving) == 0:
        return None
    count = _solutions(moving)
    form = kept_form(moving, count)
    if _holds(form, len(moving)):
        return _Part(index, form, count, rank, form.residual)
    smaller = _keeping_part(moving, form) if len(index) == matrices.shape[-1] else None
    if smaller is None:
        return _Part(index, form, count, 0, form.residual)
    kept, size = smaller
    return _Part(index, kept, 1, size, form_residual(moving, kept.matrix))


def _solutions(moving: Matrix) -> int:
    """Dimension of the space of kept forms, at least 1.

    For one generator eigenvalues tell it in any basis; for several it is the last place at which
    residuals that are small grow steeply.
    """
    if len(moving) == 1:
        return kept_form_count(moving[0])
    residuals = form_residuals(moving)
    small = (residuals[:-1] <= TOLERANCES.kept) & (
        residuals[:-1] <= TOLERANCES.form * residuals[1:]
    )
    return int(np.flatnonzero(small)[-1]) + 1 if small.any() else 1


def _holds(form: KeptForm, n_generators: int) -> bool:
    if form.condition > TOLERANCES.condition:
        return False
    if n_generators == 1:
        return form.residual <= TOLERANCES.kept
    return form.residual <= TOLERANCES.form * form.next_residual


def _keeping_part(moving: Matrix, form: KeptForm) -> tuple[KeptForm, int] | None:
    """The form kept by more than half of the span but not by all of it, and by how much of it."""
    basis = orthonormal_basis(torch.from_numpy(moving)).numpy()
    count = 0
    for _ in range(_ROUNDS):
        changes = form_changes(basis, form.matrix).reshape(len(basis), -1)
        weights, sizes, _ = np.linalg.svd(changes, full_matrices=False)
        keeping = sizes <= TOLERANCES.kept
        if not len(basis) / 2 < keeping.sum() < len(basis):
            return None
        part = np.einsum("kp,kij->pij", weights[:, keeping], basis)
        if count == keeping.sum():
            break
        count = int(keeping.sum())
        form = kept_form(part)
    return (form, count) if _holds(form, count) else None
