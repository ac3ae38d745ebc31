from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from symdisc.errors import DataError, OutputError
from symdisc.interfaces import Family, TrueSymmetry
from symdisc.suite.rows import Row, RowFile, families, rows_of
from symdisc.suite.scoring import Score

SCORE = Score(1, 0.1234567, "confirmed", 2, ("confirmed", "approximate"), True, False, False)
KEY = ("ring", "liegan", 3)
KEY_PARTS: tuple[str, Family, str, int] = ("ring", "continuous", "liegan", 3)


def _row() -> Row:
    truth = TrueSymmetry.linear(np.zeros((1, 2, 2)), "V2")
    problem, method, seed = KEY
    row = Row(problem, "continuous", method, seed).about(truth)
    return row.scored(SCORE).measured(1.234, 300.7)


def test_a_row_comes_back_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    file = RowFile(path)
    file.add(_row())
    file.add(Row("ring", "negative", "other", 0).ended("failed", 'bad, "very" bad\nsecond'))
    again = RowFile(path)
    assert again.rows == file.rows
    first, second = again.rows
    assert (first.key, first.angle, first.cpu_time) == (KEY, 0.123, 1.23)
    assert (first.element_verdicts, first.true_elements) == ("confirmed; approximate", None)
    assert (second.status, second.reason, second.angle) == ("failed", 'bad, "very" bad', None)
    assert (
        path.read_text().splitlines()[0].endswith("date,device,system,threads,symdisc,torch,numpy")
    )
    assert [item.name for item in tmp_path.iterdir()] == ["suite.csv"]


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="is not the file of a suite: it has no column 'problem'"):
        RowFile(path)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="cannot be read"):
        RowFile(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("continuous,liegan,3", "continuous,liegan,x"),
        ("continuous,liegan,3", "continuous,liegan,"),
        ("continuous", "odd"),
        ("ran", "ren"),
    ],
)
def test_a_damaged_row(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "suite.csv"
    RowFile(path).add(_row())
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataError, match=r"has a row that cannot be read .*; delete it"):
        RowFile(path)


def test_a_row_that_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    RowFile(path).add(_row())
    text = path.read_text()
    path.write_text(text[: text.index(",0,1.23") + 4])
    with pytest.raises(DataError, match="too few cells, ring by liegan, seed 3; delete it, or"):
        RowFile(path)


def test_a_row_of_too_many_cells(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    RowFile(path).add(_row())
    path.write_text(path.read_text().rstrip("\r\n") + ",more\n")
    with pytest.raises(DataError, match="too many cells, ring by liegan, seed 3; delete it"):
        RowFile(path)


def test_a_row_twice(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "suite.csv")
    file.add(_row())
    file.add(_row())
    with pytest.raises(DataError, match="more than one row of ring by liegan, seed 3; delete all"):
        RowFile(file.path)


def test_cells_that_are_too_long(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    path.write_text("a" * 200_000)
    with pytest.raises(DataError, match="cannot be read: field larger"):
        RowFile(path)


def test_other_columns_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    RowFile(path).add(_row())
    first, second = path.read_text().splitlines()
    path.write_text(f"\ufeff{first},remark\n{second},good\n")
    RowFile(path).add(replace(_row(), seed=4))
    again = RowFile(path)
    assert [row.seed for row in again.rows] == [3, 4]
    assert path.read_text().splitlines()[1].endswith(",good")


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    file = RowFile(tmp_path / "gone" / "suite.csv")
    with pytest.raises(OutputError, match=r"cannot write .*suite\.csv"):
        file.add(_row())


def test_choosing_rows() -> None:
    rows = [
        Row("a", "negative", "x", 0),
        Row("b", "continuous", "x", 0),
        Row("a", "negative", "y", 0),
    ]
    assert rows_of(rows, problem="a", method="y") == rows[2:]
    assert families(rows) == ["continuous", "negative"]


def test_a_row_of_another_kind_says_so() -> None:
    assert Row(*KEY_PARTS).scored(replace(SCORE, other_kind=True)).status == "other kind"
