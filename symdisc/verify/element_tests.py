"""What tests on held-out rows say of the discrete elements of a group."""

from __future__ import annotations

from dataclasses import dataclass

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.verdict import WORDS, Verdict


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

    def restricted(self, numbers: tuple[int, ...]) -> ElementTests:
        """The tests of some of the elements, by their number from 0."""
        return ElementTests(
            tuple(self.defects[number] for number in numbers),
            tuple(self.verdicts[number] for number in numbers),
            self.rows,
        )

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
