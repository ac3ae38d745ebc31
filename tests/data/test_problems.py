"""Several problems in one message."""

from __future__ import annotations

import pytest

from symdisc.data.problems import raise_all
from symdisc.errors import DataError


def test_one_error_for_all() -> None:
    raise_all([])
    with pytest.raises(DataError, match=r"^one$"):
        raise_all(["one"])
    with pytest.raises(DataError, match=r"^the data have 2 problems:\n- one\n- two$"):
        raise_all(["one", "two"])
