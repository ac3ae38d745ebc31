"""Rows in portions, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator

MOST_NUMBERS = 4_000_000
"""Numbers of a table that is held at once: 32 MB of float64."""


def chunks(n_rows: int, columns: int) -> Iterator[slice]:
    """Slices that cover all rows of a table with so many columns in turn."""
    step = max(1, MOST_NUMBERS // max(columns, 1))
    for start in range(0, n_rows, step):
        yield slice(start, min(start + step, n_rows))
