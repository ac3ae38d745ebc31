"""Problems of data: found one after the other, reported together."""

from __future__ import annotations

from collections.abc import Sequence

from symdisc.errors import DataError


def raise_all(problems: Sequence[str]) -> None:
    """Raise one error that lists every problem; do nothing without any.

    Raises:
        DataError: There is at least one problem.
    """
    if len(problems) == 1:
        raise DataError(problems[0])
    if problems:
        lines = "\n".join(f"- {problem}" for problem in problems)
        raise DataError(f"the data have {len(problems)} problems:\n{lines}")
