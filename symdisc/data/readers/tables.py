"""Tables: which columns are states, targets and trajectories, and whether they hold numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.column_names import is_index, split_unit
from symdisc.data.given import Given
from symdisc.data.problems import raise_all
from symdisc.data.selection import Selection
from symdisc.errors import DataError
from symdisc.suggest import did_you_mean

TARGET_NAMES = ("y", "target", "targets", "label")
TRAJECTORY_NAMES = ("trajectory", "run")
MOST_COLUMNS = 10_000
"""Tables with more columns are refused: each costs memory, whatever it holds."""

_SHOWN = 3
_LISTED = 30
_MARK = (
    "mark trajectories; say which does (--set data.trajectory_column=NAME, trajectory_column=NAME)"
)
_TARGET = (
    "be the target; say which is (--set data.target_columns='[NAME]', target_columns=['NAME'])"
)
_HOW = "--set data.columns='[{names}]', columns=[...]"


@dataclass(frozen=True)
class Column:
    """One column of a table, loaded when it is asked for.

    Attributes:
        label: The column's name as it was given.
        load: Gives the values ``(N,)`` as they are.
        missing: Marks the rows ``(N,)`` without a value.
        refused: Why the column cannot be used as numbers, in words; ``""`` if it can.
        given_unit: Unit known from elsewhere than the label.
    """

    label: str
    load: Callable[[], NDArray[Any]]
    missing: Callable[[], NDArray[np.bool_]]
    refused: str = ""
    given_unit: str = ""

    @property
    def name(self) -> str:
        """The label without its unit."""
        return split_unit(self.label)[0]

    @property
    def unit(self) -> str:
        """The unit, ``""`` where it is unknown."""
        return self.given_unit or split_unit(self.label)[1]


@dataclass(frozen=True)
class _Roles:
    states: list[Column]
    targets: list[Column]
    trajectory: Column | None

    def __str__(self) -> str:
        parts = [f"states {_names(self.states)}"]
        if self.targets:
            parts.append(f"targets {_names(self.targets)}")
        if self.trajectory is not None:
            parts.append(f"trajectories by {self.trajectory.name}")
        return "; ".join(parts)


def read_table(columns: Sequence[Column], selection: Selection, source: str) -> Given:
    """Choose columns, load them and nothing else, and group rows into trajectories.

    Where nothing is selected, a column called ``y``, ``target``, ``targets`` or ``label`` is the
    target, one called ``trajectory`` or ``run`` marks trajectories, and all others are the
    coordinates of a state; then each must have a name, since an index is no coordinate. With
    ``columns`` alone, there are no targets. A table that has ``x`` and ``y``, or several columns
    that could be the target or mark trajectories, is refused until it is said what they are.

    Args:
        columns: Every column of the table.
        selection: What the user names.
        source: What the table is called.

    Raises:
        DataError: Lists unknown, repeated and missing columns and those without numbers.
    """
    selection.refuse_keys(f"{source} is a table; choose columns=[...]")
    raise_all(_form_problems(columns))
    chooser = _Chooser(columns, selection)
    roles = chooser.roles()
    raise_all(chooser.problems or _value_problems(roles))
    states = np.column_stack([column.load() for column in roles.states])
    arrays: tuple[NDArray[Any], ...] = (states,)
    if roles.trajectory is not None:
        arrays = grouped(states, roles.trajectory.load())
    return Given(
        arrays,
        roles.trajectory is None,
        _stacked(roles.targets),
        f"{source} ({roles})",
        tuple(column.name for column in roles.states),
        _units(roles.states),
    )


def grouped(states: NDArray[Any], keys: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Rows with equal keys as one trajectory each, rows and trajectories in the given order.

    Args:
        states: ``(N, size)``.
        keys: ``(N,)`` numbers, text or dates.

    Raises:
        DataError: The keys are lists or the like.
    """
    place = _numbered(keys)
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place))
    return tuple(np.split(states[order], ends[:-1]))


