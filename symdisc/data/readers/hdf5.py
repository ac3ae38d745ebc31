"""``.h5``: arrays and tables by path inside the file, with ``units`` attributes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.readers.damage import unreadable
from symdisc.data.readers.hdf5_heaps import check_heaps
from symdisc.data.readers.memory import refuse_too_large
from symdisc.data.readers.named_arrays import choose, read_named
from symdisc.data.readers.tables import Column, read_table
from symdisc.data.selection import Selection
from symdisc.errors import DataError

_MOST_ITEMS = 10_000
_MOST_UNITS = 10_000
_REFUSED_FIELDS = {"b": "true/false values", "c": "complex numbers", "O": "text or objects"}
_REFUSED_FIELDS |= {"S": "text", "U": "text", "V": "several values in one field"}


def read_file(path: Path, selection: Selection) -> Given:
    """Read arrays, or a table stored as a compound dataset, from an HDF5 file.

    Datasets are named by their path, for instance ``group/x``. Only what lies in the file itself
    is read: links, external storage and virtual datasets are not followed.

    Raises:
        DataError: The file cannot be read, or what was asked for is not in it.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return _read(file, selection, path)
    except DataError:
        raise
    except Exception as error:  # Damaged bytes raise anything: OS, runtime, type and key errors.
        raise unreadable(path, "it", error) from error


def _read(file: Any, selection: Selection, path: Path) -> Given:
    datasets = dict(_walk(file, path))
    wanted = _without_slash(selection)
    states, targets = choose(list(datasets), wanted, path)
    if datasets[states].dtype.names is not None:
        if targets is not None:
            raise DataError(
                f"{path}: {states!r} is a table; its targets are columns of it "
                "(--set data.target_columns='[NAME]', target_columns=[...]), not another array"
            )
        source = f"{path.name}, {states}"
        columns = _columns(datasets[states], path, states)
        return read_table(columns, replace(wanted, states_key=None), source)
    selection.refuse_columns(f"{states!r} in {path} is a plain array")
    given = read_named(
        list(datasets), lambda name: _array(datasets[name], path, name), wanted, path
    )
    return replace(given, units=_units(datasets[states], given.size or 0, path))


def _walk(file: Any, path: Path) -> Iterator[tuple[str, Any]]:
    """Every dataset of the file itself by its path; groups that contain themselves end there."""
    import h5py

    waiting = [("", file)]
    seen = {h5py.h5o.get_info(file.id).addr}
    for count in range(_MOST_ITEMS):
        if not waiting:
            return
        prefix, item = waiting.pop(0)
        if isinstance(item, h5py.Dataset):
            yield prefix, item
            continue
        if len(item) + count + len(waiting) > _MOST_ITEMS:
            break
        for name in item:
            # Links may lead to any file of this machine.
            if isinstance(item.get(name, getlink=True), h5py.HardLink):
                inner = item[name]
                address = h5py.h5o.get_info(inner.id).addr
                if isinstance(inner, h5py.Dataset) or address not in seen:
                    seen.add(address)
                    waiting.append((f"{prefix}/{name}".lstrip("/"), inner))
    raise DataError(
        f"{path} holds more than {_MOST_ITEMS} groups and datasets; copy what is needed into a "
        "file of its own"
    )


def _without_slash(selection: Selection) -> Selection:
    keys = [key and key.strip("/") for key in (selection.states_key, selection.targets_key)]
    return replace(selection, states_key=keys[0], targets_key=keys[1])


def _array(dataset: Any, path: Path, name: str) -> NDArray[Any]:
    what = f"array {name!r}"
    if dataset.is_virtual or dataset.external:
        raise DataError(
            f"{path}: {what} lies in other files, which are not opened; copy it into this file"
        )
    if dataset.shape is None:
        raise DataError(f"{path}: {what} is empty")
    if dataset.dtype.hasobject:
        raise DataError(f"{path}: {what} holds text or objects; convert it to numbers")
    chunk = math.prod(dataset.chunks or (0,))
    size = max(math.prod(dataset.shape), chunk) * dataset.dtype.itemsize
    refuse_too_large(size, f"{what} in {path}")
    try:
        return np.asarray(dataset[()])
    except Exception as error:  # As above.
        raise unreadable(path, what, error) from error


def _columns(dataset: Any, path: Path, name: str) -> tuple[Column, ...]:
    if len(dataset.shape) != 1:
        raise DataError(
            f"{path}: the table {name!r} has the shape {dataset.shape}; a table has rows only"
        )
    table = _array(dataset, path, name)
    units = _units_attribute(dataset, path) or ("",) * len(dataset.dtype.names)
    if len(units) != len(dataset.dtype.names):
        units = ("",) * len(dataset.dtype.names)
    return tuple(
        _column(table[field], field, unit)
        for field, unit in zip(dataset.dtype.names, units, strict=True)
    )


def _column(values: NDArray[Any], label: str, unit: str) -> Column:
    kind = "V" if values.ndim > 1 else values.dtype.kind

    def missing() -> NDArray[np.bool_]:
        return np.isnan(values) if kind == "f" else np.zeros(len(values), dtype=bool)

    return Column(label, lambda: values, missing, _REFUSED_FIELDS.get(kind, ""), unit)


def _units(dataset: Any, size: int, path: Path) -> tuple[str, ...]:
    """One unit for each coordinate; a single one holds for all."""
    units = _units_attribute(dataset, path)
    return units * size if len(units) == 1 else units


def _units_attribute(dataset: Any, path: Path) -> tuple[str, ...]:
    """Texts of the attribute ``units``, none where it is missing or holds anything else."""
    if "units" not in dataset.attrs:
        return ()
    attribute = dataset.attrs.get_id("units")
    if math.prod(attribute.shape or ()) > _MOST_UNITS:
        return ()
    if attribute.dtype.hasobject:
        check_heaps(path)
    texts = np.atleast_1d(np.asarray(dataset.attrs["units"], dtype=object)).ravel()
    plain = [text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in texts]
    return tuple(plain) if all(isinstance(text, str) for text in plain) else ()
