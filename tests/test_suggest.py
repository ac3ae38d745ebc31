from __future__ import annotations

import pytest

from symdisc.suggest import did_you_mean


@pytest.mark.parametrize(
    ("given", "known", "expected"),
    [
        ("grup", ["group", "method"], " Did you mean 'group'?"),
        ("two-boddy", ["no-symmetry", "two-body"], " Did you mean 'two-body'?"),
        ("mlpp", iter(["mlp", "identity"]), " Did you mean 'mlp'?"),
        ("zebra", ["group", "method"], ""),
        ("anything", [], ""),
    ],
)
def test_suggests_the_closest_name_or_nothing(given: str, known: list[str], expected: str) -> None:
    assert did_you_mean(given, known) == expected
