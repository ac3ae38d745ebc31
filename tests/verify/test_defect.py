"""The record of one test."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from symdisc.verify.defect import RelativeDefect

TESTED = RelativeDefect("conditional", 0.12, 0.05, 0.19, 0.004, 0.3, 0.5, 0.98, 4000, 20)
UNTESTED = dataclasses.replace(
    TESTED, value=math.nan, low=math.nan, high=math.nan, reason="random generators pass as well"
)


def test_text_of_a_defect() -> None:
    assert str(TESTED) == "0.12 (95 %: 0.05 to 0.19)"
    assert TESTED.testable


def test_text_says_why_there_is_no_defect() -> None:
    assert str(UNTESTED) == "not testable here (random generators pass as well)"
    assert not UNTESTED.testable


def test_resolution_gets_finer_with_the_root_of_the_number_of_rows() -> None:
    assert TESTED.resolution == pytest.approx((1.92 / (4000 * 0.3)) ** 0.5)
    quarter = dataclasses.replace(TESTED, n_rows=1000)
    assert quarter.resolution == pytest.approx(2 * TESTED.resolution)
    assert math.isnan(dataclasses.replace(TESTED, reference=math.nan).resolution)
    assert math.isnan(dataclasses.replace(TESTED, reference=-0.001).resolution)


def test_survives_json_also_without_a_value() -> None:
    read = RelativeDefect(**json.loads(json.dumps(dataclasses.asdict(UNTESTED))))
    assert not read.testable
    assert str(read) == str(UNTESTED)
