from __future__ import annotations

import math

import pytest

from symdisc.errors import DataError
from symdisc_basics.datasets.extras import needed


def test_a_module_that_is_there() -> None:
    assert needed("math", "digits-rotated") is math


def test_a_module_that_is_not_there() -> None:
    message = (
        r"^the data set digits-rotated needs the module sklurn, which cannot be imported "
        r"\(No module named 'sklurn'\); install it with pip install 'symdisc\[datasets\]'$"
    )
    with pytest.raises(DataError, match=message):
        needed("sklurn", "digits-rotated")
