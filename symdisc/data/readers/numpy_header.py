"""Headers of NumPy's own format: how much an array claims to hold, before it is read."""

from __future__ import annotations

import math
from pathlib import Path
from typing import IO, Any

import numpy as np

from symdisc.data.readers.damage import pickled
from symdisc.errors import DataError


def check_header(stream: IO[bytes], n_bytes: int, path: Path, what: str) -> None:
    """Hold what the header declares against the bytes that are there.

    Args:
        stream: At the start of the array; read up to its numbers.
        n_bytes: Bytes from the start to the end of the array.
        path: The file.
        what: Which array, for messages.

    Raises:
        DataError: The array holds Python objects, or declares another size than it has.
        ValueError: The header is damaged.
    """
    shape, dtype = _read(stream)
    if dtype.hasobject:
        raise pickled(path, what)
    if min(shape, default=0) < 0:
        raise ValueError(f"negative shape {shape}")
    declared, there = math.prod(shape) * dtype.itemsize, n_bytes - stream.tell()
    if declared > there:
        raise DataError(
            f"{path}: {what} declares the shape {shape} of {dtype}, {declared} bytes, but only "
            f"{there} bytes are there; the file is truncated or damaged, write it again"
        )


def holds_objects(stream: IO[bytes]) -> bool:
    """Whether the array that begins here holds pickled Python objects.

    Raises:
        ValueError: The header is damaged.
    """
    return _read(stream)[1].hasobject


def _read(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    # Versions 2 and 3 differ in the encoding of field names only.
    read = np.lib.format.read_array_header_1_0
    shape, _, dtype = (read if version == (1, 0) else np.lib.format.read_array_header_2_0)(stream)
    return shape, dtype
