"""Pieces of HTML; all texts are escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape


def table(rows: Mapping[str, str]) -> str:
    """Names and values in two columns; rows without a value are left out."""
    body = "".join(
        f"<tr><th scope='row'>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in rows.items()
        if value
    )
    return f"<div class='wide'><table>{body}</table></div>" if body else ""


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table with a head."""
    top = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<div class='wide'><table class='grid'><tr>{top}</tr>{body}</table></div>"


def paragraph(text: str) -> str:
    """A paragraph; nothing for an empty text."""
    return f"<p>{escape(text)}</p>" if text else ""


def bullets(items: Iterable[str]) -> str:
    """A list; nothing where there are no items."""
    body = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{body}</ul>" if body else ""
