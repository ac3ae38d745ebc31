"""A lock on a run folder: one process writes it at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from symdisc.errors import OutputError


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a run folder inside the block.

    The file ``lock`` names the process that holds it. The operating system lets go of the lock
    when that process ends, however it ends, so what a killed run leaves behind stops nobody.

    Raises:
        OutputError: Another process is writing this run.
    """
    path = folder / "lock"
    descriptor = _opened(path)
    try:
        yield
    finally:
        if descriptor is not None:
            with contextlib.suppress(OSError):
                path.unlink()
            os.close(descriptor)


def _opened(path: Path) -> int | None:
    """The locked file; ``None`` where the file system can neither write nor lock it."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise OutputError(
                f"{path.parent} is being written by process {holder or 'of unknown number'}; "
                "wait until it ends, or stop it first"
            ) from None
        except OSError:
            os.close(descriptor)
            return None
        if _is_still(path, descriptor):
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
            return descriptor
        os.close(descriptor)  # its holder ended and removed it in between


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
