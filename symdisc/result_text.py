"""A result in words: one sentence, plain text matrices, and a small table for notebooks."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from torch import Tensor

from symdisc.verify.defect import RelativeDefect

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

CANDIDATE = 0.6
"""Lower end of the relative defect from which a name is a candidate's only [1]."""


def summary(result: SymmetryResult) -> str:
    """What was found, how far from a symmetry it is, and how many seeds agree."""
    return f"{_found(result)}: {_tested(result)}{_agreeing(result)}"


def generator_text(result: SymmetryResult) -> str:
    """The generators as aligned text; entries that the mask sets to zero are dots."""
    texts = []
    for i, generator in enumerate(result.generators):
        title = f"L_{i + 1} =" if len(result.generators) > 1 else "L ="
        cells = _cells(result, generator)
        width = max(6, *(len(cell) for row in cells for cell in row))
        rows = ["  " + " ".join(f"{cell:>{width}}" for cell in row) for row in cells]
        texts.append("\n".join([title, *rows]))
    return "\n\n".join(texts)


def generator_table(result: SymmetryResult, index: int) -> str:
    """One generator as an HTML table with the names of the coordinates where they fit."""
    names = coordinate_names(result)
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in names)
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for name, row in zip(names, _cells(result, result.generators[index]), strict=True)
    )
    return f"<table class='matrix'><tr><th></th>{head}</tr>{rows}</table>"


def coordinate_names(result: SymmetryResult) -> list[str]:
    """Names of the n coordinates on which a generator acts; x, y and 1 for images.

    Vectors that share the generators give their coordinates names where these differ in numbers
    only: ``E`` for ``E1`` and ``E2``.
    """
    representation = result.representation
    if representation.grid is not None:
        return ["x", "y", "1"]
    n, count = representation.dimension, representation.n_vectors
    plain = [f"x{i + 1}" for i in range(n)]
    if len(result.names) != representation.size or count == 0:
        return plain
    if count == 1:
        return list(result.names[:n])
    stems = [re.sub(r"_?\d+", "", name) for name in result.names[: n * count]]
    common = [set(stems[i::n]) for i in range(n)]
    shared = [stem for stems_of_one in common if len(stems_of_one) == 1 for stem in stems_of_one]
    return shared if len(set(shared)) == n and all(shared) else plain


def result_html(result: SymmetryResult) -> str:
    """What notebooks show: the sentence, the evidence and the generators."""
    rows = {
        "group": result.group if result.has_consensus else "no consensus between seeds",
        "evidence": result.evidence,
        "relative defect": _tested(result),
        "seeds": f"{sum(result.in_consensus)} of {len(result.seeds)} agree",
    }
    body = "".join(
        f"<tr><th scope='row'>{name}</th><td>{escape(value)}</td></tr>"
        for name, value in rows.items()
    )
    matrices = "".join(generator_table(result, i) for i in range(len(result.generators)))
    return f"<div><p>{escape(summary(result))}</p><table>{body}</table>{matrices}</div>"


def largest_defect(result: SymmetryResult) -> RelativeDefect:
    """The largest relative defect that could be tested, else the first; there must be one."""
    testable = [defect for defect in result.defects if defect.testable]
    return max(testable or result.defects[:1], key=lambda defect: defect.value)


def counted(count: int, word: str) -> str:
    """``"1 generator"``, ``"2,900 generators"``."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def nat(value: float) -> str:
    """A statistic with four decimals, and no minus sign where these are zero."""
    return f"{round(value, 4) + 0.0:.4f}"


def _found(result: SymmetryResult) -> str:
    generators = counted(len(result.generators), "generator")
    if result.has_consensus:
        candidate = "" if _holds_up(result) else "candidate: "
        return f"{candidate}{result.group}, {generators}"
    return (
        f"no consensus between seeds, {generators} from the largest cluster "
        f"({sum(result.in_consensus)} of {counted(len(result.seeds), 'seed')})"
    )


def _holds_up(result: SymmetryResult) -> bool:
    """Whether the generators did better than random ones; what was never tested may have."""
    worst = max((d.low for d in result.defects if d.testable), default=0.0)
    return worst < CANDIDATE and all(defect.testable for defect in result.defects)


def _tested(result: SymmetryResult) -> str:
    if not result.defects:
        reason = f" ({result.interrupted})" if result.interrupted else ""
        return f"not tested on held-out rows{reason}"
    rows = counted(result.defects[0].n_rows, "held-out row")
    untestable = [defect for defect in result.defects if not defect.testable]
    if len(result.defects) == 1:
        return f"relative defect {result.defects[0]} on {rows}"
    if len(untestable) == len(result.defects):
        return f"no relative defect testable on {rows} ({untestable[0].reason})"
    partly = f", {len(untestable)} of the generators not testable" if untestable else ""
    return f"largest relative defect {largest_defect(result)} on {rows}{partly}"


def _agreeing(result: SymmetryResult) -> str:
    if not result.has_consensus:
        return ""
    if len(result.seeds) == 1:
        return "; 1 seed, so agreement is unknown"
    return f"; {sum(result.in_consensus)} of {counted(len(result.seeds), 'seed')} agree"


def _cells(result: SymmetryResult, generator: Tensor) -> list[list[str]]:
    """Entries as text; where coordinates were made comparable, theirs differ by many powers."""
    data = result.config.get("options", {}).get("data", {})
    form = ".2f" if data.get("standardise", "none") == "none" else ".3g"
    return [
        [_cell(value, free, form) for value, free in zip(values, allowed, strict=True)]
        for values, allowed in zip(generator.tolist(), result.mask.tolist(), strict=True)
    ]


def _cell(value: float, free: float, form: str) -> str:
    text = f"{value + 0.0:{form}}"
    return ("0.00" if text == "-0.00" else text) if free else "·"
