"""Which of two tests decides, and that neither is hidden."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.two_statements import together
from symdisc.verify.verification import Verification

_GOOD = RelativeDefect("field", 0.02, 0.0, 0.1, 0.0, 0.4, 0.5, 0.9, 900, 20, p_value=0.001)
_DEFECTS = {
    "confirmed": _GOOD,
    "approximate": replace(_GOOD, value=0.4, low=0.3, high=0.5, p_value=1.0),
    "untestable here": replace(
        _GOOD, value=math.nan, low=math.nan, high=math.nan, p_value=math.nan, reason="few rows"
    ),
    "not supported": replace(_GOOD, value=0.9, low=0.8, high=1.0, p_value=1.0),
}


def _tested(word: str, statement: str) -> Verification:
    defect = replace(_DEFECTS[word], statement=statement)
    tested = Verification.of([defect], DefectOptions())
    assert tested.overall.word == word
    return tested


@pytest.mark.parametrize(
    ("function", "data", "refitted", "decides"),
    [
        ("confirmed", "untestable here", True, "field"),
        ("confirmed", "untestable here", False, "conditional"),
        ("not supported", "untestable here", False, "field"),
        ("untestable here", "confirmed", True, "conditional"),
        ("untestable here", "not supported", False, "conditional"),
        ("untestable here", "untestable here", True, "field"),
        ("confirmed", "confirmed", True, "field"),
        ("confirmed", "not supported", True, "conditional"),
        ("approximate", "confirmed", True, "field"),
        ("not supported", "approximate", False, "field"),
    ],
)
def test_the_worse_of_what_could_be_decided(
    function: str, data: str, refitted: bool, decides: str
) -> None:
    tests = {"field": _tested(function, "field"), "conditional": _tested(data, "conditional")}
    both = together(tests["field"], tests["conditional"], refitted=refitted)
    assert both.defects[0].statement == decides
    assert both.overall == tests[decides].overall
    (other,) = tests.keys() - {decides}
    assert both.beside == tests[other]
