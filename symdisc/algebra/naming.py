"""The name of the group that generators make, as it acts.

One generator is told apart by its eigenvalues, several by the quadratic form they keep. Every
rule has its tolerance in :class:`Tolerances`; what fits no rule stays "unidentified".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from symdisc.algebra.forms import KeptForm, Matrix, kept_form
from symdisc.algebra.one_parameter import name_one_parameter
from symdisc.algebra.spans import numerical_rank
from symdisc.algebra.tolerances import TOLERANCES, GroupName, Setting, percent

__all__ = ["TOLERANCES", "GroupName", "name_group"]


def name_group(
    generators: Tensor, blocks: Sequence[Sequence[int]] | None = None, n_vectors: int = 1
) -> GroupName:
    """Name the group of exp(Σ z_i L_i) as it acts on vectors.

    Names, in any basis whose condition number is at most ``TOLERANCES.condition``:

    - "scaling": one generator, proportional to the identity.
    - "SO(2)": one generator with imaginary, commensurate eigenvalues that keeps a positive
      definite form; unequal speeds are part of the name ("with angular speeds 1:2").
    - "SO(1,1)": one generator that has the eigenvalues ±a in each vector of dimension 2.
    - "SO(p,q)", written "SO(n)" where p is 0: n(n−1)/2 generators that keep one form of
      signature (q, p) and no other.

    Args:
        generators: ``(k, n, n)``, finite.
        blocks: Index groups between which the generators vanish; each is a vector of its own.
            Coordinates in no group do not move.
        n_vectors: How many vectors share the generators (``4*V2``: 4).

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
    return _several(matrices, setting)


def _several(matrices: Matrix, setting: Setting) -> GroupName:
    k = len(matrices)
    sizes = {len(group) for group in setting.groups}
    m = max(sizes)
    if sizes != {m} or k != m * (m - 1) // 2:
        expected = " or ".join(str(s * (s - 1) // 2) for s in sorted(sizes))
        return _unidentified(
            k,
            f"{k} generators are not the {expected} that a group keeping one quadratic form "
            f"of its vectors has",
        )
    parts = [matrices[:, group][:, :, group] for group in setting.groups]
    if any(np.linalg.norm(part, axis=(1, 2)).min() == 0 for part in parts):
        return _unidentified(k, "a generator vanishes on one of the vectors")
    forms = [kept_form(part) for part in parts]
    problem = _form_problem(forms)
    closure = closure_residual(matrices) if len(parts) > 1 else 0.0
    if not problem and closure > TOLERANCES.closure:
        problem = f"brackets of the generators leave their span by {percent(closure)}"
    if problem:
        return _unidentified(k, problem)
    return GroupName(f"{_orthogonal(forms[0])} on {setting.where}", _form_evidence(k, forms))


def closure_residual(matrices: Matrix) -> float:
    """Largest share of a bracket [L_i, L_j] that lies outside the span of the generators [1].

    The norm outside is taken relative to ‖L_i‖‖L_j‖.

    Args:
        matrices: ``(k, n, n)``, linearly independent.
    """
    unit = matrices / np.linalg.norm(matrices, axis=(1, 2), keepdims=True)
    flat = unit.reshape(len(unit), -1)
    products = np.einsum("iab,jbc->ijac", unit, unit)
    brackets = (products - products.transpose(1, 0, 2, 3)).reshape(-1, flat.shape[1])
    inside = brackets @ np.linalg.pinv(flat) @ flat
    return float(np.linalg.norm(brackets - inside, axis=1).max())


def _form_problem(forms: Sequence[KeptForm]) -> str:
    worst = max(forms, key=lambda form: form.residual / form.next_residual)
    ratio = worst.residual / worst.next_residual
    if ratio > TOLERANCES.form:
        return (
            f"the generators keep no quadratic form: the best changes by {worst.residual:.3f}, "
            f"which is {ratio:.2f} of the next best, above {TOLERANCES.form}"
        )
    condition = max(form.condition for form in forms)
    if condition > TOLERANCES.condition:
        return (
            f"the kept quadratic form is nearly degenerate: condition {condition:.3g}, above "
            f"{TOLERANCES.condition:g}"
        )
    if len({form.signature for form in forms}) > 1:
        return "the vectors have kept forms of different signatures"
    return ""


def _orthogonal(form: KeptForm) -> str:
    positive, negative = form.signature
    if negative == 0:
        return f"SO({positive})"
    return f"SO({min(positive, negative)},{max(positive, negative)})"


def _form_evidence(k: int, forms: Sequence[KeptForm]) -> str:
    positive, negative = forms[0].signature
    kind = "positive definite" if negative == 0 else f"of signature ({negative}, {positive})"
    residual = max(form.residual for form in forms)
    ratio = max(form.residual / form.next_residual for form in forms)
    condition = max(form.condition for form in forms)
    return (
        f"{k} independent generators keep one quadratic form, {kind}, within "
        f"{percent(residual)} ({percent(ratio)} of the next best form), "
        f"condition {condition:.2f}"
    )


def _unidentified(dimension: int, reason: str) -> GroupName:
    return GroupName(f"unidentified, dimension {dimension}", reason)
