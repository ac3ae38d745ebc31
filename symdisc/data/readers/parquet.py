"""``.parquet``: tables with types; a field's metadata may hold its ``units``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symdisc.data.given import Given
from symdisc.data.readers.damage import unreadable
from symdisc.data.readers.frames import read_frame
from symdisc.data.readers.memory import refuse_too_large
from symdisc.data.readers.tables import MOST_COLUMNS
from symdisc.data.selection import Selection
from symdisc.errors import DataError

_BYTES_OF_A_CELL = 8


def read_file(path: Path, selection: Selection) -> Given:
    """Read a parquet file.

    Raises:
        DataError: The file cannot be read, or its columns cannot be used.
    """
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            _check_size(file.metadata, path)
            fields = list(file.schema_arrow)
        nested = [field for field in fields if pyarrow.types.is_nested(field.type)]
        flat = [field.name for field in fields if not pyarrow.types.is_nested(field.type)]
        texts = [field.name for field in fields if _is_text(field.type)]
        # A text that is stored once and repeated a million times stays stored once.
        with pyarrow.parquet.ParquetFile(
            path, read_dictionary=texts, page_checksum_verification=True
        ) as file:
            table = file.read(flat, use_threads=False)
        # Lists may hold any number of values in no room, and are of no use here.
        for field in nested:
            empty = pyarrow.nulls(table.num_rows, field.type)
            table = table.append_column(field.name, empty)
    except DataError:
        raise
    except Exception as error:  # Damaged bytes raise anything: Arrow, thrift and type errors.
        raise unreadable(path, "it", error) from error
    return read_frame(table, selection, path.name, arrow_units(table))


def arrow_units(table: Any) -> dict[str, str]:
    """Units of the columns of an Arrow table that carry one in the metadata of their field."""
    fields = [field for field in table.schema if field.metadata and b"units" in field.metadata]
    return {field.name: field.metadata[b"units"].decode("utf-8", "replace") for field in fields}


def _check_size(metadata: Any, path: Path) -> None:
    if metadata.num_columns > MOST_COLUMNS:
        raise DataError(
            f"{path} has {metadata.num_columns} columns, more than the {MOST_COLUMNS} that are "
            "read; give a part of it, or an array (.npy)"
        )
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    packed = sum(max(group.total_byte_size, 0) for group in groups)
    # Repeated values take no room in the file, so the number of cells counts as well. Metadata of
    # single columns are not asked for: pyarrow aborts the process where those are damaged.
    rows = max(metadata.num_rows, sum(max(group.num_rows, 0) for group in groups))
    refuse_too_large(max(packed, rows * metadata.num_columns * _BYTES_OF_A_CELL), str(path))


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    tests = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(test(kind) for test in tests)
