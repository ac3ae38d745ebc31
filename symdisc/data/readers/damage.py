"""Damage: the one message for files whose bytes cannot be read."""

from __future__ import annotations

from pathlib import Path

from symdisc.errors import DataError

_MOST = 200


def unreadable(path: Path, what: str, error: Exception) -> DataError:
    """The error for damaged bytes.

    Args:
        path: The file.
        what: What of it was being read, e.g. ``"array 'x'"``.
        error: What the library said; only the start of long texts is kept.
    """
    reason = " ".join(str(error).split())
    if len(reason) > _MOST:
        reason = reason[:_MOST] + "..."
    return DataError(
        f"{path}: {what} cannot be read, the file may be truncated or damaged "
        f"({type(error).__name__}: {reason}); write it again, or give an intact copy"
    )


def pickled(path: Path, what: str) -> DataError:
    """The error for pickled objects, which are never loaded."""
    return DataError(
        f"{path}: {what} holds Python objects; pickled objects are never loaded, because "
        "reading them can run any code. Save plain numbers, for trajectories of equal "
        "length as one array (trajectories, states, coordinates)"
    )
