"""What an ``.npz`` file says of its own arrays: how they transform, what they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.problems import raise_all
from symdisc.data.readers.named_arrays import choose
from symdisc.data.selection import Selection
from symdisc.errors import DataError

DESCRIPTION = ("representation", "target_representation", "names", "units", "truth")
"""Names of the arrays that describe others, as :mod:`symdisc.data.raw_file` writes them."""

_LONGEST = 200
_Load: TypeAlias = Callable[[str], NDArray[Any]]


def data_names(names: Sequence[str], selection: Selection) -> list[str]:
    """Names of the arrays that may be states or targets.

    Those of a description are so only where they are asked for by name, or alone.
    """
    asked = (selection.states_key, selection.targets_key)
    found = [name for name in names if name not in DESCRIPTION or name in asked]
    return found or list(names)


def described(
    given: Given, names: Sequence[str], load: _Load, selection: Selection, path: Path
) -> Given:
    """With the description that the file holds of the arrays that were read.

    It belongs to the states and targets that are read where nothing is selected; of others it
    says nothing. ``representation`` and ``target_representation`` are single texts, ``names`` and
    ``units`` one text for each coordinate, ``truth`` numbers of the shape ``(k, n, n)``. Arrays of
    these names in another form, and texts of more than 200 letters, are something else and passed
    over.

    Args:
        given: What was read.
        names: Names of all arrays of the file that hold no Python objects.
        load: Gives the array of a name.
        selection: What the user names.
        path: The file.

    Raises:
        DataError: Lists everything in the description that cannot be meant.
    """
    if given.size is None:
        return given  # which the checks refuse
    states, targets = _is_usual(data_names(names, Selection()), selection, path)
    about = dict.fromkeys(DESCRIPTION, states)
    about["target_representation"] = targets and given.targets is not None
    there = [name for name in DESCRIPTION if about[name] and name in names]
    arrays = {name: array for name in there if _is_description(name, array := load(name))}
    raise_all(_problems(arrays, given.size, path))
    return replace(given, **{name: _value(array) for name, array in arrays.items()})


def _is_usual(names: Sequence[str], selection: Selection, path: Path) -> tuple[bool, bool]:
    """Whether states and targets are those that are read where nothing is selected."""
    try:
        states, targets = choose(names, Selection(), path)
    except DataError:
        return False, False
    return selection.states_key in (None, states), selection.targets_key in (None, targets)


def _is_description(name: str, array: NDArray[Any]) -> bool:
    if name == "truth":
        square = array.ndim == 3 and array.shape[1] == array.shape[2]
        return array.dtype.kind in "fiu" and square
    n_dimensions = 1 if name in ("names", "units") else 0
    is_short = array.dtype.itemsize <= _LONGEST * np.dtype("U1").itemsize
    return array.dtype.kind == "U" and is_short and array.ndim == n_dimensions


def _problems(arrays: Mapping[str, NDArray[Any]], size: int, path: Path) -> list[str]:
    problems = [
        f"array {name!r} of {path} holds {array.size} texts for {size} coordinates; give one for "
        f"each, or call it something else if it is not about coordinates"
        for name, array in arrays.items()
        if array.ndim == 1 and array.size not in (0, size)
    ]
    if "truth" in arrays and not np.isfinite(arrays["truth"]).all():
        problems.append(
            f"array 'truth' of {path}, the true generators, holds NaN or infinite values; leave it "
            "out, or call it something else if it is not that"
        )
    return problems


def _value(array: NDArray[Any]) -> Any:
    if array.ndim == 3:
        return array.astype(np.float64)
    return tuple(map(str, array)) if array.ndim else str(array)
