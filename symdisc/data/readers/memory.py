"""Memory: what would not fit is refused before anything is allocated for it."""

from __future__ import annotations

import os

from symdisc.errors import DataError


def available() -> int:
    """Memory that is free now [bytes]."""
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def refuse_too_large(n_bytes: int, what: str) -> None:
    """Raise if so much does not fit into half of the free memory.

    Args:
        n_bytes: What reading would take [bytes].
        what: What would be read, for the message.

    Raises:
        DataError: It does not fit.
    """
    free = available()
    if n_bytes > free / 2:
        raise DataError(
            f"{what} holds {n_bytes / 1e9:.1f} GB once unpacked, more than half of the "
            f"{free / 1e9:.1f} GB of memory that are free; give a part of it"
        )
