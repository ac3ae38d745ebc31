from __future__ import annotations

import pytest

from symdisc.report.html import bullets, grid, paragraph, table

EVIL = "<b>&"
SAFE = "&lt;b&gt;&amp;"


def test_everything_is_escaped() -> None:
    for html in (paragraph(EVIL), bullets([EVIL]), table({EVIL: EVIL}), grid([EVIL], [[EVIL]])):
        assert SAFE in html
        assert EVIL not in html


def test_rows_without_a_value_are_left_out() -> None:
    text = table({"here": "1", "gone": ""})
    assert "here" in text
    assert "gone" not in text


@pytest.mark.parametrize("nothing", [paragraph(""), bullets([]), table({"gone": ""})])
def test_nothing_gives_nothing(nothing: str) -> None:
    assert nothing == ""


def test_a_table_with_a_head() -> None:
    text = grid(["a", "b"], [["1", "2"], ["3", "4"]])
    assert text.count("<th") == 2
    assert text.count("<td>") == 4
