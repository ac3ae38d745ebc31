"""What the test on held-out rows says about the generators that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verdict import Verdict, verdict_of_all, verdicts_of


@dataclass(frozen=True)
class Verification:
    """Relative defects and verdicts: of each generator and of their whole span.

    A basis of a span is arbitrary, so random elements of it are tested as well.

    Attributes:
        defects: Relative defect of each generator.
        elements: Of random elements of the span; empty for one generator.
        references: T of each random generator that they were compared with [nat]; empty where
            nothing could be compared.
        verdicts: The verdict on each generator.
        overall: The verdict on all of them together.
        rows: Which rows were tested, in words.
        beside: What a test of another statement says of the same generators, or ``None``; the
            verdict of this one counts.
    """

    defects: tuple[RelativeDefect, ...]
    elements: tuple[RelativeDefect, ...]
    references: tuple[float, ...]
    verdicts: tuple[Verdict, ...]
    overall: Verdict
    rows: str = "held-out rows"
    beside: Verification | None = None

    @classmethod
    def of(
        cls,
        defects: Sequence[RelativeDefect],
        options: DefectOptions,
        *,
        elements: Sequence[RelativeDefect] = (),
        references: Sequence[float] = (),
    ) -> Verification:
        """Judge relative defects, at least one.

        Args:
            defects: Of a basis.
            options: Limits of the verdicts.
            elements: Of random elements of its span.
            references: T of the random generators [nat].
        """
        verdicts = verdicts_of(defects, options)
        each = [verdict for element in elements for verdict in verdicts_of([element], options)]
        return cls(
            tuple(defects),
            tuple(elements),
            tuple(references),
            verdicts,
            verdict_of_all(verdicts, each),
        )

    def judged_with(self, others: Sequence[RelativeDefect], options: DefectOptions) -> Verification:
        """The same figures, judged as part of a larger family of tests.

        Args:
            others: Relative defects that were tested as well, such as those of discrete elements.
            options: Limits of the verdicts.
        """
        verdicts = verdicts_of([*self.defects, *others], options)[: len(self.defects)]
        each = [verdict for element in self.elements for verdict in verdicts_of([element], options)]
        # More tests make nothing hold that did not hold before.
        overall = verdict_of_all(verdicts, each) if self.overall.holds else self.overall
        return replace(self, verdicts=verdicts, overall=overall)

    def doubted(self, why: str) -> Verification:
        """The same figures where the method itself claims nothing, for a reason in words."""
        if not why or not self.overall.holds:
            return self
        return replace(self, overall=Verdict("not supported", why))

    def on(self, rows: str) -> Verification:
        """The same, with words for which rows were tested."""
        beside = None if self.beside is None else self.beside.on(rows)
        return replace(self, rows=rows, beside=beside)

    @property
    def holds(self) -> bool:
        """Whether the generators are a symmetry of the data, exact or approximate."""
        return self.overall.holds

    @property
    def worst(self) -> RelativeDefect:
        """The largest relative defect of all that was tested, else that of the first generator."""
        tested = [defect for defect in (*self.defects, *self.elements) if defect.testable]
        return max(tested or self.defects[:1], key=lambda defect: defect.value)
