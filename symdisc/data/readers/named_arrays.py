"""Named arrays: which of those in a file are the states and the targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from symdisc.data.given import Given
from symdisc.data.readers.arrays import as_array, as_trajectories
from symdisc.data.selection import Selection
from symdisc.errors import DataError
from symdisc.suggest import did_you_mean

STATES_NAMES = ("states", "x")
TARGETS_NAMES = ("targets", "y")

_SHOWN = 50


def read_named(
    names: Sequence[str], load: Callable[[str], Any], selection: Selection, path: Path
) -> Given:
    """Choose states and targets by name and load nothing else.

    Args:
        names: Names of all arrays of the file.
        load: Gives the array, tensor or list of trajectories of a name.
        selection: What the user names.
        path: The file.

    Raises:
        DataError: An array is missing, or the states cannot be told.
    """
    states_name, targets_name = choose(names, selection, path)
    arrays, is_rows = as_trajectories(load(states_name))
    if targets_name is None:
        return Given(arrays, is_rows, source=f"{path.name} ({states_name})")
    targets = as_array(load(targets_name))
    return Given(arrays, is_rows, targets, f"{path.name} ({states_name}, {targets_name})")


def choose(names: Sequence[str], selection: Selection, path: Path) -> tuple[str, str | None]:
    """Names of the states and of the targets, if there are any.

    Of several arrays, ``states`` (or ``x``) and ``targets`` (or ``y``) are taken; with
    ``states_key`` alone, no targets are.

    Raises:
        DataError: An array is missing, or the states cannot be told.
    """
    states_key, targets_key = selection.states_key, selection.targets_key
    missing = [key for key in (states_key, targets_key) if key is not None and key not in names]
    there = _listed(names)
    if missing:
        wanted = " and ".join(repr(key) for key in missing)
        hint = did_you_mean(missing[0], names)
        raise DataError(f"{path} has no array {wanted}; arrays there: {there}.{hint}")
    others = [name for name in names if name != targets_key]
    states = states_key or (others[0] if len(others) == 1 else _first(STATES_NAMES, others))
    if states is None:
        raise DataError(
            f"{path} has no array called 'states' or 'x'; arrays there: {there}; say which one "
            "holds the states (--set data.states_key=NAME, states_key=NAME)"
        )
    if targets_key is None and states_key is None and len(names) > 1:
        return states, _first(TARGETS_NAMES, [name for name in names if name != states])
    return states, targets_key


def _listed(names: Sequence[str]) -> str:
    more = f", ... ({len(names)} in all)" if len(names) > _SHOWN else ""
    return (", ".join(repr(name) for name in names[:_SHOWN]) or "none") + more


def _first(wanted: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in wanted if name in names), None)
