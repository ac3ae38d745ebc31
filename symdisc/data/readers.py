"""Readers: from a file, arrays or tensors to NumPy arrays, before any check."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.errors import DataError

Array: TypeAlias = NDArray[Any] | torch.Tensor
Source: TypeAlias = str | os.PathLike[str] | Array | Sequence[Any]
"""What a user may pass: a path, an array or tensor, nested lists, a list of trajectories."""

EXTENSIONS = (".npy", ".npz")
STATES_NAMES = ("states", "x")
TARGETS_NAMES = ("targets", "y")

_MAGIC = {".npy": b"\x93NUMPY", ".npz": b"PK"}


@dataclass(frozen=True)
class Given:
    """What was given, as NumPy arrays of any type and shape: nothing is checked yet.

    Attributes:
        arrays: One array for each trajectory, or a single array whose rows are samples.
        is_rows: Whether the rows of the single array are samples.
        targets: As given, or ``None``.
        source: Where the data came from, in words.
    """

    arrays: tuple[NDArray[Any], ...]
    is_rows: bool
    targets: NDArray[Any] | None = None
    source: str = "arrays"

    @property
    def size(self) -> int | None:
        """Coordinates of a state, or ``None`` where the arrays do not agree on it."""
        sizes = {array.shape[-1] for array in self.arrays if array.ndim == 2}
        return sizes.pop() if len(sizes) == 1 else None


def read(
    data: Source,
    targets: Source | None = None,
    *,
    states_key: str | None = None,
    targets_key: str | None = None,
) -> Given:
    """Read states, and targets if there are any.

    Two-dimensional arrays are rows; three-dimensional arrays ``(n, T, size)`` and lists of
    arrays ``(T_i, size)`` are trajectories. Of an ``.npz`` file with several arrays, ``states``
    (or ``x``) and ``targets`` (or ``y``) are taken; with ``states_key`` alone, no targets are.
    Pickled objects are never loaded.

    Args:
        data: Path of an ``.npy`` or ``.npz`` file, array, tensor, nested lists of numbers, or
            list of arrays.
        targets: Array, tensor, nested lists or path; replaces the targets of a file.
        states_key: Array of an ``.npz`` file that holds the states.
        targets_key: Array of an ``.npz`` file that holds the targets.

    Raises:
        DataError: A file cannot be read, an array is missing, or the type is not known.
    """
    if isinstance(data, str | os.PathLike):
        given = _read_file(Path(data).expanduser(), states_key, targets_key)
    else:
        _refuse_keys(states_key, targets_key)
        arrays, is_rows = _trajectories(data)
        given = Given(arrays, is_rows)
    if targets is None:
        return given
    return Given(given.arrays, given.is_rows, _targets(targets), given.source)


def _refuse_keys(states_key: str | None, targets_key: str | None) -> None:
    if states_key is not None or targets_key is not None:
        raise DataError(
            "states_key and targets_key name arrays of an .npz file, but no file was given; "
            "pass the arrays themselves"
        )


def _targets(targets: Source) -> NDArray[Any]:
    if isinstance(targets, str | os.PathLike):
        return _read_targets_file(Path(targets).expanduser())
    return _array(targets)


def _trajectories(data: Any) -> tuple[tuple[NDArray[Any], ...], bool]:
    if isinstance(data, list | tuple) and any(_is_array(item) for item in data):
        return tuple(_array(item) for item in data), False
    array = _array(data)
    return (tuple(array), False) if array.ndim == 3 else ((array,), True)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray | torch.Tensor)


def _array(value: Any) -> NDArray[Any]:
    if isinstance(value, torch.Tensor):
        return _from_tensor(value)
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise DataError(
            f"a masked array hides {int(np.ma.getmaskarray(value).sum())} values; fill or leave "
            "out what is masked, then pass a plain array"
        )
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if isinstance(value, list | tuple):
        return _from_lists(value)
    hint = "; call its .to_numpy() first" if hasattr(value, "to_numpy") else ""
    raise DataError(
        f"data of type {type(value).__name__} are not read: pass a path, a NumPy array, a torch "
        f"tensor or a list of them{hint}"
    )


def _from_tensor(tensor: torch.Tensor) -> NDArray[Any]:
    plain = tensor.detach().cpu().to_dense().resolve_conj().resolve_neg()
    # NumPy has no bfloat16, no 8-bit float and no half complex; wider types hold them exactly.
    if plain.is_complex():
        plain = plain.to(torch.complex128)
    elif plain.is_floating_point() and plain.dtype != torch.float64:
        plain = plain.float()
    array: NDArray[Any] = plain.numpy()
    return array


def _from_lists(value: Sequence[Any]) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(
            "nested lists of unequal length are not read: for trajectories of unequal length "
            "pass a list of arrays, [np.array(first), np.array(second), ...]"
        ) from error


def _read_file(path: Path, states_key: str | None, targets_key: str | None) -> Given:
    _check_path(path)
    with path.open("rb") as file:
        content = _load(file, path)
        if isinstance(content, np.ndarray):
            return _unnamed(content, path, states_key, targets_key)
        states_name, targets_name = _names(content.files, states_key, targets_key, path)
        arrays, is_rows = _trajectories(_member(content, states_name, path))
        if targets_name is None:
            return Given(arrays, is_rows, source=f"{path.name} ({states_name})")
        targets = _member(content, targets_name, path)
        return Given(arrays, is_rows, targets, f"{path.name} ({states_name}, {targets_name})")


def _unnamed(
    array: NDArray[Any], path: Path, states_key: str | None, targets_key: str | None
) -> Given:
    if states_key is not None or targets_key is not None:
        raise DataError(
            f"{path} holds a single array without a name; leave out states_key and "
            "targets_key, or save an .npz file"
        )
    arrays, is_rows = _trajectories(array)
    return Given(arrays, is_rows, source=path.name)


def _read_targets_file(path: Path) -> NDArray[Any]:
    if path.suffix.lower() == ".npz":
        raise DataError(
            f"targets are read from an .npy file, not from {path}; or keep states and targets in "
            "one .npz file and give only its path"
        )
    _check_path(path)
    with path.open("rb") as file:
        array: NDArray[Any] = _load(file, path)
    return array


def _load(file: BinaryIO, path: Path) -> Any:
    try:
        return np.load(file, allow_pickle=False)
    except Exception as error:  # Damaged bytes raise anything: zip, header and token errors.
        raise _unreadable(path, "it", error) from error


def _check_path(path: Path) -> None:
    suffix = path.suffix.lower()
    if path.is_dir():
        raise DataError(f"{path} is a folder; give the path of a file ending in {_extensions()}")
    if not path.exists():
        raise DataError(f"there is no file {path}; check the path (current folder: {Path.cwd()})")
    if suffix not in EXTENSIONS:
        raise DataError(
            f"cannot read {path}: only files ending in {_extensions()} are read; load the file "
            "yourself and pass the array"
        )
    try:
        with path.open("rb") as file:
            start = file.read(6)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    if not start:
        raise DataError(f"{path} is empty")
    if not start.startswith(_MAGIC[suffix]):
        raise DataError(f"{path} is not {suffix} data, whatever its name says; it starts {start!r}")
    _check_size(path)


def _check_size(path: Path) -> None:
    """Refuse an archive whose arrays would not fit into memory once they are unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        return  # no archive, or a damaged one, which reading it reports
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if unpacked > available / 2:
        raise DataError(
            f"{path} holds {unpacked / 1e9:.1f} GB once unpacked, more than half of the "
            f"{available / 1e9:.1f} GB of memory that are free; give a part of it"
        )


