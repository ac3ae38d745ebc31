"""Names of columns that carry a unit: ``x [m]`` or ``x (m)``."""

from __future__ import annotations

import re

_WITH_UNIT = re.compile(r"(.*\S)\s+(?:\[([^\[\]]*)\]|\(([^()]*)\))")


def split_unit(label: str) -> tuple[str, str]:
    """Name and unit of a column's label; the unit is ``""`` where there is none.

    The unit stands in brackets at the end, after a space: ``f(x)`` and ``x[0]`` are names.
    """
    match = _WITH_UNIT.fullmatch(label.strip())
    if match is None:
        return label.strip(), ""
    return match[1].strip(), (match[2] or match[3] or "").strip()
