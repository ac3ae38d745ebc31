from __future__ import annotations

import io
import re
import sys

import pytest

from symdisc.cli.tables import aligned, print_table

LONG = "a summary that is a good deal longer than any terminal this could be printed on " * 4


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert aligned([("a", "bbb", "c"), ("aaa", "b", "")]) == ["a    bbb  c", "aaa  b"]


def test_piped_output_is_never_cut_or_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name", "Text"), [("one", LONG), ("two", "first\nsecond")], indent="  ")
    header, one, two = capsys.readouterr().out.splitlines()
    assert header == "  NAME  TEXT"
    assert one == f"  one   {LONG.strip()}"
    assert two == "  two   first second"


def test_a_terminal_gets_lines_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    print_table(("Name", "Text"), [("one", LONG), ("[bold]", "x")])
    lines = re.sub(r"\x1b\[\d*m", "", terminal.getvalue()).splitlines()
    assert max(map(len, lines)) <= 60
    assert len(lines) > 5
    assert any("[bold]" in line for line in lines)
