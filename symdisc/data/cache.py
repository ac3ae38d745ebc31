"""A cache on disk of what data sets make.

An entry is named after everything that it depends on: the data set, its ``cache_version`` and
all its options. What is in the cache is therefore never out of date; it may be deleted at any
time.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from symdisc.data.raw_file import read_raw, write_raw
from symdisc.interfaces.dataset import Dataset, RawData
from symdisc.options import Options
from symdisc_kernels.cache_folder import CACHE_VARIABLE, cache_folder

_FORMAT = 1
"""Counts up when files are written in another way."""


def make_cached(component: type[Dataset], options: Options) -> RawData:
    """What the data set makes, from the cache if it is there, and put there if it is not.

    Data sets without a ``cache_version`` are made each time. A cache that cannot be written is
    done without, which is said once. Several processes may use the cache at the same time.

    Args:
        component: Class of the data set.
        options: Its checked options.

    Raises:
        Exception: Whatever making the data raises.
    """
    if component.cache_version is None:
        return component(options).make()
    try:
        path = entry(component, options)
    except RuntimeError as error:
        _say(f"data sets are made anew each time: {error}")
        return component(options).make()
    kept = _read(path)
    if kept is not None:
        return kept
    raw = component(options).make()
    try:
        _write(path, raw)
    except OSError as error:
        _say(
            f"data sets are made anew each time: {path.parent} cannot be written "
            f"({error.strerror or error}); choose another folder with "
            f"{CACHE_VARIABLE}=/path/to/folder"
        )
    return raw


def data_folder() -> Path:
    """Where the entries are.

    Raises:
        RuntimeError: There is no home folder to look in.
    """
    return cache_folder() / "data"


def entry(component: type[Dataset], options: Options) -> Path:
    """The file in which the data of these options are kept.

    Raises:
        RuntimeError: There is no home folder to look in.
    """
    facts = {
        "format": _FORMAT,
        "data set": f"{component.__module__}:{component.__qualname__}",
        "version": component.cache_version,
        "options": options.model_dump(mode="json"),
    }
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]
    return data_folder() / f"{component.__name__.lower()}-{key}.npz"


def _read(path: Path) -> RawData | None:
    """The entry, or ``None`` where there is none or it is damaged: it is made again then."""
    try:
        with path.open("rb") as file:
            return read_raw(file)
    except Exception:  # Damaged bytes raise anything.
        return None


def _write(path: Path, raw: RawData) -> None:
    """Write beside the final place and rename: what is in the cache is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write_raw(file, raw)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


@functools.cache
def _say(message: str) -> None:
    """Tell the user, each thing once."""
    sys.stderr.write(f"symdisc: {message}\n")
    sys.stderr.flush()
