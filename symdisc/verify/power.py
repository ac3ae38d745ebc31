"""The power of a test: which relative defects it would have seen."""

from __future__ import annotations

from scipy.stats import norm

from symdisc.verify.defect import RelativeDefect

FADED = 1.5
"""How much larger than the resolution a defect must be to be seen in half of all data sets [1].

Classifiers that learn from few rows see less than a likelihood ratio of known laws would. The
number comes from ``benchmarks/verify``, where generators with graded defects were tested.
"""

LIKELY = 0.9
"""Probability from which a defect counts as one that would have been seen [1]."""


def power(defect: RelativeDefect, true: float) -> float:
    """Probability that a true relative defect would have been told from 0 [1].

    A defect is seen where the lower end of its interval is above 0. The root of T is taken to be
    normally distributed, as for a likelihood ratio.

    Args:
        defect: The test that was made: its number of rows, T_ref and confidence count.
        true: The relative defect that many more rows would give [1].
    """
    threshold = norm.isf(defect.alpha / 2)
    return float(norm.cdf(threshold * (true / (FADED * defect.resolution) - 1)))


def visible(defect: RelativeDefect, probability: float = LIKELY) -> float:
    """The smallest relative defect that would have been seen with this probability [1].

    nan where the test had no reference.
    """
    threshold = norm.isf(defect.alpha / 2)
    return float(FADED * defect.resolution * (1 + norm.ppf(probability) / threshold))