def _extensions() -> str:
    return " or ".join(EXTENSIONS)


def _names(
    files: list[str], states_key: str | None, targets_key: str | None, path: Path
) -> tuple[str, str | None]:
    missing = [key for key in (states_key, targets_key) if key is not None and key not in files]
    there = ", ".join(repr(name) for name in files) or "none"
    if missing:
        wanted = " and ".join(repr(key) for key in missing)
        raise DataError(f"{path} has no array {wanted}; arrays there: {there}")
    others = [name for name in files if name != targets_key]
    states = states_key or (others[0] if len(others) == 1 else _first(STATES_NAMES, others))
    if states is None:
        raise DataError(
            f"{path} has no array called 'states' or 'x'; arrays there: {there}; say which one "
            "holds the states (--set data.states_key=NAME, states_key=NAME)"
        )
    if targets_key is None and states_key is None and len(files) > 1:
        return states, _first(TARGETS_NAMES, [name for name in files if name != states])
    return states, targets_key


def _first(wanted: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in wanted if name in names), None)


def _member(content: Any, name: str, path: Path) -> NDArray[Any]:
    try:
        array = content[name]
    except Exception as error:  # As above.
        raise _unreadable(path, f"array {name!r}", error) from error
    if not isinstance(array, np.ndarray):
        raise DataError(f"{name!r} in {path} is not an array; write the file with np.savez")
    return array


def _unreadable(path: Path, what: str, error: Exception) -> DataError:
    if "allow_pickle" in str(error):
        return DataError(
            f"{path}: {what} holds Python objects; pickled objects are never loaded, because "
            "reading them can run any code. Save plain numbers, for trajectories of equal "
            "length as one array (trajectories, states, coordinates)"
        )
    return DataError(
        f"{path}: {what} cannot be read, the file may be truncated or damaged "
        f"({type(error).__name__}: {error})"
    )
