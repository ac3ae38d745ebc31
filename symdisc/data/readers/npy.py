"""``.npy``: one array without a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.readers.arrays import as_trajectories
from symdisc.data.readers.damage import unreadable
from symdisc.data.readers.memory import refuse_too_large
from symdisc.data.readers.numpy_header import check_header
from symdisc.data.selection import Selection
from symdisc.errors import DataError


def read_file(path: Path, selection: Selection) -> Given:
    """Read states from an ``.npy`` file.

    Raises:
        DataError: The file cannot be read, or something in it is to be chosen by name.
    """
    selection.refuse_keys(f"{path} holds a single array without a name")
    selection.refuse_columns(f"{path} holds a plain array")
    arrays, is_rows = as_trajectories(read_array(path))
    return Given(arrays, is_rows, source=path.name)


def read_array(path: Path) -> NDArray[Any]:
    """Read the array of an ``.npy`` file.

    Raises:
        DataError: The file cannot be read.
    """
    n_bytes = path.stat().st_size
    refuse_too_large(n_bytes, str(path))
    try:
        with path.open("rb") as file:
            check_header(file, n_bytes, path, "it")
            file.seek(0)
            array: NDArray[Any] = np.load(file, allow_pickle=False)
            return array
    except DataError:
        raise
    except Exception as error:  # Damaged bytes raise anything: header and token errors.
        raise unreadable(path, "it", error) from error
