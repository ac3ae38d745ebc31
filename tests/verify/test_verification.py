"""Verdicts on a basis and on random elements of its span."""

from __future__ import annotations

import math
from dataclasses import replace

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verification import Verification

LIMITS = DefectOptions()
GOOD = RelativeDefect("conditional", 0.02, 0.0, 0.1, 0.0, 0.4, 0.5, 0.9, 900, 20, p_value=0.001)
BAD = replace(GOOD, value=0.9, low=0.8, high=1.0, p_value=1.0)
UNTESTED = replace(GOOD, value=math.nan, low=math.nan, high=math.nan, reason="few rows")


def test_one_generator() -> None:
    tested = Verification.of([GOOD], LIMITS, references=[0.4, 0.5])
    assert tested.holds
    assert tested.overall == tested.verdicts[0]
    assert (tested.worst, tested.references, tested.rows) == (GOOD, (0.4, 0.5), "held-out rows")


def test_a_bad_element_of_a_good_basis_is_not_hidden() -> None:
    tested = Verification.of([GOOD, GOOD], LIMITS, elements=[GOOD, BAD])
    assert [verdict.word for verdict in tested.verdicts] == ["confirmed", "confirmed"]
    assert tested.overall.word == "not supported"
    assert not tested.holds
    assert tested.worst is BAD


def test_the_worst_is_the_largest_that_could_be_tested() -> None:
    assert Verification.of([UNTESTED, GOOD], LIMITS).worst is GOOD
    assert Verification.of([UNTESTED, UNTESTED], LIMITS).worst is UNTESTED