def _numbered(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Number of each key ``(N,)``, in the order in which they are first met."""
    if keys.dtype.kind != "O":
        _, first, owner = np.unique(keys, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[owner]
    numbers: dict[Any, int] = {}
    try:
        found = (numbers.setdefault(key, len(numbers)) for key in keys)
        return np.fromiter(found, np.int64, len(keys))
    except TypeError:
        raise DataError(
            f"the column that marks trajectories holds {type(keys[0]).__name__} objects; "
            "convert it to numbers or text, or name another (trajectory_column=...)"
        ) from None


class _Chooser:
    """Decides what each column is for, and collects what is wrong with the choice."""

    def __init__(self, columns: Sequence[Column], selection: Selection) -> None:
        self._columns = columns
        self._selection = selection
        self._used: list[str] = []
        self.problems: list[str] = []

    def roles(self) -> _Roles:
        wanted = self._selection
        states = None if wanted.columns is None else self._named("columns", wanted.columns)
        targets = self._named("target_columns", wanted.target_columns or ())
        trajectory = self._trajectory()
        if states is None:
            targets = targets if wanted.target_columns is not None else self._usual_target()
            states = [column for column in self._columns if column.label not in self._used]
            self.problems += _index_problems(states)
        if not states and not self.problems:
            self.problems.append(
                f"no column is left for the states; columns there: {_listed(self._columns)}; name "
                f"them ({_HOW.format(names='q1, q2')})"
            )
        return _Roles(states, targets, trajectory)

    def _named(self, option: str, names: Sequence[str]) -> list[Column]:
        found = []
        for name in names:
            column = self._find(name)
            if column is None:
                known = [column.name for column in self._columns]
                self.problems.append(
                    f"{option}: there is no column {name!r}; columns there: "
                    f"{_listed(self._columns)}.{did_you_mean(name, known)}"
                )
            elif column.label in self._used:
                self.problems.append(f"{option}: column {name!r} is chosen twice; name it once")
            else:
                self._used.append(column.label)
                found.append(column)
        return found

    def _find(self, name: str) -> Column | None:
        matching = (column for column in self._columns if name in (column.name, column.label))
        return next(matching, None)

    def _trajectory(self) -> Column | None:
        name = self._selection.trajectory_column
        if name is not None:
            named = self._named("trajectory_column", (name,) if name else ())
            return named[0] if named else None
        return self._take_only(TRAJECTORY_NAMES, _MARK)

    def _usual_target(self) -> list[Column]:
        free = {column.name for column in self._columns if column.label not in self._used}
        if {"x", "y"} <= free:
            self.problems.append(
                "column 'y' may be a coordinate beside 'x' or the target; say which: name the "
                f"coordinates ({_HOW.format(names='x, y')}) or the target (--set "
                "data.target_columns='[y]', target_columns=['y'])"
            )
        column = self._take_only(TARGET_NAMES, _TARGET)
        return [] if column is None else [column]

    def _take_only(self, names: Sequence[str], how: str) -> Column | None:
        """The column of one of these names; several would leave the others among the states."""
        found = [c for c in self._columns if c.name in names and c.label not in self._used]
        if len(found) > 1:
            each = " and ".join(repr(column.name) for column in found)
            self.problems.append(f"each of the columns {each} could {how}")
        self._used += [column.label for column in found]
        return found[0] if found else None


def _form_problems(columns: Sequence[Column]) -> list[str]:
    if not columns:
        return ["the table has no columns"]
    if len(columns) > MOST_COLUMNS:
        return [
            f"the table has {len(columns)} columns, more than the {MOST_COLUMNS} that are read; "
            "give a part of it, or an array"
        ]
    names = [column.name for column in columns]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    return [f"several columns are called {name!r}; give each a name of its own" for name in twice]


def _index_problems(states: Sequence[Column]) -> list[str]:
    """Numbers of rows would pass for a coordinate where nobody chose the columns."""
    names = ", ".join(column.name for column in states if not is_index(column.label)) or "q1, q2"
    return [
        f"column {column.name!r} has no name of its own, like the index that pandas writes; leave "
        "it out (to_csv(index=False), reset_index(drop=True)), or name the coordinates "
        f"({_HOW.format(names=names)})"
        for column in states
        if is_index(column.label)
    ]


def _value_problems(roles: _Roles) -> list[str]:
    problems = []
    for column in [*roles.states, *roles.targets]:
        if column.refused:
            usable = [other.name for other in roles.states if not other.refused] or ["q1", "q2"]
            how = _HOW.format(names=", ".join(usable[:_LISTED]))
            problems.append(
                f"column {column.name!r} holds {column.refused}; convert it to numbers, or choose "
                f"others ({how})"
            )
        else:
            problems += _missing_problem(column)
    if roles.trajectory is not None:
        problems += _missing_problem(roles.trajectory)
    return problems


def _missing_problem(column: Column) -> list[str]:
    rows = np.flatnonzero(column.missing())
    if not len(rows):
        return []
    shown = ", ".join(str(row) for row in rows[:_SHOWN])
    more = ", ..." if len(rows) > _SHOWN else ""
    return [
        f"column {column.name!r} has no value in {len(rows)} rows: {shown}{more} (counted from "
        "0); leave these rows out or fill the gaps"
    ]


def _stacked(targets: Sequence[Column]) -> NDArray[Any] | None:
    values = [column.load() for column in targets]
    if len(values) == 1:
        return values[0]
    return np.column_stack(values) if values else None


def _units(columns: Sequence[Column]) -> tuple[str, ...]:
    units = tuple(column.unit for column in columns)
    return units if any(units) else ()


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(column.name for column in columns)


def _listed(columns: Sequence[Column]) -> str:
    more = f", ... ({len(columns)} in all)" if len(columns) > _LISTED else ""
    return ", ".join(repr(column.name) for column in columns[:_LISTED]) + more
