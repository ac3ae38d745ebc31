"""The discrete part of a group in the report: elements, tests, products."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from symdisc.cosets.discrete_part import DiscretePart
from symdisc.discrete_text import cell, discrete_line
from symdisc.report.html import grid, paragraph
from symdisc.result_text import verdict_text

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

LARGEST_TABLE = 12
"""Elements up to which products are printed."""

LARGEST_MATRIX = 6
"""Coordinates up to which matrices are printed."""


def discrete_text(result: SymmetryResult) -> str:
    """Elements, their tests, matrices and products, as HTML; ``""`` if none were looked for."""
    part = result.discrete
    if part is None:
        return ""
    first = paragraph(f"{_what(result)} {discrete_line(result)}.")
    if len(part) == 1:
        return first
    return first + _elements(part) + _tested(part) + _matrices(part) + _products(part)


def _what(result: SymmetryResult) -> str:
    if len(result.generators) == 0:
        return "The group is discrete: elements are not connected by a continuous motion."
    return (
        "Beside what generators reach there may be other components of the group, reached by one "
        "matrix h of each: its elements are exp(Σ t L) h."
    )


def _elements(part: DiscretePart) -> str:
    head = ["element", "name", "order", "found by"]
    tests = part.tests
    if tests is not None:
        head += ["verdict", "relative defect [1]", "displacement [1]", "support [1]", "rows [1]"]
    rows = []
    for number, name in enumerate(part.names):
        share = f"{part.shares[number]:.0%} of the seeds" if part.found[number] else "products"
        order = str(part.orders[number]) if part.orders[number] else "–"
        row = [f"h{number + 1}", name, order, "–" if number == 0 else share]
        if tests is not None:
            row += [""] * 5
        if tests is not None and number > 0:
            verdict, defect = tests.verdicts[number - 1], tests.defects[number - 1]
            support = "–" if math.isnan(defect.support) else f"{defect.support:.2f}"
            row[4:] = [
                verdict_text(verdict, defect),
                str(defect),
                f"{defect.displacement:.2f}",
                support,
                f"{defect.n_rows:,}",
            ]
        rows.append(row)
    return grid(head, rows)


def _tested(part: DiscretePart) -> str:
    if part.tests is None:
        return ""
    return paragraph(
        "Each element was tested alone. Held-out rows were moved by it, and a classifier tried to "
        "tell moved from real; its relative defect is 0 where it could not, and 1 where the "
        "element does no better than random ones near it. Elements that move the data to where "
        "there are none, such as a time reversal where all energies are positive, cannot be "
        "tested: that they are untestable here does not speak against them."
    )


def _matrices(part: DiscretePart) -> str:
    n = part.representatives.shape[-1]
    if n > LARGEST_MATRIX or len(part) > LARGEST_TABLE:
        return ""
    shown = ""
    for number in range(1, len(part)):
        rows = [[cell(value) for value in row] for row in part.representatives[number].tolist()]
        head = [f"h{number + 1}", *("" for _ in range(n - 1))]
        shown += grid(head, rows)
    return shown


def _products(part: DiscretePart) -> str:
    if part.table is None:
        return paragraph("Products of the elements do not close: they form no finite group.")
    if len(part) > LARGEST_TABLE:
        return ""
    names = [f"h{number + 1}" for number in range(len(part))]
    rows = [[names[i], *(names[j] for j in row)] for i, row in enumerate(part.table)]
    told = paragraph(
        "Products, row times column, modulo the continuous part. Products of the elements found "
        f"lie within {part.closure:.3f} of an element, relative to its size."
    )
    return told + grid(["", *names], rows)
