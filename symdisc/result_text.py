"""A result in words: one sentence, plain text matrices, and a small table for notebooks."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from torch import Tensor

from symdisc.discrete_text import discrete_line, discrete_summary
from symdisc.latent_space import in_latent_coordinates, latent_names
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.verdict import Verdict

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


WIDEST = 16
"""Rows and columns of a matrix that is written out as text."""


def summary(result: SymmetryResult) -> str:
    """What was found, whether it is a symmetry of the data, and how many seeds agree.

    Nothing is called found that is not confirmed, or confirmed to hold approximately.
    """
    if len(result.generators) == 0:
        return discrete_summary(result)
    name = f"{result.group}, {counted(len(result.generators), 'generator')}"
    if not result.has_consensus:
        return f"no symmetry found: {_cluster(result)}; {_tested(result)}"
    if result.verification is None:
        return f"candidate: {name}, {_tested(result)}{_agreeing(result)}"
    if result.holds:
        return f"{name}, {_tested(result)}{_agreeing(result)}"
    open_ = result.verification.overall.word == "untestable here"
    nothing = "no symmetry shown" if open_ else "no symmetry found"
    return f"{nothing}; the candidate {name}, is {_tested(result)}{_agreeing(result)}"


def generator_text(result: SymmetryResult) -> str:
    """The generators as aligned text; entries that the mask sets to zero are dots.

    Larger ones than :data:`WIDEST` are told by their size: nobody reads them in a terminal.
    """
    if result.fields is not None:
        return "\n".join(f"X_{i + 1} = {text}" for i, text in enumerate(result.fields.text()))
    n, count = result.generators.shape[-1], len(result.generators)
    if count and n > WIDEST:
        many = counted(count, "generator")
        return f"{many} of {n} × {n} entries: see the report, or result.generators"
    texts = []
    for i, generator in enumerate(result.generators):
        title = f"L_{i + 1} =" if count > 1 else "L ="
        cells = _cells(result, generator)
        width = max(6, *(len(cell) for row in cells for cell in row))
        rows = ["  " + " ".join(f"{cell:>{width}}" for cell in row) for row in cells]
        texts.append("\n".join([title, *rows]))
    return "\n\n".join(texts)


def generator_table(result: SymmetryResult, index: int) -> str:
    """One generator as an HTML table with the names of the coordinates where they fit."""
    if result.fields is not None:
        return f"<p>{escape(result.fields.text()[index])}</p>"
    names = coordinate_names(result)
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in names)
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for name, row in zip(names, _cells(result, result.generators[index]), strict=True)
    )
    return f"<table class='matrix'><tr><th></th>{head}</tr>{rows}</table>"


def coordinate_names(result: SymmetryResult) -> list[str]:
    """Names of the n coordinates on which a generator acts; x, y and 1 for images.

    Learned coordinates are z1, z2 and so on. Vectors that share the generators give their
    coordinates names where these differ in numbers only: ``E`` for ``E1`` and ``E2``.
    """
    result = in_latent_coordinates(result)
    representation = result.representation
    if representation.grid is not None:
        return ["x", "y", "1"]
    n, count = representation.dimension, representation.n_vectors
    letter = "z" if result.names == latent_names(representation) else "x"
    plain = [f"{letter}{i + 1}" for i in range(n)]
    if len(result.names) != representation.size or count == 0:
        return plain
    if count == 1:
        return list(result.names[:n])
    stems = [re.sub(r"_?\d+", "", name) for name in result.names[: n * count]]
    common = [set(stems[i::n]) for i in range(n)]
    shared = [stem for stems_of_one in common if len(stems_of_one) == 1 for stem in stems_of_one]
    return shared if len(set(shared)) == n and all(shared) else plain


def algebra_line(result: SymmetryResult) -> str:
    """The Lie algebra of several generators, for instance "so(3) ≅ su(2)"; ``""`` of one."""
    several = len(result.generators) > 1 and bool(result.generators.any())
    several = several and result.fields is None
    return str(result.algebra) if several and result.has_consensus else ""


def result_html(result: SymmetryResult) -> str:
    """What notebooks show: the sentence, the evidence and the generators."""
    rows = {
        "group": result.group if result.has_consensus else "no consensus between seeds",
        "evidence": result.evidence,
        "Lie algebra": algebra_line(result),
        "components": discrete_line(result),
        "on held-out rows": _tested(result) if len(result.generators) else "",
        "seeds": f"{sum(result.in_consensus)} of {len(result.seeds)} agree",
    }
    body = "".join(
        f"<tr><th scope='row'>{name}</th><td>{escape(value)}</td></tr>"
        for name, value in rows.items()
        if value
    )
    matrices = "".join(generator_table(result, i) for i in range(len(result.generators)))
    return f"<div><p>{escape(summary(result))}</p><table>{body}</table>{matrices}</div>"


def verdict_text(verdict: Verdict, defect: RelativeDefect) -> str:
    """The word of a verdict; of an approximate symmetry also its strength, 1 − ρ."""
    if verdict.word == "approximate":
        return f"approximate (strength {1 - defect.value:.2f})"
    return verdict.word


def rows_text(verdict: Verdict) -> str:
    """How many rows would decide the question; ``""`` where that is not known or needed."""
    return "" if verdict.rows is None else f"about {verdict.rows:,} rows to test on would do"


def counted(count: int, word: str) -> str:
    """``"1 generator"``, ``"2,900 generators"``."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def nat(value: float) -> str:
    """A statistic with four decimals, and no minus sign where these are zero."""
    return f"{round(value, 4) + 0.0:.4f}"


