"""``.npz``: several arrays by name in one archive."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.readers.damage import unreadable
from symdisc.data.readers.described import data_names, described
from symdisc.data.readers.memory import refuse_too_large
from symdisc.data.readers.named_arrays import read_named
from symdisc.data.readers.numpy_header import check_header, holds_objects
from symdisc.data.selection import Selection
from symdisc.errors import DataError

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_file(path: Path, selection: Selection) -> Given:
    """Read states, and targets if there are any, from an ``.npz`` file, with their description.

    Raises:
        DataError: The file cannot be read, an array is missing, or a description does not fit.
    """
    selection.refuse_columns(f"{path} holds plain arrays")
    try:
        with zipfile.ZipFile(path) as archive:
            members = {
                member.filename.removesuffix(".npy"): member for member in archive.infolist()
            }
            refuse_too_large(sum(member.file_size for member in members.values()), str(path))

            def load(name: str) -> NDArray[Any]:
                return _member(archive, members[name], path)

            given = read_named(data_names(list(members), selection), load, selection, path)
            plain = [name for name, member in members.items() if not _is_pickled(archive, member)]
            return described(given, plain, load, selection, path)
    except DataError:
        raise
    except Exception as error:  # Damaged bytes raise anything: zip, struct and Unicode errors.
        raise unreadable(path, "it", error) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> NDArray[Any]:
    name = member.filename.removesuffix(".npy")
    what = f"array {name!r}"
    if member.compress_type not in _PACKINGS:
        raise DataError(f"{path}: {what} is packed in a way that np.savez does not use; save again")
    try:
        with archive.open(member) as stream:
            if not member.filename.endswith(".npy"):
                raise DataError(f"{name!r} in {path} is not an array; write the file with np.savez")
            check_header(stream, member.file_size, path, what)
        with archive.open(member) as stream:
            array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
            return array
    except DataError:
        raise
    except Exception as error:  # As above.
        raise unreadable(path, what, error) from error


def _is_pickled(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether it surely holds Python objects; what is damaged is found out when it is read."""
    if member.compress_type not in _PACKINGS:
        return False
    try:
        with archive.open(member) as stream:
            return holds_objects(stream)
    except Exception:  # As above.
        return False
