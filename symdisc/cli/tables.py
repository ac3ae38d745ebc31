"""Tables: fitted to a terminal, or plain aligned lines that are never cut or wrapped."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import typer


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]], indent: str = "") -> None:
    """Print rows below their headers, in the way that suits where the output goes."""
    cells = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    if sys.stdout.isatty():
        _print_fitted(headers, cells, indent)
        return
    for line in aligned([tuple(header.upper() for header in headers), *cells]):
        typer.echo(f"{indent}{line}")


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with two spaces between columns, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _print_fitted(headers: Sequence[str], rows: Sequence[Sequence[str]], indent: str) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(*headers, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(Padding(table, (0, 0, 0, len(indent))))
