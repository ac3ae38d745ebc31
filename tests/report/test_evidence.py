"""The numbers of the test, and of one beside it."""

from __future__ import annotations

import math
from dataclasses import replace

from symdisc.report.evidence import evidence_text
from symdisc.result import SymmetryResult
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.two_statements import together
from symdisc.verify.verification import Verification

FIELD = RelativeDefect("field", 0.02, 0.0, 0.1, 0.0004, 0.4, 1.0, math.nan, 300, 20, p_value=0.001)


def test_one_test(result: SymmetryResult) -> None:
    text = evidence_text(result)
    assert text.count("<table") == 1
    assert "T [nat]" in text
    assert "was made as well" not in text


def test_a_test_beside_it_is_shown_with_its_own_units(result: SymmetryResult) -> None:
    options = DefectOptions()
    unknown = RelativeDefect.untested("conditional", "few rows", n_rows=150, alpha=0.05)
    function, data = (Verification.of([d], options) for d in (FIELD, unknown))
    shown = replace(result, verification=together(function, data, refitted=True))
    text = evidence_text(shown)
    assert text.count("<table") == 2
    assert text.index("T [1]") < text.index("T [nat]")
    assert "A test of the data themselves was made as well. Its verdict is: untestable here" in text
    assert "<td>–</td>" in text
    other = replace(result, verification=together(function, data, refitted=False))
    assert "A test of the fitted function was made as well" in evidence_text(other)


def test_what_was_not_tested(result: SymmetryResult) -> None:
    untested = replace(result, verification=None, interrupted="liegan stopped")
    assert "Not tested on held-out rows: liegan stopped." in evidence_text(untested)
