"""The Lie algebra of what was found, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symdisc.algebra.brackets import structure_constants
from symdisc.algebra.lie_algebra import RANK_RULE, LieAlgebra
from symdisc.algebra.tolerances import percent
from symdisc.report.html import grid, paragraph, table
from symdisc.result_text import counted

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

LARGEST_TABLE = 10
"""Algebras of up to this dimension have their brackets printed."""

MOST_CANDIDATES = 4
"""Candidates that are listed."""

SMALLEST = 0.05
"""Smaller coefficients are left out of brackets [1]."""


def algebra_text(result: SymmetryResult) -> str:
    """Name, structure, brackets and candidates, as HTML; ``""`` where there is nothing to say.

    One generator has an algebra that says nothing; where the seeds do not agree, or the group is
    finite, there is none.
    """
    continuous = result.order is None and result.has_consensus
    continuous = continuous and (
        result.fields is None or result.fields.affine_matrices() is not None
    )
    if not continuous or len(result.generators) < 2 or not result.generators.any():
        return ""
    algebra = result.algebra
    rows = {
        "Lie algebra": str(algebra),
        "Dimension": f"{algebra.dimension}: {RANK_RULE}",
        "Closure": _closure(algebra),
        **_structure(algebra),
    }
    return table(rows) + _brackets(algebra) + _candidates(algebra)


def _closure(algebra: LieAlgebra) -> str:
    leaving = f"brackets leave the span found by up to {percent(algebra.closure)} of their size"
    if algebra.closed is None:
        return f"{leaving}; no closed algebra is near"
    kind = "nearest" if algebra.identification.change is None else "identified"
    return f"{leaving}; the {kind} closed algebra is {algebra.distance:.2f} degrees away"


def _structure(algebra: LieAlgebra) -> dict[str, str]:
    """What the algebra is made of, where it is closed."""
    found = algebra.structure
    if found is None:
        return {}
    positive, negative, zero = found.killing_signature
    kinds = {
        "abelian": found.is_abelian,
        "nilpotent": found.is_nilpotent,
        "solvable": found.is_solvable,
        "semisimple": found.is_semisimple,
    }
    series = " → ".join(str(len(rows)) for rows in found.derived_series)
    return {
        "Killing form": f"{positive} positive, {negative} negative, {zero} zero directions",
        "Kind": ", ".join(kind for kind, holds in kinds.items() if holds)
        or "neither solvable nor semisimple",
        "Centre, radical, Levi factor": "dimensions "
        f"{len(found.centre)}, {len(found.radical)}, {len(found.levi)}",
        "Derived series": f"dimensions {series}",
    }


def _brackets(algebra: LieAlgebra) -> str:
    """[C_i, C_j] of the canonical basis, those that do not vanish."""
    k = algebra.dimension
    if algebra.structure is None or k > LARGEST_TABLE:
        return ""
    constants = structure_constants(algebra.canonical.numpy())
    lines = [
        [f"[C{i + 1}, C{j + 1}]", _combination(constants[i, j].tolist())]
        for i in range(k)
        for j in range(i + 1, k)
    ]
    shown = [line for line in lines if line[1]]
    basis = (
        "In a basis C of the closed algebra, "
        + ("that of the standard matrices, " if algebra.change is not None else "")
        + "the brackets are"
    )
    if not shown:
        return paragraph("All brackets vanish.")
    return paragraph(f"{basis}, as far as they are not zero:") + grid(["bracket", "is"], shown)


def _combination(coefficients: list[float]) -> str:
    terms = []
    for place, value in enumerate(coefficients):
        if abs(value) >= SMALLEST:
            size = f"{abs(value):.2f}"
            factor = "" if size == "1.00" else f"{size} "
            terms.append(f"{'−' if value < 0 else '+'} {factor}C{place + 1}")
    return " ".join(terms).removeprefix("+ ")


def _candidates(algebra: LieAlgebra) -> str:
    listed = algebra.candidates[:MOST_CANDIDATES]
    if not listed:
        return ""
    head = ["known action", "algebra", "noise that would explain it [1]", "condition of basis [1]"]
    rows = [[one.action, one.algebra, percent(one.noise), f"{one.condition:.2f}"] for one in listed]
    count = counted(len(algebra.candidates), "known action")
    return paragraph(f"Of {count} compared, the most likely:") + grid(head, rows)
