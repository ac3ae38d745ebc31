"""The name of the group that generators make, as it acts.

One generator is told apart by its eigenvalues, several by the standard matrices that they are in
another basis. Every rule has its tolerance in :class:`Tolerances`; what fits no rule stays
"unidentified".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from symdisc.algebra.forms import Matrix
from symdisc.algebra.identify import identify
from symdisc.algebra.one_parameter import name_one_parameter
from symdisc.algebra.spans import numerical_rank, orthonormal_basis
from symdisc.algebra.tolerances import TOLERANCES, GroupName, Setting

__all__ = ["TOLERANCES", "GroupName", "name_group"]


def name_group(
    generators: Tensor,
    blocks: Sequence[Sequence[int]] | None = None,
    n_vectors: int = 1,
    spread: float = 0.0,
) -> GroupName:
    """Name the group of exp(Σ z_i L_i) as it acts on vectors.

    Names, in any basis whose condition number is at most ``TOLERANCES.condition``:

    - "scaling": one generator, proportional to the identity.
    - "SO(2)": one generator with imaginary, commensurate eigenvalues that keeps a positive
      definite form; unequal speeds are part of the name ("with angular speeds 1:2").
    - "SO(1,1)": one generator that has the eigenvalues ±a in each vector of dimension 2.
    - Several generators: SO(n), SO(p,q), SL(n,R), GL(n,R), Sp(2n,R), SE(n), ISO(p,q), Aff(n,R),
      the Heisenberg groups, their products with scalings, and products of groups that act on
      parts of the vector each, see :func:`symdisc.algebra.identify.identify`. Where only the
      algebra is known, "group with the algebra so(3)".

    Args:
        generators: ``(k, n, n)``, finite.
        blocks: Index groups between which the generators vanish; each is a vector of its own.
            Coordinates in no group do not move.
        n_vectors: How many vectors share the generators (``4*V2``: 4).
        spread: How far seeds differ, as noise of a generator of norm 1; 0 if unknown [1].

    Returns:
        The name and one sentence with the numbers behind it; "unidentified, dimension k" where
        no rule fits, with the reason.
    """
    matrices = generators.double().cpu().numpy()
    groups = [list(b) for b in blocks] if blocks else [list(range(matrices.shape[-1]))]
    setting = Setting(groups, n_vectors)
    rank = numerical_rank(generators)
    if rank == 0:
        return GroupName("unidentified, dimension 0", "all generators are zero")
    if rank < len(matrices):
        return _unidentified(rank, f"the {len(matrices)} generators are linearly dependent")
    if rank == 1:
        return name_one_parameter(matrices[0], setting)
    return _several(orthonormal_basis(generators).numpy(), setting, spread)


def _several(basis: Matrix, setting: Setting, spread: float) -> GroupName:
    found = identify(basis, setting.groups, spread)
    if found.algebra is None:
        return _unidentified(len(basis), found.reason)
    action = found.action or f"group with the algebra {found.algebra.name}"
    still = [
        bool(np.linalg.norm(basis[:, group][:, :, group]) <= TOLERANCES.still)
        for group in setting.groups
    ]
    moving = setting.n_vectors * still.count(False)
    count = f"{moving} of " if any(still) else ""
    return GroupName(f"{action} on {count}{setting.where}", found.reason)


def _unidentified(dimension: int, reason: str) -> GroupName:
    return GroupName(f"unidentified, dimension {dimension}", reason)
