from __future__ import annotations

import pytest

from symdisc_vector_field.chunks import MOST_NUMBERS, chunks


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (10, 3), (10, MOST_NUMBERS * 2), (7, 0)])
def test_every_row_comes_once(rows: int, columns: int) -> None:
    found = [row for part in chunks(rows, columns) for row in range(rows)[part]]
    assert found == list(range(rows))
    sizes = [part.stop - part.start for part in chunks(rows, columns)]
    assert all(size * columns <= max(MOST_NUMBERS, columns) for size in sizes)
