"""What the test on held-out rows says, as a part of the report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from symdisc.report.html import grid, paragraph
from symdisc.report.words import (
    beside_explained,
    defect_explained,
    power_explained,
    verdict_explained,
)
from symdisc.result_text import nat, verdict_text
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.verification import Verification

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def evidence_text(result: SymmetryResult) -> str:
    """The verdict, the numbers of every generator and what they mean, as HTML.

    ``""`` without generators; tests of discrete elements stand with these.
    """
    tested = result.verification
    if len(result.generators) == 0:
        return ""
    if tested is None:
        reason = f": {result.interrupted}" if result.interrupted else ""
        return paragraph(f"Not tested on held-out rows{reason}.")
    own = (defect_explained(tested.worst), power_explained(result))
    text = paragraph(verdict_explained(result)) + _numbers(tested) + "".join(map(paragraph, own))
    if tested.beside is None:
        return text
    other = (beside_explained(result), defect_explained(tested.beside.worst))
    return text + paragraph(other[0]) + _numbers(tested.beside) + paragraph(other[1])


def _numbers(tested: Verification) -> str:
    unit = tested.defects[0].unit
    head = ["generator", "verdict", "relative defect [1]", f"T [{unit}]"]
    head += [f"T of random generators [{unit}]", "displacement [1]", "support [1]", "rows [1]"]
    words = [verdict_text(v, d) for v, d in zip(tested.verdicts, tested.defects, strict=True)]
    rows = [[f"L{i + 1}", word] for i, word in enumerate(words)]
    rows += [[f"random element {i + 1}", "part of the span"] for i in range(len(tested.elements))]
    defects = (*tested.defects, *tested.elements)
    return grid(head, [row + _cells(defect) for row, defect in zip(rows, defects, strict=True)])


def _cells(defect: RelativeDefect) -> list[str]:
    return [
        str(defect),
        nat(defect.statistic),
        nat(defect.reference),
        _share(defect.displacement),
        _share(defect.support),
        f"{defect.n_rows:,}",
    ]


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"
