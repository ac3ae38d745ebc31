"""Parquet files."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from symdisc.data.readers.parquet import arrow_units, read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError

FIELDS = [
    pa.field("q", pa.float32(), metadata={"units": "m"}),
    pa.field("p [kg m/s]", pa.int64(), metadata={"comment": "momentum"}),
]
TABLE = pa.table([[1.0, 2.0], [3, 4]], schema=pa.schema(FIELDS))


def write(folder: Path, table: Any, **options: Any) -> Path:
    pq.write_table(table, folder / "a.parquet", **options)
    return folder / "a.parquet"


def test_names_and_units(tmp_path: Path) -> None:
    made = read_file(write(tmp_path, TABLE), Selection())
    assert made.names == ("q", "p")
    assert made.units == ("m", "kg m/s")
    assert made.arrays[0].tolist() == [[1, 3], [2, 4]]
    assert made.source == "a.parquet (states q, p)"
    assert arrow_units(TABLE) == {"q": "m"}


def test_damage(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"a\.parquet: it cannot be read, the file may be truncat"):
        read_file(path, Selection())


def test_numbers_that_changed_are_noticed_where_there_are_checksums(tmp_path: Path) -> None:
    table = pa.table({"q": np.arange(100.0)})
    path = write(
        tmp_path, table, compression="none", use_dictionary=False, write_page_checksum=True
    )
    content = bytearray(path.read_bytes())
    content[content.index(np.float64(50).tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.parquet: it cannot be read.*(CRC|checksum)"):
        read_file(path, Selection())


def test_many_columns(tmp_path: Path) -> None:
    wide = pa.table({f"c{i}": [1.0] for i in range(10_001)})
    with pytest.raises(DataError, match=r"a\.parquet has 10001 columns, more than the 10000 that"):
        read_file(write(tmp_path, wide), Selection())


def test_repeated_values_count_as_often_as_they_are_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, pa.table({"q": np.zeros(10**6)}))
    assert path.stat().st_size < 10**5
    monkeypatch.setattr(os, "sysconf", {"SC_AVPHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.get)
    with pytest.raises(DataError, match=r"a\.parquet holds 0\.0 GB once unpacked, more than half"):
        read_file(path, Selection())


def test_repeated_texts_are_not_spread_out(tmp_path: Path) -> None:
    """Four gigabytes of text that are 100 kB in the file."""
    texts = pa.array(["a" * 10**6, "b" * 10**6])
    runs = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 2000, pa.int32()), texts)
    path = write(tmp_path, pa.table({"q": np.arange(4000.0), "run": runs}), store_schema=False)
    assert path.stat().st_size < 10**6
    made = read_file(path, Selection())
    assert [len(array) for array in made.arrays] == [2000, 2000]
    assert pa.default_memory_pool().max_memory() < 10**9


def test_lists_are_not_read(tmp_path: Path) -> None:
    """They may hold any number of values that take no room in the file."""
    table = pa.table({"q": [1.0, 2.0], "list": [[0.0] * 10**6, [1.0]], "p": [3, 4]})
    path = write(tmp_path, table)
    with pytest.raises(
        DataError, match=r"^column 'list' holds lists or records; convert it to num"
    ):
        read_file(path, Selection())
    assert read_file(path, Selection(columns=("p", "q"))).arrays[0].tolist() == [[3, 1], [4, 2]]


def test_damaged_metadata_of_a_column(tmp_path: Path) -> None:
    """pyarrow ends the process if it is asked for such metadata."""
    path = write(tmp_path, pa.table({"q": np.arange(30.0)}), compression="none")
    content = path.read_bytes()
    for place in range(len(content) - 400, len(content) - 8):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        with contextlib.suppress(DataError):
            assert read_file(path, Selection()).arrays[0].shape[1:] == (1,)
