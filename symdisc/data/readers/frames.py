"""Data frames of pandas, polars, pyarrow and others, through narwhals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.readers.tables import Column, read_table
from symdisc.data.selection import Selection
from symdisc.errors import DataError


def is_frame(value: object) -> bool:
    """Whether the value is a data frame, lazy or not, of a library that narwhals knows."""
    import narwhals as nw

    return isinstance(nw.from_native(value, pass_through=True), nw.DataFrame | nw.LazyFrame)


def is_series(value: object) -> bool:
    """Whether the value is one column of such a library."""
    import narwhals as nw

    native = nw.from_native(value, pass_through=True, allow_series=True)
    return isinstance(native, nw.Series)


def read_frame(
    frame: Any, selection: Selection, source: str, units: Mapping[str, str] | None = None
) -> Given:
    """Read a data frame; the index of a pandas frame is not looked at.

    Args:
        frame: A data frame of any library that narwhals knows.
        selection: What the user names.
        source: What the table is called.
        units: Unit of a column by its label, stronger than one in the label.

    Raises:
        DataError: The frame is lazy, or its columns cannot be used.
    """
    return read_table(frame_columns(frame, units or {}), selection, source)


def frame_columns(frame: Any, units: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a data frame, none of them converted yet.

    Raises:
        DataError: The frame is lazy or breaks rules of its own library, such as unique names.
    """
    import narwhals as nw

    try:
        opened = nw.from_native(frame)
        if isinstance(opened, nw.LazyFrame):
            raise DataError("the data frame is lazy: nothing is computed yet; call .collect()")
        return tuple(_column(series, units) for series in opened.iter_columns())
    except DataError:
        raise
    except Exception as error:  # Each library has its own errors for names that clash.
        raise DataError(f"the data frame cannot be read: {type(error).__name__}: {error}") from None


def read_series(series: Any) -> NDArray[Any]:
    """The values of one column, as targets.

    Raises:
        DataError: It holds no numbers, or values are missing.
    """
    import narwhals as nw

    column = _column(nw.from_native(series, series_only=True), {})
    if column.refused:
        raise DataError(f"the column of targets holds {column.refused}; convert it to numbers")
    if missing := int(column.missing().sum()):
        raise DataError(f"the column of targets has no value in {missing} rows; fill the gaps")
    return column.load()


def _column(series: Any, units: Mapping[str, str]) -> Column:
    import narwhals as nw

    label = str(series.name)

    def load() -> NDArray[Any]:
        plain = series.cast(nw.Float64) if isinstance(series.dtype, nw.Decimal) else series
        return np.asarray(plain.to_numpy())

    def missing() -> NDArray[np.bool_]:
        empty: NDArray[np.bool_] = np.asarray(series.is_null().to_numpy(), dtype=bool)
        if series.dtype.is_float():
            empty = empty | np.asarray(series.is_nan().fill_null(True).to_numpy(), dtype=bool)
        return empty

    return Column(label, load, missing, _refused(series), units.get(label, ""))


def _refused(series: Any) -> str:
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_numeric():
        return ""
    if dtype.is_nested():
        return "lists or records"
    if len(series) and series.null_count() == len(series):
        return "no values at all"
    if isinstance(dtype, nw.Boolean):
        return "true/false values"
    if isinstance(dtype, nw.Duration):
        return "time spans"
    if dtype.is_temporal():
        return "dates or times"
    if isinstance(dtype, nw.String | nw.Categorical | nw.Enum):
        return "text"
    return f"values of type {dtype}"
