"""The conformance suite of loggers passes good ones and names what is wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

from symdisc.interfaces import Logger
from symdisc.testing import ConformanceError, check_logger


class Lines(Logger):
    """Appends lines to a file in the run folder."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / "lines.txt"

    def start(self, description: Mapping[str, Any]) -> None:
        self._write(f"start {description['seeds']}")

    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        self._write(f"{stage} {step} {sorted(values)}")

    def end(self, summary: str) -> None:
        self._write(summary)

    def _write(self, line: str) -> None:
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(f"{line}\n")


def test_a_good_logger_passes(tmp_path: Path) -> None:
    check_logger(Lines, tmp_path)
    lines = (tmp_path / "run" / "lines.txt").read_text().splitlines()
    names = "['discriminator.real', 'generator.adversarial']"
    assert lines[:3] == ["start [3, 4]", f"first 0 {names}", f"first 1 {names}"]
    assert lines[8:10] == ["start [3, 4]", f"first 1 {names}"]


class Strict(Lines):
    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        if any(value.isnan().any() for value in values.values()):
            raise ValueError("NaN")


class Changing(Lines):
    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        for value in values.values():
            value.add_(1)


class Once(Lines):
    def start(self, description: Mapping[str, Any]) -> None:
        if self._path is not None:
            self._path.touch(exist_ok=False)


class Straying(Lines):
    def end(self, summary: str) -> None:
        if self._path is not None:
            (self._path.parents[1] / "stray.txt").write_text(summary)


class Unfinished(Logger):
    def start(self, description: Mapping[str, Any]) -> None: ...


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (Strict, r"^Strict: log\('first', 0\) raised ValueError: NaN$"),
        (Changing, "^Changing: log changes the values it is given$"),
        (Once, "^Once: start raised FileExistsError: "),
        (Straying, r"^Straying writes outside of the run folder: \['stray.txt'\]$"),
        (Unfinished, "^Unfinished is no logger: it does not implement '__init__'; it does not imp"),
    ],
)
def test_what_is_wrong_is_named(component: type[Logger], message: str, tmp_path: Path) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_logger(component, tmp_path)
