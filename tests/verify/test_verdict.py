"""The words of a verdict."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verdict import WORDS, Verdict, holm, verdict_of_all, verdicts_of

NAN = math.nan
LIMITS = DefectOptions()
GOOD = RelativeDefect("distributional", 0.02, 0.0, 0.1, 0.0, 0.4, 0.5, NAN, 1000, 20, p_value=0.001)
UNTESTED = replace(GOOD, value=NAN, low=NAN, high=NAN, p_value=NAN, reason="too little support")


def verdict(defect: RelativeDefect, options: DefectOptions = LIMITS) -> Verdict:
    (one,) = verdicts_of([defect], options)
    return one


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "confirmed"),
        ({"low": 0.01}, "confirmed"),
        ({"high": 0.2, "p_value": 0.025}, "confirmed"),
        ({"p_value": NAN}, "confirmed"),
        ({"p_value": 0.026}, "untestable here"),
        ({"high": 0.21}, "untestable here"),
        ({"displacement": 0.19}, "untestable here"),
        ({"displacement": 0.049}, "trivial"),
        ({"value": 0.3, "low": 0.1, "high": 0.4}, "approximate"),
        ({"value": 0.6, "low": 0.01, "high": 1.4}, "approximate"),
        ({"value": 0.61, "low": 0.01, "high": 1.4}, "not supported"),
        ({"value": 0.61, "low": 0.0, "high": 1.4}, "untestable here"),
    ],
)
def test_rules(changes: dict[str, float], word: str) -> None:
    assert verdict(replace(GOOD, **changes)).word == word  # type: ignore[arg-type]


def test_the_limits_are_options() -> None:
    strict = DefectOptions(confirmed=0.05)
    assert verdict(GOOD, strict).word == "untestable here"
    far = replace(GOOD, value=0.5, low=0.4, high=0.6)
    assert verdict(far).word == "approximate"
    assert verdict(far, DefectOptions(approximate=0.45)).word == "not supported"
    assert verdict(GOOD, DefectOptions(confirming_displacement=0.6)).word == "untestable here"
    assert verdict(GOOD, DefectOptions(min_displacement=0.6)).word == "trivial"


def test_reasons() -> None:
    assert verdict(GOOD).why == "with a confidence of 95 % the relative defect is below 0.2"
    assert verdict(UNTESTED).why == "too little support"
    still = replace(UNTESTED, displacement=0.01, reason="it hardly moves the data")
    assert verdict(still).why == "it hardly moves the data"
    bad = verdict(replace(GOOD, value=0.9, low=0.8, high=1))
    assert (
        bad.why == "a relative defect of 0.90 is above 0.6, the largest of an approximate symmetry"
    )
    short = verdict(replace(GOOD, displacement=0.1))
    assert short.why == "it moves the data by 0.10 of their spread only, 0.2 is needed"
    assert "much" not in verdict(replace(GOOD, value=0.3, low=0.1, high=0.4)).why


def test_how_many_rows_would_do() -> None:
    wide = verdict(replace(GOOD, high=0.4))
    assert wide.why == "the relative defect may be anything from 0 to 0.40"
    assert wide.rows == 4000
    assert verdict(replace(UNTESTED, n_rows=60)).rows == 100
    # T_ref 0.005 ± 0.008, of which 0.004 are above what it must exceed.
    vague = replace(UNTESTED, reference=0.005, reference_low=-0.003)
    assert verdict(vague).rows == 4000
    assert verdict(replace(UNTESTED, reference=0.0, reference_low=-0.003)).rows is None
    assert verdict(GOOD).rows is None


def test_several_generators_are_corrected_for_their_number() -> None:
    """0.01 and 0.02 would do alone; of two the first needs half as much, the second as much."""
    first, second = replace(GOOD, p_value=0.01), replace(GOOD, p_value=0.02)
    assert [v.word for v in verdicts_of([second, first], LIMITS)] == ["confirmed", "confirmed"]
    many = [first, *[second] * 2]
    assert [v.word for v in verdicts_of(many, LIMITS)] == ["untestable here"] * 3
    # A generator that could not be tested counts as well.
    assert verdicts_of([first, UNTESTED], LIMITS)[0].word == "confirmed"
    assert verdicts_of([second, UNTESTED], LIMITS)[0].word == "untestable here"


def test_holm() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([]) == []
    untested, tested = holm([NAN, 0.01])
    assert math.isnan(untested)
    assert tested == pytest.approx(0.02)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_no_correction_and_bonferroni(p_values: list[float]) -> None:
    for given_, corrected in zip(p_values, holm(p_values), strict=True):
        assert given_ <= corrected <= min(1.0, len(p_values) * given_) + 1e-12


def test_of_all_together_the_worst_counts() -> None:
    good, vague = verdict(GOOD), verdict(replace(GOOD, high=0.4))
    bad = Verdict("not supported", "far too large")
    assert verdict_of_all([good], []) is good
    assert verdict_of_all([good, good], [good]) == good
    assert verdict_of_all([good, vague], [good]) == Verdict(
        "untestable here",
        "1 of 3 tested elements of the span: the relative defect may be anything from 0 to 0.40",
        4000,
    )
    assert verdict_of_all([good, vague], [bad]).word == "not supported"
    unknown = Verdict("untestable here", "no reference")
    assert verdict_of_all([vague, unknown], []).rows is None


def test_what_holds() -> None:
    assert [Verdict(word, "").holds for word in WORDS] == [True, True, False, False, False]
