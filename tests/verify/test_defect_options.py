"""Options of the test."""

from __future__ import annotations

from typing import Any

import pytest

from symdisc.errors import OptionError
from symdisc.options import describe_options, parse_options
from symdisc.verify.defect_options import DefectOptions


def test_every_option_is_described_with_a_unit() -> None:
    rows = describe_options(DefectOptions)
    assert len(rows) > 10
    numbers = [row for row in rows if row[0] != "verifier"]
    assert all(description.endswith(("[1]", "[nat]")) for *_, description in numbers)


@pytest.mark.parametrize(
    "wrong",
    [{"dither": 0}, {"n_references": 1}, {"displacement": 2.0}, {"certain": 0.4}, {"steps": 1}],
)
def test_values_that_make_no_test_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=f"option 'verify.{next(iter(wrong))}' = "):
        parse_options(DefectOptions, wrong, "verify")
