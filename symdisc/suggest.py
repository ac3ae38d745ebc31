"""The one place that turns a mistyped name into a suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A sentence that suggests the known name closest to what was typed.

    Args:
        given: What the user typed.
        known: Every name that would have been accepted.

    Returns:
        ``" Did you mean 'x'?"`` with a leading space, or ``""`` when nothing is close.
    """
    close = difflib.get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""
