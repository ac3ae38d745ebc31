"""From relative defects to words: is it a symmetry of the data?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from symdisc.verify.defect import FIELD, RelativeDefect
from symdisc.verify.defect_options import DefectOptions

Word = Literal["confirmed", "approximate", "untestable here", "trivial", "not supported"]
_NEAR = "moved data can be told from real ones, but less than after random moves of the same size"
_FIELD_NEAR = (
    "the function changes along the field, but less than along random ones of the same size"
)
WORDS: tuple[Word, ...] = get_args(Word)
"""From the best to the worst."""


@dataclass(frozen=True)
class Verdict:
    """What the test on held-out rows says of one generator, or of all together.

    Attributes:
        word: ``"confirmed"``, ``"approximate"``, ``"untestable here"``, ``"trivial"`` or
            ``"not supported"``.
        why: The reason, in words that follow the word.
        rows: Rows under test with which the question could be decided, where they are too few
            and it can be foreseen [1]; else ``None``.
    """

    word: Word
    why: str
    rows: int | None = None

    @property
    def holds(self) -> bool:
        """Whether there is a symmetry, exact as far as can be seen or approximate."""
        return self.word in ("confirmed", "approximate")


def verdicts_of(defects: Sequence[RelativeDefect], options: DefectOptions) -> tuple[Verdict, ...]:
    """The verdict on each generator.

    That a generator is confirmed is what has to be shown: its relative defect lies below
    ``options.confirmed`` with confidence 1 − alpha. Over several generators the p-values are
    corrected after Holm (Scand. J. Stat. 6, 65, 1979), so that the probability of one false
    confirmation or more does not grow with their number.

    Args:
        defects: Relative defects of a basis.
        options: The limits.
    """
    corrected = holm([defect.p_value for defect in defects])
    return tuple(
        _verdict(defect, p_value, options)
        for defect, p_value in zip(defects, corrected, strict=True)
    )


def verdict_of_all(verdicts: Sequence[Verdict], elements: Sequence[Verdict]) -> Verdict:
    """The verdict on a whole span: the worst of a basis and of random elements.

    A claim about all of a span needs each of its parts, so no correction is due.

    Args:
        verdicts: Of the generators of a basis, at least one.
        elements: Of random elements of the span.
    """
    every = [*verdicts, *elements]
    if len(every) == 1:
        return every[0]
    worst = max(every, key=lambda verdict: WORDS.index(verdict.word))
    those = [verdict for verdict in every if verdict.word == worst.word]
    rows = [verdict.rows for verdict in those if verdict.rows is not None]
    share = f"{len(those)} of {len(every)} tested elements of the span"
    why = worst.why if len(those) == len(every) else f"{share}: {worst.why}"
    return Verdict(worst.word, why, max(rows) if len(rows) == len(those) else None)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for their number; nan where there is none, which counts as a test."""
    order = sorted(range(len(p_values)), key=lambda i: (math.isnan(p_values[i]), p_values[i]))
    corrected, largest = [math.nan] * len(p_values), 0.0
    for rank, place in enumerate(order):
        if not math.isnan(p_values[place]):
            largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
            corrected[place] = largest
    return corrected


def _verdict(defect: RelativeDefect, p_value: float, options: DefectOptions) -> Verdict:
    # "<" is false for nan: what was never moved is not trivial.
    if defect.displacement < options.min_displacement:
        return Verdict("trivial", defect.reason or "the generator hardly moves the data")
    if not defect.testable:
        return Verdict("untestable here", defect.reason, _rows_to_test(defect, options))
    if _is_small(defect, p_value, options):
        return _small(defect, options)
    if defect.low > 0 and defect.value <= options.approximate:
        return Verdict("approximate", _FIELD_NEAR if defect.statement == FIELD else _NEAR)
    if defect.low <= 0:
        why = f"the relative defect may be anything from 0 to {defect.high:.2f}"
        rows = math.ceil(defect.n_rows * (defect.high / options.confirmed) ** 2)
        return Verdict("untestable here", why, rows)
    return Verdict(
        "not supported",
        f"a relative defect of {defect.value:.2f} is above {options.approximate:g}, the largest "
        "of an approximate symmetry",
    )


def _is_small(defect: RelativeDefect, p_value: float, options: DefectOptions) -> bool:
    """Whether the relative defect surely is below the limit."""
    # Results of earlier versions have no p-values.
    return defect.high <= options.confirmed and not p_value > options.alpha / 2


def _small(defect: RelativeDefect, options: DefectOptions) -> Verdict:
    if defect.displacement < options.confirming_displacement:
        return Verdict(
            "untestable here",
            f"it moves the data by {defect.displacement:.2f} of their spread only, "
            f"{options.confirming_displacement:g} is needed",
        )
    return Verdict(
        "confirmed",
        f"with a confidence of {defect.confidence} the relative defect is below "
        f"{options.confirmed:g}",
    )


def _rows_to_test(defect: RelativeDefect, options: DefectOptions) -> int | None:
    """With how many rows random generators would surely be recognised; ``None``: not foreseen."""
    if defect.n_rows < options.min_rows:
        return options.min_rows
    half = defect.reference - defect.reference_low
    excess = defect.reference - options.min_reference
    # Half the width of an interval shrinks with the root of the number of rows.
    if excess > 0 and half >= excess:
        return math.ceil(defect.n_rows * (half / excess) ** 2)
    return None
