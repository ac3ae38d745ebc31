from __future__ import annotations

import pytest

from symdisc.algebra.tolerances import percent


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1e-6, "0.01 %"),
        (0.0123, "1.2 %"),
        (0.18, "18 %"),
        (0.994, "99 %"),
        (0.996, "100 %"),
        (1.37, "137 %"),
    ],
)
def test_shares_are_written_in_percent(share: float, text: str) -> None:
    assert percent(share) == text
