"""Names of columns: some carry a unit, ``x [m]`` or ``x (m)``, some are none."""

from __future__ import annotations

import re

_WITH_UNIT = re.compile(r"(.*\S)\s+(?:\[([^\[\]]*)\]|\(([^()]*)\))")

_INDEX = re.compile(r"(?:Unnamed: \d+|__index_level_\d+__)?")


def is_index(label: str) -> bool:
    """Whether a label is empty, or what pandas writes for the numbers of rows: no coordinate."""
    return _INDEX.fullmatch(label.strip()) is not None


def split_unit(label: str) -> tuple[str, str]:
    """Name and unit of a column's label; the unit is ``""`` where there is none.

    The unit stands in brackets at the end, after a space: ``f(x)`` and ``x[0]`` are names.
    """
    match = _WITH_UNIT.fullmatch(label.strip())
    if match is None:
        return label.strip(), ""
    return match[1].strip(), (match[2] or match[3] or "").strip()
