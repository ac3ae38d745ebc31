"""The later stages of the generator gradient: add the parts in a fixed order."""

# ruff: noqa: ANN001, ANN201
# mypy: ignore-errors

import triton
import triton.language as tl


@triton.jit(do_not_specialize=("parts", "entries", "tiles", "groups", "size"))
def sum_parts(
    part_ptr, sum_ptr, parts, entries, tiles, groups, size, rows: tl.constexpr,
    columns: tl.constexpr,
):  # fmt: skip
    """Sum (member, parts, entries) over groups of ``size`` parts: (member, groups, entries).

    No atomics, so every run gives the same.
    """
    place = tl.program_id(0) // tiles
    member = (place // groups).to(tl.int64)
    begin = (place % groups) * size
    end = tl.minimum(begin + size, parts)
    column = (tl.program_id(0) % tiles) * columns + tl.arange(0, columns)
    row = tl.arange(0, rows)
    start = part_ptr + member * parts * entries
    total = tl.zeros((rows, columns), part_ptr.dtype.element_ty)
    for first in range(begin, end, rows):
        here = (first + row).to(tl.int64)
        total += tl.load(
            start + here[:, None] * entries + column[None, :],
            mask=(here < end)[:, None] & (column < entries)[None, :],
            other=0.0,
        )
    result = tl.sum(total, axis=0).to(sum_ptr.dtype.element_ty)
    tl.store(sum_ptr + place.to(tl.int64) * entries + column, result, mask=column < entries)
