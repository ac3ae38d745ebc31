"""What tests on held-out rows say of the discrete elements of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verdict import WORDS, Verdict, verdicts_of


@dataclass(frozen=True)
class ElementTests:
    """Relative defect and verdict of each element but the identity.

    Attributes:
        defects: Relative defect of each element.
        verdicts: The verdict on each element.
        rows: Which rows were tested, in words.
    """

    defects: tuple[RelativeDefect, ...]
    verdicts: tuple[Verdict, ...]
    rows: str = "held-out rows"

    @property
    def holds(self) -> bool:
        """Whether each element is a symmetry of the data, exact or approximate."""
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def overall(self) -> Verdict:
        """The verdict on all elements together, the worst one; there has to be an element."""
        worst = max(self.verdicts, key=lambda verdict: WORDS.index(verdict.word))
        count = sum(verdict.word == worst.word for verdict in self.verdicts)
        if count == len(self.verdicts):
            return worst
        return Verdict(worst.word, f"{count} of {len(self.verdicts)} elements: {worst.why}")

    @property
    def worst(self) -> RelativeDefect:
        """The largest relative defect, else that of the first element."""
        tested = [defect for defect in self.defects if defect.testable]
        return max(tested or self.defects[:1], key=lambda defect: defect.value)


def judged_together(
    generators: Sequence[RelativeDefect],
    elements: Sequence[RelativeDefect],
    options: DefectOptions,
) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    """Verdicts on generators and on discrete elements, corrected for the number of both.

    Args:
        generators: Relative defects of the basis of a span; may be empty.
        elements: Relative defects of discrete elements.
        options: Limits of the verdicts.
    """
    verdicts = verdicts_of([*generators, *elements], options)
    return verdicts[: len(generators)], verdicts[len(generators) :]
