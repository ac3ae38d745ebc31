"""Which defects would have been seen."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symdisc.verify.defect import RelativeDefect
from symdisc.verify.power import FADED, power, visible

DEFECT = RelativeDefect("distributional", 0.0, 0.0, 0.02, 0.0, 0.48, 0.5, math.nan, 4000, 20)


def test_visible_defect_has_its_probability() -> None:
    for probability in (0.1, 0.5, 0.9):
        assert power(DEFECT, visible(DEFECT, probability)) == pytest.approx(probability)
    assert visible(DEFECT, 0.5) == pytest.approx(FADED * DEFECT.resolution)


def test_without_a_defect_the_error_of_the_first_kind_remains() -> None:
    assert power(DEFECT, 0.0) == pytest.approx(0.025)
    assert power(replace(DEFECT, alpha=0.2), 0.0) == pytest.approx(0.1)


@given(st.floats(0, 1), st.floats(0, 1))
def test_larger_defects_are_seen_more_often(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert power(DEFECT, low) <= power(DEFECT, high)


def test_four_times_the_rows_show_half_the_defect() -> None:
    assert visible(replace(DEFECT, n_rows=16000)) == pytest.approx(visible(DEFECT) / 2)
    assert math.isnan(visible(replace(DEFECT, reference=math.nan)))
