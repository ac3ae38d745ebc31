"""Tables as text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symdisc.data.readers.delimited import read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError


def write(folder: Path, text: str | bytes, suffix: str = ".csv") -> Path:
    path = folder / f"a{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_comma_and_tab(tmp_path: Path) -> None:
    made = read_file(write(tmp_path, "q [m],p\n1,2.5\n3,4\n"), Selection())
    assert made.names == ("q", "p")
    assert made.units == ("m", "")
    assert made.arrays[0].tolist() == [[1, 2.5], [3, 4]]
    assert made.source == "a.csv (states q, p)"
    made = read_file(write(tmp_path, "q\tp\r\n1\t2.5\r\n", ".tsv"), Selection())
    assert made.arrays[0].tolist() == [[1, 2.5]]


def test_a_mark_at_the_start_quotes_and_empty_lines(tmp_path: Path) -> None:
    made = read_file(write(tmp_path, '\ufeff"a,b","c\nd"\n"1",2\n\n'), Selection())
    assert made.arrays[0].tolist() == [[1, 2]]
    assert made.names[1] == "c\nd"


def test_types_are_chosen_by_the_whole_column(tmp_path: Path) -> None:
    rows = "\n".join(["1"] * 400_000)
    made = read_file(write(tmp_path, f"q\n{rows}\n1.5\n"), Selection())
    assert made.arrays[0][-1, 0] == 1.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q,p\n1,\n2,3\n", "column 'p' has no value in 1 rows: 0"),
        ("q,p\n1,NA\n2,nan\n", "column 'p' holds no values at all"),
        ("q,p\n1,2020-01-01\n2,2020-01-02\n", "column 'p' holds dates or times"),
        ("q,p\n1,true\n2,false\n", "column 'p' holds true/false values"),
        ("q,p\n1,two\n", "column 'p' holds text"),
        (b"q,p\n1,\xff\n", "column 'p' holds values of type Binary"),
        ("q,q\n1,2\n", "the data frame cannot be read: .*unique"),
        ("q,p\n1,2\n3\n", "cannot be read, the file may be truncated or damaged"),
        ("\n\n", "cannot be read, the file may be truncated or damaged"),
        ("1.0,2e3\n1,2\n", r"the first line of .*a\.csv holds numbers \(1\.0, 2e3, \.\.\.\), but"),
        ("1,2\n1,2\n", r"the first line of .* holds numbers"),
        ("q;p\n1;2\n", r"seem to be separated by ';'; \.csv files are separated by ','; write it"),
        ("q\tp\n1\t2\n", r"seem to be separated by '\\t'"),
        (
            "," * 20_000 + "\n1\n",
            "has more than 10000 columns, the most that are read; give a part",
        ),
        ("a" * 2**21, "the first line of .* is longer than 1048576 bytes; it has to name the"),
        ('"' + "a\n" * 2**20, "the first line of .* is longer than 1048576 bytes"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_file(write(tmp_path, text), Selection())


def test_a_file_too_large_for_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "q\n" + "1\n" * 10_000)
    monkeypatch.setattr(os, "sysconf", {"SC_AVPHYS_PAGES": 10, "SC_PAGE_SIZE": 4096}.get)
    with pytest.raises(DataError, match=r"a\.csv holds 0\.0 GB once unpacked, more than half"):
        read_file(path, Selection())
