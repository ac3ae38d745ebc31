"""xarray objects, by what they offer: xarray itself is never imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.readers.arrays import as_trajectories
from symdisc.data.readers.tables import Column, read_table
from symdisc.data.selection import Selection
from symdisc.errors import DataError

_REFUSED_KINDS = {"b": "true/false values", "c": "complex numbers", "O": "text or objects"}
_REFUSED_KINDS |= {"M": "dates or times", "m": "time spans", "S": "text", "T": "text", "U": "text"}


def is_array(value: object) -> bool:
    """Whether the value looks like a ``DataArray``."""
    return all(hasattr(value, name) for name in ("dims", "coords", "attrs", "dtype", "isel"))


def is_dataset(value: object) -> bool:
    """Whether the value looks like a ``Dataset``."""
    return all(hasattr(value, name) for name in ("dims", "coords", "attrs", "data_vars", "isel"))


def read_array(array: Any, selection: Selection) -> Given:
    """Read a ``DataArray``.

    Its dimensions are taken as they stand, whatever they are called: ``(row, coordinate)`` are
    rows, ``(trajectory, state, coordinate)`` trajectories; transpose it first where they stand
    otherwise. Labels of the last dimension become names. The attribute ``units`` is one text, or
    one for each coordinate.

    Raises:
        DataError: Something is to be chosen by name.
    """
    selection.refuse_keys("a DataArray was given")
    selection.refuse_columns("a DataArray was given")
    values = np.asarray(array.values)
    arrays, is_rows = as_trajectories(values)
    size = values.shape[-1] if values.ndim else 0
    units = _texts(array.attrs.get("units", ()))
    return Given(
        arrays,
        is_rows,
        source="a DataArray" + (f" {array.name!r}" if array.name else ""),
        names=_labels(array),
        units=units * size if len(units) == 1 else units,
    )


def read_dataset(dataset: Any, selection: Selection) -> Given:
    """Read a ``Dataset``, whose variables are the coordinates of a state.

    Variables of one dimension are the columns of a table. Variables of two dimensions
    ``(trajectory, state)`` are trajectories; no variable of them is a target.

    Raises:
        DataError: The variables have different dimensions, or cannot be used.
    """
    variables = dict(dataset.data_vars)
    dims = {tuple(variable.dims) for variable in variables.values()}
    if len(dims) != 1 or len(next(iter(dims))) not in (1, 2):
        each = ", ".join(f"{name} {tuple(v.dims)}" for name, v in variables.items()) or "none"
        raise DataError(
            "the variables of a Dataset must all have the same one dimension (rows) or two "
            f"(trajectory, state); got {each}; select some, dataset[['q1', 'q2']]"
        )
    if len(next(iter(dims))) == 1:
        return read_table(_columns(variables), selection, "a Dataset")
    length = int(next(iter(variables.values())).shape[1])
    flat = {name: variable.values.reshape(-1) for name, variable in variables.items()}
    table = _columns(variables, flat)
    if selection.trajectory_column:
        selection.refuse_columns("the variables of the Dataset are trajectories already")
    given = read_table(table, _rows_only(selection), "a Dataset")
    if given.targets is not None:
        raise DataError("targets cannot be given together with trajectories; leave them out")
    states = given.arrays[0].reshape(-1, length, given.arrays[0].shape[1])
    return Given(tuple(states), False, None, given.source, given.names, given.units)


def _rows_only(selection: Selection) -> Selection:
    return Selection(
        selection.states_key,
        selection.targets_key,
        selection.columns,
        selection.target_columns,
        trajectory_column="",
    )


def _columns(
    variables: Mapping[Any, Any], flat: Mapping[Any, NDArray[Any]] | None = None
) -> tuple[Column, ...]:
    return tuple(
        _column(str(name), variable.values if flat is None else flat[name], variable.attrs)
        for name, variable in variables.items()
    )


def _column(label: str, values: NDArray[Any], attributes: Mapping[str, Any]) -> Column:
    kind = values.dtype.kind

    def missing() -> NDArray[np.bool_]:
        return np.isnan(values) if kind == "f" else np.zeros(len(values), dtype=bool)

    unit = "".join(_texts(attributes.get("units", ()))[:1])
    return Column(label, lambda: values, missing, _REFUSED_KINDS.get(kind, ""), unit)


def _labels(array: Any) -> tuple[str, ...]:
    """Labels of the last dimension; plain positions are no names."""
    last = array.dims[-1] if array.dims else None
    if last not in array.coords:
        return ()
    labels = np.asarray(array.coords[last].values)
    return tuple(str(label) for label in labels) if labels.dtype.kind in "UTO" else ()


def _texts(units: Any) -> tuple[str, ...]:
    """Texts of an attribute ``units``; none where it holds anything else."""
    texts = units if isinstance(units, list | tuple | np.ndarray) else [units]
    return tuple(map(str, texts)) if all(isinstance(text, str) for text in texts) else ()
