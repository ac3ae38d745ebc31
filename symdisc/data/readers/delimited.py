"""``.csv`` and ``.tsv``: tables as text, with names in the first line."""

from __future__ import annotations

from pathlib import Path

from symdisc.data.given import Given
from symdisc.data.readers.damage import unreadable
from symdisc.data.readers.frames import read_frame
from symdisc.data.readers.memory import refuse_too_large
from symdisc.data.readers.tables import MOST_COLUMNS
from symdisc.data.selection import Selection
from symdisc.errors import DataError

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_LONGEST_HEADER = 2**20
_LARGEST_BLOCK = 2**31 - 1
_BYTES_OF_A_CELL = 8


def read_file(path: Path, selection: Selection) -> Given:
    """Read a table of text. Empty cells and ``NA``, ``nan`` and the like are missing values.

    Raises:
        DataError: The file cannot be read as a table of numbers with names.
    """
    import pyarrow.csv

    delimiter = _DELIMITERS[path.suffix.lower()]
    _check_header(path, delimiter)
    size = path.stat().st_size
    # A cell takes at least two bytes of text, itself and what ends it.
    refuse_too_large(size + size // 2 * _BYTES_OF_A_CELL, str(path))
    try:
        table = pyarrow.csv.read_csv(
            path,
            # One block: types are chosen by the whole column, not by its start.
            pyarrow.csv.ReadOptions(use_threads=False, block_size=min(size + 1, _LARGEST_BLOCK)),
            pyarrow.csv.ParseOptions(delimiter=delimiter),
        )
    except Exception as error:  # Damaged bytes raise anything: parse, type and Unicode errors.
        raise unreadable(path, "it", error) from error
    return read_frame(table, selection, path.name)


def _check_header(path: Path, delimiter: str) -> None:
    """Refuse a first line without names, or with so many that parsing would take all memory."""
    header = _header(path)
    labels = header.split(delimiter, MOST_COLUMNS)
    if len(labels) > MOST_COLUMNS:
        raise DataError(
            f"{path} has more than {MOST_COLUMNS} columns, the most that are read; give a part "
            "of it, or an array (.npy)"
        )
    if all(_is_number(label) for label in labels):
        start = ", ".join(label.strip() for label in labels[:3])
        raise DataError(
            f"the first line of {path} holds numbers ({start}, ...), but it has to name the "
            "columns; write the names above them"
        )
    other = next((mark for mark in (";", "\t", ",") if mark != delimiter and mark in header), None)
    if len(labels) == 1 and other is not None:
        raise DataError(
            f"the columns of {path} seem to be separated by {other!r}; {path.suffix} files are "
            f"separated by {delimiter!r}; write it so, or load it yourself and pass the data frame"
        )


def _header(path: Path) -> str:
    """The first line that is not empty; longer than one line where quotes hold line breaks."""
    with path.open("rb") as file:
        start = file.read(_LONGEST_HEADER)
    lines, quotes = [], 0
    for line in start.lstrip(b"\r\n").splitlines(keepends=True):
        lines.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            break
    header = b"".join(lines)
    ends = quotes % 2 == 0 and header.endswith((b"\n", b"\r"))
    if len(start) == _LONGEST_HEADER and not ends:
        raise DataError(
            f"the first line of {path} is longer than {_LONGEST_HEADER} bytes; it has to name "
            f"the columns, at most {MOST_COLUMNS}"
        )
    return header.decode("utf-8", "replace").strip("\r\n\ufeff")


def _is_number(label: str) -> bool:
    try:
        float(label.strip().strip('"'))
    except ValueError:
        return False
    return True
