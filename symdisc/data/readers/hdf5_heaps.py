"""Heaps of HDF5 files, checked before the HDF5 library reads texts of variable length from them.

A damaged size in a global heap makes the library loop for ever: what it adds to its place in the
heap overflows to zero. The layout is that of "Global Heap" in the HDF5 File Format Specification,
version 3.0, section III.E.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

_SIGNATURE = b"GCOL\x01\x00\x00\x00"
_ALIGNED = 8


def check_heaps(path: Path) -> None:
    """Raise if sizes in a global heap of the file do not add up.

    Raises:
        ValueError: The file is damaged there.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        width = _width_of_lengths(content)
        start = content.find(_SIGNATURE)
        while start >= 0:
            for step, left in _steps(content, start, width):
                if not 0 < step <= left:
                    raise ValueError(f"global heap at byte {start}: sizes do not add up")
            start = content.find(_SIGNATURE, start + 1)


def _width_of_lengths(content: mmap.mmap) -> int:
    """Bytes of a length, from the superblock."""
    width = content[14] if content[8] < 2 else content[10]
    if width not in (2, 4, 8):
        raise ValueError(f"lengths of {width} bytes")
    return width


def _steps(content: mmap.mmap, start: int, width: int) -> Iterator[tuple[int, int]]:
    """From each object of a heap to the next, and from there to the heap's end [bytes]."""
    place = start + len(_SIGNATURE) + width
    size = int.from_bytes(content[start + len(_SIGNATURE) : place], "little")
    if start + size > len(content):
        raise ValueError(f"global heap at byte {start} goes beyond the end of the file")
    header = 8 + width
    while place + header <= start + size:
        index = int.from_bytes(content[place : place + 2], "little")
        length = int.from_bytes(content[place + 8 : place + header], "little")
        # Object 0 is what is left free, and its length includes its header.
        step = -(-length // _ALIGNED) * _ALIGNED + header if index else length
        yield step, start + size - place
        place += step
