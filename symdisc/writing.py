"""Failures of the disk as errors that a user understands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symdisc.errors import OutputError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside the block into an :class:`OutputError` that names ``path``.

    Raises:
        OutputError: The file cannot be written, for instance because the disk is full.
    """
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}; free some space or name another "
            "folder with --out"
        ) from error


def check_folder(folder: Path) -> None:
    """Make a folder if it is not there, and write a file in it that is gone afterwards.

    Raises:
        OutputError: It cannot be made or written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
