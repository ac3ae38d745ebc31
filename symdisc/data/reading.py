"""Reading: from a file, arrays, tensors or data frames to NumPy arrays, before any check."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.readers.arrays import as_array, as_trajectories
from symdisc.data.selection import Selection
from symdisc.errors import DataError

Source: TypeAlias = str | os.PathLike[str] | NDArray[Any] | torch.Tensor | Sequence[Any] | Any
"""What a user may pass: a path, an array or tensor, nested lists, a list of trajectories, a data
frame, an xarray object."""

_EVERYTHING = Selection()


class _Reader(Protocol):
    """A module of :mod:`symdisc.data.readers` for files."""

    def read_file(self, path: Path, selection: Selection) -> Given:
        """Read a file."""


@dataclass(frozen=True)
class Format:
    """A form of file.

    Attributes:
        module: Module of :mod:`symdisc.data.readers`, imported when such a file is read.
        magic: How every such file starts.
        has_keys: Whether arrays in it are chosen by ``states_key`` and ``targets_key``.
        has_columns: Whether columns of a table in it are chosen by name.
    """

    module: str
    magic: bytes = b""
    has_keys: bool = False
    has_columns: bool = False


FORMATS = {
    ".npy": Format("npy", b"\x93NUMPY"),
    ".npz": Format("npz", b"PK", has_keys=True),
    ".csv": Format("delimited", has_columns=True),
    ".tsv": Format("delimited", has_columns=True),
    ".parquet": Format("parquet", b"PAR1", has_columns=True),
    ".h5": Format("hdf5", b"\x89HDF\r\n", has_keys=True, has_columns=True),
    ".hdf5": Format("hdf5", b"\x89HDF\r\n", has_keys=True, has_columns=True),
    ".pt": Format("torch_archive", has_keys=True),
    ".pth": Format("torch_archive", has_keys=True),
}
"""Every form of file by its extension."""


def read(data: Source, targets: Source | None = None, selection: Selection = _EVERYTHING) -> Given:
    """Read states, and targets if there are any.

    Two-dimensional arrays are rows; three-dimensional arrays ``(n, T, size)`` and lists of
    arrays ``(T_i, size)`` are trajectories. How arrays of a file are chosen says
    :func:`symdisc.data.readers.named_arrays.choose`, how columns of a table are,
    :func:`symdisc.data.readers.tables.read_table`. Pickled objects are never loaded.

    Args:
        data: Path of a file of :data:`FORMATS`, array, tensor, nested lists of numbers, list of
            arrays, data frame (pandas, polars, pyarrow), or ``DataArray`` or ``Dataset`` of
            xarray.
        targets: Array, tensor, nested lists, a column of a data frame, or path of an ``.npy``
            file; replaces the targets of a file.
        selection: Which arrays or columns to read.

    Raises:
        DataError: A file cannot be read, an array or column is missing, or the type is not known.
    """
    given = _read(data, selection)
    if targets is None:
        return given
    # What a file says of targets is said of its own.
    return replace(given, targets=_targets(targets), target_representation="")


def _read(data: Any, selection: Selection) -> Given:
    if isinstance(data, str | os.PathLike):
        path = Path(data).expanduser()
        check_path(path)
        module = import_module(f"symdisc.data.readers.{FORMATS[path.suffix.lower()].module}")
        return cast("_Reader", module).read_file(path, selection)
    if not isinstance(data, np.ndarray | torch.Tensor | list | tuple):
        given = _read_object(data, selection)
        if given is not None:
            return given
    selection.refuse_keys("no file was given")
    selection.refuse_columns("plain arrays were given")
    arrays, is_rows = as_trajectories(data)
    return Given(arrays, is_rows)


def _read_object(data: Any, selection: Selection) -> Given | None:
    """Read a data frame or xarray object; ``None`` for anything else."""
    from symdisc.data.readers import frames, xarrays

    if xarrays.is_dataset(data):
        return xarrays.read_dataset(data, selection)
    if xarrays.is_array(data):
        return xarrays.read_array(data, selection)
    if not frames.is_frame(data):
        return None
    units: dict[str, str] = {}
    if type(data).__module__.startswith("pyarrow"):
        from symdisc.data.readers.parquet import arrow_units

        units = arrow_units(data)
    return frames.read_frame(data, selection, "a data frame", units)


def _targets(targets: Any) -> NDArray[Any]:
    if isinstance(targets, str | os.PathLike):
        return _read_targets_file(Path(targets).expanduser())
    if not isinstance(targets, np.ndarray | torch.Tensor | list | tuple):
        from symdisc.data.readers import frames, xarrays

        if xarrays.is_array(targets):
            return np.asarray(targets.values)
        if frames.is_series(targets):
            return frames.read_series(targets)
    return as_array(targets)


def _read_targets_file(path: Path) -> NDArray[Any]:
    if path.suffix.lower() != ".npy":
        raise DataError(
            f"targets are read from an .npy file, not from {path}; or keep states and targets in "
            "one file and give only its path"
        )
    from symdisc.data.readers.npy import read_array

    check_path(path)
    return read_array(path)


def check_path(path: Path) -> None:
    """Raise unless the path leads to a file of a form that is read.

    Raises:
        DataError: There is no such file, or it cannot be what its name says.
    """
    suffix = path.suffix.lower()
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:  # such as a name too long, or a folder that may not be entered
        raise DataError(f"cannot read {path}: {error.strerror}; check the path") from None
    if is_folder:
        raise DataError(f"{path} is a folder; give the path of a file ending in {_extensions()}")
    if not is_there:
        raise DataError(f"there is no file {path}; check the path (current folder: {Path.cwd()})")
    if suffix not in FORMATS:
        raise DataError(
            f"cannot read {path}: only files ending in {_extensions()} are read; load the file "
            "yourself and pass the array or the data frame"
        )
    if not path.is_file():
        raise DataError(f"{path} is not an ordinary file; copy what it gives into one")
    try:
        with path.open("rb") as file:
            start = file.read(6)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    if not start:
        raise DataError(f"{path} is empty")
    if not start.startswith(FORMATS[suffix].magic):
        raise DataError(f"{path} is not {suffix} data, whatever its name says; it starts {start!r}")


def _extensions() -> str:
    *most, last = FORMATS
    return f"{', '.join(most)} or {last}"
