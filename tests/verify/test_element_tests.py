from __future__ import annotations

import math
from dataclasses import replace

from made_elements import DEFECT, judged_as

from symdisc.verify.element_tests import ElementTests
from symdisc.verify.verdict import Verdict


def test_the_worst_verdict_is_that_on_all() -> None:
    tests = judged_as("confirmed", "not supported", "not supported")
    assert tests.overall == Verdict("not supported", "2 of 3 elements: reason 2")
    assert judged_as("confirmed").overall == Verdict("confirmed", "reason 1")


def test_the_worst_defect_is_a_tested_one() -> None:
    untested = replace(DEFECT, value=math.nan)
    large = replace(DEFECT, value=0.5)
    verdicts = (Verdict("confirmed", ""),) * 3
    assert ElementTests((untested, DEFECT, large), verdicts).worst == large
    assert ElementTests((untested,), verdicts[:1]).worst == untested


def test_some_of_the_elements() -> None:
    tests = judged_as("confirmed", "trivial", "approximate")
    assert [v.word for v in tests.restricted((0, 2)).verdicts] == ["confirmed", "approximate"]
    assert len(tests.restricted((0, 2)).defects) == 2