def _cluster(result: SymmetryResult) -> str:
    if not any(result.in_consensus):
        return f"none of {counted(len(result.seeds), 'seed')} has coordinates of any use"
    return (
        f"no consensus between seeds, {counted(len(result.generators), 'generator')} from the "
        f"largest cluster ({sum(result.in_consensus)} of {counted(len(result.seeds), 'seed')})"
    )


def _tested(result: SymmetryResult) -> str:
    """The verdict with the numbers behind it."""
    tested = result.verification
    if tested is None:
        reason = f" ({result.interrupted})" if result.interrupted else ""
        return f"not tested on held-out rows{reason}"
    verdict, worst = tested.overall, tested.worst
    rows = f"{worst.n_rows:,} {tested.rows}"
    # Learned coordinates may be what is wrong, whatever the defect in them.
    lost = result.latent is not None and verdict.word == "not supported"
    if lost or verdict.word in ("untestable here", "trivial"):
        enough = rows_text(verdict)
        why = f"{verdict.why}; {enough}" if enough else verdict.why
        return f"{verdict.word} ({why}), {rows}"
    which = "relative defect" if len(result.generators) == 1 else "largest relative defect"
    return f"{verdict_text(verdict, worst)}: {which} {_numbers(verdict, worst)}, {rows}"


def _numbers(verdict: Verdict, defect: RelativeDefect) -> str:
    if verdict.word == "confirmed":
        return f"{defect.value:.2f} ({defect.confidence} ≤ {defect.high:.2f})"
    return str(defect)


def _agreeing(result: SymmetryResult) -> str:
    if not result.has_consensus:
        return ""
    if len(result.seeds) == 1:
        return "; 1 seed, so agreement is unknown"
    return f"; {sum(result.in_consensus)} of {counted(len(result.seeds), 'seed')} agree"


def _cells(result: SymmetryResult, generator: Tensor) -> list[list[str]]:
    """Entries as text; where coordinates were made comparable, theirs differ by many powers."""
    data = result.config.get("options", {}).get("data", {})
    alike = result.latent is not None or data.get("standardise", "none") == "none"
    form = ".2f" if alike else ".3g"
    return [
        [_cell(value, free, form) for value, free in zip(values, allowed, strict=True)]
        for values, allowed in zip(generator.tolist(), result.mask.tolist(), strict=True)
    ]


def _cell(value: float, free: float, form: str) -> str:
    text = f"{value + 0.0:{form}}"
    return ("0.00" if text == "-0.00" else text) if free else "·"
