"""The statistic among random generators, and the power."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from symdisc.report.verification_figures import power_figure, references_figure
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.power import LIKELY, visible
from symdisc.verify.verification import Verification

DEFECT = RelativeDefect("distributional", 0.05, 0.0, 0.1, 0.001, 0.4, 0.5, math.nan, 2000, 20)
UNTESTED = replace(DEFECT, statistic=math.nan)
REFERENCES = [0.3 + 0.01 * i for i in range(20)]


def judged(*elements: RelativeDefect) -> Verification:
    return Verification.of(
        [DEFECT, UNTESTED], DefectOptions(), elements=elements, references=REFERENCES
    )


def test_every_reference_is_counted_and_what_was_found_drawn_in() -> None:
    (ax,) = references_figure(judged(replace(DEFECT, statistic=-0.01))).axes
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    assert sum(bar.get_height() for bar in bars) == 20
    assert sorted(float(np.asarray(line.get_xdata())[0]) for line in ax.lines) == [-0.01, 0.001]
    assert "[nat]" in ax.get_xlabel()
    assert ax.get_legend() is not None


def test_power_rises_through_the_line_at_the_visible_defect() -> None:
    (ax,) = power_figure(judged()).axes
    x, y = (np.asarray(values) for values in ax.lines[0].get_data())
    assert float(x[y >= LIKELY][0]) == pytest.approx(visible(DEFECT), rel=0.05)
    assert (np.diff(y) >= 0).all()
    assert (ax.get_xlim()[0], ax.get_ylim()[0]) == (0, 0)


def test_the_statistic_of_fields_has_no_unit() -> None:
    tested = Verification.of(
        [replace(DEFECT, statement="field")], DefectOptions(), references=REFERENCES
    )
    (ax,) = references_figure(tested).axes
    assert ax.get_xlabel() == "T, mean square change of F [1]"
    assert ax.get_ylabel() == "random fields [1]"
