"""The relative defect: how far a generator is from a symmetry, on a scale without units."""

from __future__ import annotations

import math
from dataclasses import dataclass

_THRESHOLD = 1.92

FIELD = "field"
"""The statement that a function stays the same along a field, for which nothing is moved."""
_NAN = math.nan


@dataclass(frozen=True)
class RelativeDefect:
    """One generator, tested on held-out rows.

    0 means that moved samples cannot be told from real ones; 1 means that the generator does
    no better than generators drawn at random from the same class.

    Attributes:
        statement: ``"conditional"``: p(y'|x') = p(y|x) was tested; ``"distributional"``: the
            law of x was; ``"field"``: that a function stays the same; ``"latent"``: the first one
            for consecutive states that were moved in learned coordinates; or that of a verifier
            of a plugin.
        value: ρ = √(max(T, 0) / T_ref) [1]; nan, like its interval, if not testable.
        low: Lower end of the interval of ρ [1].
        high: Upper end of the interval of ρ [1].
        statistic: T, what moving the data adds to recognising them [nat]; of a field the mean
            square by which it changes the function [1].
        reference: T_ref, the median of T over random generators of the same class.
        displacement: Median distance by which samples were moved, over the data's spread [1].
        support: Share of moved rows that stay where data are [1]; nan for the distributional
            statement, for which it is not measured.
        n_rows: Held-out rows on which T was computed.
        n_references: Random generators behind ``reference``.
        reason: Why ρ could not be formed; ``""`` if it could.
        reference_low: Lower end of the interval of T_ref.
        p_value: How likely data like these are where ρ is as large as what is still confirmed
            [1]; nan where it was not computed.
        alpha: The intervals have confidence 1 − alpha [1].
    """

    statement: str
    value: float
    low: float
    high: float
    statistic: float
    reference: float
    displacement: float
    support: float
    n_rows: int
    n_references: int
    reason: str = ""
    reference_low: float = math.nan
    p_value: float = math.nan
    alpha: float = 0.05

    @classmethod
    def untested(
        cls, statement: str, reason: str, *, n_rows: int, alpha: float, displacement: float = _NAN
    ) -> RelativeDefect:
        """What could not be tested, and why.

        Args:
            statement: What was to be tested.
            reason: Why it could not be.
            n_rows: Rows there were.
            alpha: Intervals would have had confidence 1 − alpha [1].
            displacement: How far the generator moves the data at most, over their spread [1].
        """
        return cls(
            statement,
            _NAN,
            _NAN,
            _NAN,
            statistic=_NAN,
            reference=_NAN,
            displacement=displacement,
            support=_NAN,
            n_rows=n_rows,
            n_references=0,
            reason=reason,
            alpha=alpha,
        )

    @property
    def resolution(self) -> float:
        """Relative defect below which nothing can be told from 0 with this many rows [1].

        At it, all rows together speak against an exact symmetry with 1.92 nat, the threshold of
        a likelihood ratio test at 95 % (Wilks, Ann. Math. Stat. 9, 60, 1938); rows that depend on
        each other say less, so that it can be larger. nan where there is no reference.
        """
        overall = self.n_rows * self.reference
        return math.sqrt(_THRESHOLD / overall) if overall > 0 else math.nan

    @property
    def confidence(self) -> str:
        """Confidence of the intervals in words, ``"95 %"``."""
        return f"{100 * (1 - self.alpha):g} %"

    @property
    def unit(self) -> str:
        """Unit of T: a mean square has none."""
        return "1" if self.statement == FIELD else "nat"

    @property
    def testable(self) -> bool:
        """Whether the data had the power to decide; if not, ``reason`` says why."""
        return not math.isnan(self.value)

    def __str__(self) -> str:
        if not self.testable:
            return f"not testable here ({self.reason})"
        return f"{self.value:.2f} ({self.confidence}: {self.low:.2f} to {self.high:.2f})"
