"""Rows of the suite, and the file that they are kept in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self, cast, get_args

import torch

from symdisc.errors import DataError
from symdisc.interfaces import Family, TrueSymmetry
from symdisc.provenance import machine, versions
from symdisc.suite.pool import ONE_THREAD
from symdisc.suite.scoring import Score
from symdisc.writing import writing

Status = Literal["ran", "other kind", "not applicable", "failed", "over time", "crashed"]
"""How a run ended. A method that says before or after training that it has no use for such data
is not applicable; of "other kind" is a symmetry of which the truth says nothing; "over time" ran
longer than it was allowed to; "crashed" took its process down.
"""

OTHER_KIND = "the truth is known for matrices only, and more was found"

UNITS = {"angle": "angle [deg]", "cpu_time": "cpu_time [s]", "peak_memory": "peak_memory [MiB]"}
"""Headers of columns that have a unit."""


@dataclass(frozen=True)
class Row:
    """One run, as it is kept.

    Attributes:
        problem: Name of the problem.
        family: Its family.
        method: Name of the method.
        seed: Number of the run.
        status: How it ended.
        reason: Why, where there is nothing to judge; one line.
        dimension: Generators found.
        true_dimension: Generators that there are.
        angle: See :class:`symdisc.suite.scoring.Score` [deg].
        verdict: Word on the generators.
        elements: Components found.
        true_elements: Components that there are; ``None``: not judged.
        element_verdicts: Words on them, joined by "; ".
        right: See there.
        success: See there.
        false_confirmation: See there.
        cpu_time: Of the whole run [s].
        peak_memory: Of its process [MiB].
    """

    problem: str
    family: Family
    method: str
    seed: int
    status: Status = "ran"
    reason: str = ""
    dimension: int | None = None
    true_dimension: int | None = None
    angle: float | None = None
    verdict: str = ""
    elements: int | None = None
    true_elements: int | None = None
    element_verdicts: str = ""
    right: bool = False
    success: bool = False
    false_confirmation: bool = False
    cpu_time: float | None = None
    peak_memory: float | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells rows apart."""
        return (self.problem, self.method, self.seed)

    def about(self, truth: TrueSymmetry) -> Self:
        """The same with what there is to be found."""
        elements = None if truth.elements is None else len(truth.elements)
        return replace(self, true_dimension=truth.dimension, true_elements=elements)

    def scored(self, score: Score) -> Self:
        """The same with how the result compares with the truth."""
        return replace(
            self,
            status="other kind" if score.other_kind else "ran",
            reason=OTHER_KIND if score.other_kind else "",
            dimension=score.dimension,
            angle=None if score.angle is None else round(score.angle, 3),
            verdict=score.verdict,
            elements=score.elements,
            element_verdicts="; ".join(score.element_verdicts),
            right=score.right,
            success=score.success,
            false_confirmation=score.false_confirmation,
        )

    def ended(self, status: Status, reason: str) -> Self:
        """The same, without a result for a reason of which the first line is kept."""
        return replace(self, status=status, reason=(reason.strip().splitlines() or [""])[0])

    def measured(self, cpu_time: float, peak_memory: float) -> Self:
        """The same with what it cost [s], [MiB]."""
        return replace(self, cpu_time=round(cpu_time, 2), peak_memory=round(peak_memory))


COLUMNS = tuple(field.name for field in fields(Row))


class RowFile:
    """The CSV file of a suite; every row says with which versions and on what it was measured.

    Attributes:
        path: Where it is.
        rows: All rows so far, in the order in which they were measured.
    """

    def __init__(self, path: Path) -> None:
        """Read what is there.

        Raises:
            DataError: The file is not one of a suite.
        """
        self.path = path
        self._lines: list[dict[str, str]] = []
        if path.exists():
            self._lines = _read(path)
        self.rows = [_row_of(line, path) for line in self._lines]
        _check_once(self.rows, path)

    def add(self, row: Row) -> None:
        """Append a row and write the file anew, so that it is whole at every moment.

        Raises:
            OutputError: The file cannot be written.
        """
        plain = {UNITS.get(name, name): _text(value) for name, value in asdict(row).items()}
        self._lines.append({**plain, **_origin()})
        self.rows.append(row)
        text = io.StringIO()
        headers = dict.fromkeys(name for line in reversed(self._lines) for name in line)
        writer = csv.DictWriter(text, list(headers), restval="")
        writer.writeheader()
        writer.writerows(self._lines)
        with writing(self.path):
            _replace(self.path, text.getvalue())


def _replace(path: Path, text: str) -> None:
    """Write beside the final place and rename: the file is whole at every moment."""
    scratch = path.with_name(f"{path.name}.new")
    scratch.write_text(text, encoding="utf-8", newline="")
    scratch.replace(path)


def _origin() -> dict[str, str]:
    installed = versions()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        **machine(torch.device("cpu")),
        "threads": ONE_THREAD["OMP_NUM_THREADS"],
        **{package: installed[package] for package in ("symdisc", "torch", "numpy")},
    }


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            headers = reader.fieldnames or ()
            missing = [c for c in (UNITS.get(name, name) for name in COLUMNS) if c not in headers]
            if missing:
                raise DataError(
                    f"{path} is not the file of a suite: it has no column {missing[0]!r}; name "
                    "another folder with --out"
                )
            lines = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}; name another folder with --out") from None
    for line in lines:
        if None in line or None in line.values():
            raise DataError(
                f"{path} has a row of too {'many' if None in line else 'few'} cells, "
                f"{line['problem']} by {line['method']}, seed {line['seed']}; delete it, or name "
                "another folder with --out"
            )
    return lines


def _check_once(rows: Sequence[Row], path: Path) -> None:
    keys = [row.key for row in rows]
    for problem, method, seed in dict.fromkeys(keys):
        if keys.count((problem, method, seed)) > 1:
            raise DataError(
                f"{path} has more than one row of {problem} by {method}, seed {seed}; delete all "
                "but one"
            )


def _row_of(line: Mapping[str, str], path: Path) -> Row:
    values = {name: line[UNITS.get(name, name)] for name in COLUMNS}
    try:
        return Row(**{name: _value(name, text) for name, text in values.items()})
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{path} has a row that cannot be read ({error}); delete it, or name another folder "
            "with --out"
        ) from None


_WHOLE = ("dimension", "true_dimension", "elements", "true_elements")
_TRUTH = ("right", "success", "false_confirmation")
_WORDS = {"status": get_args(Status), "family": get_args(Family)}
_NUMBERS = ("angle", "cpu_time", "peak_memory")


def _value(name: str, text: str) -> Any:
    if name == "seed":
        return int(text)
    if name in _WHOLE:
        return int(text) if text else None
    if name in _NUMBERS:
        return float(text) if text else None
    if name in _TRUTH:
        return bool(int(text))
    if name in _WORDS and text not in _WORDS[name]:
        raise ValueError(f"{name} {text!r}")
    return text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)


def rows_of(rows: Sequence[Row], **chosen: str) -> list[Row]:
    """Rows whose attributes have these values."""
    return [row for row in rows if all(getattr(row, k) == v for k, v in chosen.items())]


def families(rows: Sequence[Row]) -> list[Family]:
    """Families that occur, in their usual order."""
    there = {row.family for row in rows}
    return [cast("Family", family) for family in get_args(Family) if family in there]
