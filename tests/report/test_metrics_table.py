from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from symdisc.errors import DataError
from symdisc.report.metrics_table import read_metrics

HEADER = "step [1],seed [1],cpu_time [s],generator.adversarial [nat]"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "stage.csv"
    path.write_text("\n".join(lines))
    return path


def test_rows_become_steps_by_seeds(tmp_path: Path) -> None:
    metrics = read_metrics(write(tmp_path, HEADER, "0,7,0.1,1.5", "0,9,0.1,nan", "10,9,0.2,2.5"))
    assert metrics.stage == "stage"
    assert metrics.steps.tolist() == [0, 10]
    assert metrics.seeds == (7, 9)
    values = metrics.terms["generator.adversarial [nat]"]
    np.testing.assert_equal(values, [[1.5, np.nan], [np.nan, 2.5]])


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    metrics = read_metrics(write(tmp_path, HEADER, "0,7,0.1,1.5", "10,7,0."))
    assert metrics.steps.tolist() == [0]


def test_only_a_header(tmp_path: Path) -> None:
    metrics = read_metrics(write(tmp_path, HEADER))
    assert metrics.steps.size == 0
    assert metrics.terms["generator.adversarial [nat]"].shape == (0, 0)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], r"is not a metrics file: its first columns must be 'step \[1\]'.*they are \[\]"),
        (["a,b", "1,2"], r"they are \['a', 'b'\]"),
        ([HEADER, "0,7,0.1,x"], r"stage.csv is damaged: could not convert string to float"),
        ([HEADER, "0,7", "0,7,0.1,1.5"], r"stage.csv is damaged: "),
    ],
)
def test_damaged_files(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_metrics(write(tmp_path, *lines))


def test_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*missing.csv: .*No such file"):
        read_metrics(tmp_path / "missing.csv")
